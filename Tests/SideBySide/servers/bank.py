"""The tools of a bank; a person has to agree to some of them."""

import logging

from mcp.server import MCPServer

logging.disable(logging.CRITICAL)
server = MCPServer("bank")


@server.tool()
def balance(account: str) -> str:
    """Tells what is on an account."""
    return f"{account}: 100 euro"


@server.tool()
def transfer(to: str, amount: int) -> str:
    """Sends money."""
    return f"sent {amount} euro to {to}"


@server.tool()
def close(account: str) -> str:
    """Closes an account."""
    return f"closed {account}"


server.run()
