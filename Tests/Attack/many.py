"""A model server and clients for many streams at once, on one event loop each."""

import asyncio
import json
import multiprocessing
import time
from dataclasses import dataclass, field

from wire import request

CONTENT_LENGTH = b"content-length:"


class PacedModel:
    """Answers Chat Completions with a piece at every beat until `end`, for any number of requests at once."""

    def __init__(self, pace: float):
        self.pace = pace
        self.active = 0
        self._end = multiprocessing.Value("d", float("inf"))

    @property
    def end(self) -> float:
        """When the answers end, on the monotonic clock: of all processes, since the model may be served in another."""
        return self._end.value

    @end.setter
    def end(self, time: float):
        self._end.value = time

    async def start(self) -> int:
        """The port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=4_096)
        return server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.active += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(CONTENT_LENGTH)[1].split(b"\r\n")[0]))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            while time.monotonic() < self.end:
                writer.write(PIECE)
                await writer.drain()
                await asyncio.sleep(self.pace)
            writer.write(LAST)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.active -= 1
            writer.close()


def chunk(choices: list, usage: dict | None = None) -> bytes:
    frame = {"id": "chat", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "paced", "choices": choices, "usage": usage}
    return b"data: " + json.dumps(frame).encode() + b"\n\n"


PIECE = chunk([{"index": 0, "delta": {"content": "and then "}, "finish_reason": None}])
LAST = (
    chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}])
    + chunk([], {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150})
    + b"data: [DONE]\n\n"
)


class IdleConnection(asyncio.Protocol):
    """Asks once, and then keeps its connection."""

    def __init__(self):
        self.is_served = self.is_lost = False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(request())

    def data_received(self, data: bytes):
        self.is_served = self.is_served or data.startswith(b"HTTP/1.1 200")

    def connection_lost(self, error):
        self.is_lost = True


@dataclass
class Stream:
    """One chat, read as it comes."""

    cookies: dict
    events: int = 0
    last: bytes = b""
    fault: str = ""
    first_after: float = 0
    began: float = field(default_factory=time.monotonic)

    async def run(self, host: str, port: int, number: int):
        self.began = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection(host, port, local_addr=(source(number), 0))
            body = b'{"message":"Go on."}'
            writer.write(request("POST", "/api/chat", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body, cookies=self.cookies))
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                self.fault = head.split(b"\r\n")[0].decode()
            while not self.fault and (line := await reader.readline()):
                if line.startswith(b"event: "):
                    self.events += 1
                    self.first_after = self.first_after or time.monotonic() - self.began
                    self.last = line[7:].strip()
                    if self.last in (b"done", b"error", b"stopped"):
                        break
            writer.close()
        except (OSError, asyncio.IncompleteReadError) as error:
            self.fault = f"{type(error).__name__}: {error}"
        if not self.fault and self.last != b"done":
            self.fault = f"it ended with {self.last.decode() or 'nothing'}"


def source(number: int) -> str:
    """An address of this machine, so that no pair of addresses runs out of ports."""
    return f"127.0.0.{2 + number % 8}"


async def at_rate(count: int, per_second: float, start) -> list:
    """What `start` gives for each number, begun on a clock, so that a slow answer delays none of those behind it."""
    began, tasks = time.monotonic(), []
    for number in range(count):
        await asyncio.sleep(max(0, began + number / per_second - time.monotonic()))
        tasks.append(asyncio.ensure_future(start(number)))
    return await asyncio.gather(*tasks)
