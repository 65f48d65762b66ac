"""An MCP server made with the official package: over standard input and output, or over HTTP when a port is given."""

import os
import sys

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

server = MCPServer("weather")


@server.tool()
def forecast(city: str) -> str:
    """Tells the weather of a city."""
    if city == "Atlantis":
        raise ToolError("No such city.")
    return f"Rain in {city}."


@server.tool()
def environment() -> list[str]:
    """Names the variables that the server got."""
    return sorted(os.environ)


@server.tool()
def process() -> int:
    """Tells the server's process."""
    return os.getpid()


@server.tool()
def leave() -> str:
    """Ends the server in the middle of the call."""
    os._exit(1)


@server.tool()
async def wait() -> str:
    """Answers never."""
    import anyio

    await anyio.sleep_forever()


@server.prompt()
def plan(city: str) -> str:
    """Plans a day out."""
    return f"Plan a day in {city}."


@server.resource("weather://cities")
def cities() -> str:
    """Names the cities."""
    return "Rome, Oslo"


@server.resource("weather://cities/{city}")
def country(city: str) -> str:
    """Tells the country of a city."""
    return "Italy" if city == "Rome" else "Norway"


print("the server starts", file=sys.stderr)
if len(sys.argv) > 1:
    server.run("streamable-http", port=int(sys.argv[1]))
else:
    server.run()
