"""The tools of a post office; `price` is also the name of a tool of the shop."""

from mcp.server import MCPServer

server = MCPServer("post")


@server.tool()
def price(weight: int) -> str:
    """Tells what a parcel costs."""
    return f"{weight} kg: {weight * 3} euro"


server.run()
