"""The tools of a shop: answers that are texts, numbers, lists, pictures, failures."""

import asyncio
import logging

from mcp.server import MCPServer
from mcp.server.mcpserver import Image
from mcp.server.mcpserver.exceptions import ToolError

logging.disable(logging.CRITICAL)
server = MCPServer("shop")


@server.tool()
def price(item: str) -> str:
    """Tells what something costs."""
    if item == "unicorn":
        raise ToolError("We do not sell unicorns.")
    return f"{item}: {len(item)} euro"


@server.tool()
def order(item: str, count: int = 1) -> str:
    """Orders something."""
    if count < 0:
        raise ValueError("less than nothing")
    return f"ordered {count} {item}"


@server.tool()
async def search(words: str) -> str:
    """Looks for things; many words take longer."""
    await asyncio.sleep(0.05 * len(words.split()))
    return f"found: {words}"


@server.tool()
def hours() -> list[str]:
    """Tells when the shop is open."""
    return ["Monday 9-17", "Tuesday 9-12"]


@server.tool()
def stock() -> dict[str, int]:
    """Tells how many of each there are."""
    return {"apples": 3, "pears": 0}


@server.tool()
def picture(item: str) -> Image:
    """Shows something."""
    return Image(data=b"\x89PNG\r\n\x1a\n" + item.encode(), format="png")


@server.tool()
def leaflet(item: str) -> list:
    """Tells of something and shows it."""
    return [f"This is {item}:", picture(item)]


@server.tool()
def catalogue(pages: int) -> str:
    """Reads the catalogue, a thousand letters a page."""
    return "".join(chr(ord("a") + number % 26) * 1000 for number in range(pages))


@server.tool()
def nothing() -> str:
    """Answers with an empty text."""
    return ""


server.run()
