"""The tools of a post office; `price` is also the name of a tool of the shop."""

import logging

from mcp.server import MCPServer

logging.disable(logging.CRITICAL)
server = MCPServer("post")


@server.tool()
def price(weight: int) -> str:
    """Tells what a parcel costs."""
    return f"{weight} kg: {weight * 3} euro"


server.run()
