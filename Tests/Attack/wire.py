"""A connection that sends any bytes, and reads what is answered to them."""

import select
import socket
import struct
import time
from dataclasses import dataclass

from gateway import ORIGIN

HOST = ORIGIN.removeprefix("http://")


@dataclass
class Answer:
    status: int
    fields: list[tuple[str, str]]
    body: bytes

    def field(self, name: str) -> str | None:
        return next((value for known, value in self.fields if known == name.lower()), None)


class Wire:
    def __init__(self, url: str, source: str = "", receive_buffer: int = 0):
        host, port = url.removeprefix("http://").split(":")
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            self.socket.bind((source, 0))
        self.socket.settimeout(10)
        self.socket.connect((host, int(port)))
        self.received = b""
        """Everything."""
        self._found: list[Answer] = []
        self._rest = b""
        self.closed_at: float | None = None
        self.began = time.monotonic()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_):
        self.socket.close()

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, data: bytes) -> bool:
        """Whether all of it was taken; what the other side does not want any more it refuses."""
        try:
            self.socket.sendall(data)
        except (ConnectionError, TimeoutError):
            return False
        return True

    def send_in_part(self, data: bytes, limit: float, reads: bool = True) -> int:
        """How many bytes were taken before the other side closed, stood still for a second, or the time was over."""
        self.socket.setblocking(False)
        sent, deadline = 0, time.monotonic() + limit
        try:
            while sent < len(data) and time.monotonic() < deadline:
                readable, writable, _ = select.select([self.socket] if reads else [], [self.socket], [], 1)
                if readable and not self._read():
                    break
                if not writable:
                    if not readable:
                        break
                    continue
                sent += self.socket.send(data[sent : sent + 65_536])
        except ConnectionError:
            self.closed_at = self.closed_at or time.monotonic()
        finally:
            self.socket.setblocking(True)
        return sent

    def answers(self, count: int = 1, within: float = 5) -> list[Answer]:
        """What is answered until there are so many answers, the connection is closed, or the time is over."""
        deadline = time.monotonic() + within
        while not self.closed_at and len(self._found) < count and (left := deadline - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                self._read()
        return self._found

    def is_closed(self, within: float = 5) -> bool:
        """Waits for the other side to close; reads what comes meanwhile."""
        deadline = time.monotonic() + within
        while not self.closed_at and (left := deadline - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                self._read()
        return self.closed_at is not None

    def has_been_reset(self, within: float) -> bool:
        """Waits for the other side to give the connection up, without reading a byte."""
        poll = select.poll()
        poll.register(self.socket, select.POLLERR | select.POLLHUP | select.POLLRDHUP)
        found = poll.poll(within * 1_000)
        if found:
            self.closed_at = time.monotonic()
        return bool(found)

    def reset(self):
        """Ends the connection as a peer does that vanishes."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _read(self) -> bool:
        try:
            data = self.socket.recv(1 << 20)
        except (ConnectionError, TimeoutError):
            data = b""
        if not data:
            self.closed_at = time.monotonic()
        self.received += data
        more, self._rest = parsed(self._rest + data)
        self._found += more
        return bool(data)


def request(method: str = "GET", path: str = "/healthz", *fields: str, body: bytes = b"", cookies: dict | None = None, version: str = "HTTP/1.1",
            origin: str = ORIGIN) -> bytes:
    """The bytes of a request; its `Host` and `Origin` are right, and what else it says is `fields`."""
    lines = [f"{method} {path} {version}", f"Host: {origin.partition('://')[2]}", f"Origin: {origin}", *fields]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def parsed(data: bytes) -> tuple[list[Answer], bytes]:
    """The whole answers in it, without those of 1xx, and what is left."""
    answers = []
    while (end := data.find(b"\r\n\r\n")) >= 0:
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        rest = data[end + 4 :]
        fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        answer = Answer(int(first.split(" ")[1]), fields, b"")
        if answer.field("transfer-encoding") == "chunked":
            answer.body, is_whole, rest = unchunked(rest)
            if not is_whole:
                break
        elif answer.status >= 200:
            length = int(answer.field("content-length") or 0)
            if len(rest) < length:
                break
            answer.body, rest = rest[:length], rest[length:]
        data = rest
        if answer.status >= 200:
            answers.append(answer)
    return answers, data


def unchunked(data: bytes) -> tuple[bytes, bool, bytes]:
    """A chunked body, whether it has come to its end, and what follows it."""
    body = b""
    while b"\r\n" in data:
        size, _, rest = data.partition(b"\r\n")
        length = int(size, 16)
        if len(rest) < length + 2:
            break
        body, data = body + rest[:length], rest[length + 2 :]
        if length == 0:
            return body, True, data
    return body, False, data
