"""A person's browser: it keeps a ledger of what it was told, sends what got no answer again, and reads streams to their end over any number of cuts."""

import http.client
import json
import ssl
import time
from dataclasses import dataclass, field

from gateway import ORIGIN

DECIDED = {"start", "tool_call", "tool_result", "agent", "approval", "restart", "done", "stopped", "error"}
TERMINAL = {"done", "stopped", "error"}


@dataclass
class Entry:
    """One write that the person asked for."""

    what: str
    outcome: str = "unknown"
    """`ok`, `fail`, or `unknown` when the answer was lost."""
    told: dict = field(default_factory=dict)


@dataclass
class Event:
    id: int
    type: str
    data: dict
    at: float


class Unreachable(Exception):
    """No server answers, or the answer broke off."""


class GivenUp(Exception):
    """The limit of the scenario is over."""


class Client:
    def __init__(self, urls: list[str], cookies: dict[str, str], limit: float = 60, origin: str = "", trust: ssl.SSLContext | None = None):
        self.urls = urls
        """Of all servers, the one that is tried next in front."""
        self.cookies = cookies
        self.origin = origin or ORIGIN
        """What people know all servers as."""
        self.trust = trust
        """For https."""
        self.ledger: list[Entry] = []
        self.deadline = time.monotonic() + limit
        self.silence = 2.0
        """Seconds without a byte after which a stream is taken up elsewhere."""

    def request(self, method: str, path: str, body: dict | None = None, headers: dict | None = None, timeout: float | None = None):
        """The connection and its answer, with a fresh access token when the one there is has run out. Throws `Unreachable`."""
        connection, answer = self._request(method, path, body, headers, timeout)
        if answer.status != 401 or "agent-refresh" not in self.cookies:
            return connection, answer
        refreshing, refreshed = self._request("POST", "/api/auth/refresh", None, None, timeout)
        refreshing.close()
        if refreshed.status != 204:
            return connection, answer
        connection.close()
        return self._request(method, path, body, headers, timeout)

    def _request(self, method: str, path: str, body: dict | None, headers: dict | None, timeout: float | None):
        scheme, _, host = self.urls[0].partition("://")
        if scheme == "https":
            connection = http.client.HTTPSConnection(host, timeout=timeout or self.silence, context=self.trust)
        else:
            connection = http.client.HTTPConnection(host, timeout=timeout or self.silence)
        fields = {"Host": self.origin.partition("://")[2], "Origin": self.origin, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | (headers or {})
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            fields["Content-Type"] = "application/json"
        try:
            connection.request(method, path, data, fields)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Unreachable(str(error)) from error
        for field_value in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = field_value.split(";")[0].partition("=")
            self.cookies[name] = value
        return connection, answer

    def call(self, method: str, path: str, body: dict | None = None, headers: dict | None = None) -> tuple[int, dict]:
        """One request with its whole answer. Throws `Unreachable`."""
        connection, answer = self.request(method, path, body, headers)
        try:
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error)) from error
        finally:
            connection.close()
        return answer.status, json.loads(data) if data else {}

    def insist(self, method: str, path: str, body: dict | None = None, headers: dict | None = None) -> tuple[int, dict]:
        """Asks until a server answers with something else than 5xx."""
        while True:
            self.check_time(f"{method} {path}")
            try:
                status, answer = self.call(method, path, body, headers)
                if status < 500:
                    return status, answer
            except Unreachable:
                pass
            self.next_server()

    def write(self, what: str, method: str, path: str, body: dict | None = None, headers: dict | None = None) -> Entry:
        """Asks once, and notes in the ledger what came of it."""
        entry = Entry(what)
        self.ledger.append(entry)
        try:
            status, entry.told = self.call(method, path, body, headers)
            entry.outcome = "ok" if 200 <= status < 300 else "fail" if status < 500 else "unknown"
        except Unreachable:
            self.next_server()
        return entry

    def next_server(self):
        self.urls.append(self.urls.pop(0))
        time.sleep(0.02)

    def check_time(self, what: str):
        if time.monotonic() > self.deadline:
            raise GivenUp(what)


class Reading:
    """A run as the person sees it: one stream, however often it was cut."""

    def __init__(self, client: Client):
        self.client = client
        self.events: list[Event] = []
        self.run: str | None = None
        self.conversation: str | None = None
        self.cuts = 0
        self.refusals: list[tuple[int, dict]] = []
        self.on_event = None
        self.faults: list[str] = []

    @property
    def last_id(self) -> int:
        return self.events[-1].id if self.events else 0

    @property
    def ended(self) -> bool:
        return bool(self.events) and self.events[-1].type in TERMINAL

    def send(self, message: str, key: str, conversation: str | None = None) -> Entry:
        """Sends a message until it is taken, then follows its run to the end. The ledger says what became of it."""
        entry = Entry(f"message {key}")
        self.client.ledger.append(entry)
        body = {"message": message, "time_zone": "UTC"} | ({"conversation_id": conversation} if conversation else {})
        while not self.run:
            self.client.check_time(f"message {key}")
            try:
                status = self._read("POST", "/api/chat", body, {"Idempotency-Key": key})
                if status == 200 and self.run:
                    entry.outcome = "ok"
                elif status != 200 and status < 500 and status not in (409, 429):
                    entry.outcome = "fail"
                    return entry
            except Unreachable:
                if self.run:
                    entry.outcome = "ok"
                self.cuts += 1
            if not self.ended:
                self.client.next_server()
        entry.told = {"run": self.run, "conversation": self.conversation}
        self.follow()
        return entry

    def follow(self):
        """Reads the rest of the run, from wherever it is to be had."""
        while not self.ended:
            self.client.check_time(f"run {self.run}, the last event is {self.events[-1].type if self.events else 'none'}")
            try:
                if self._read("GET", f"/api/runs/{self.run}/events", None, {"Last-Event-ID": str(self.last_id)}) == 404:
                    return
            except Unreachable:
                pass
            self.cuts += 1
            if not self.ended:
                self.client.next_server()

    def retry(self) -> int:
        """Goes on with a run that ended with an error which may pass; the status when that was refused."""
        before = len(self.events)
        while len(self.events) == before:
            self.client.check_time("retry")
            try:
                status = self._read("POST", f"/api/conversations/{self.conversation}/retry", {}, {})
                if status != 200 and status < 500:
                    return status
            except Unreachable:
                self.client.next_server()
                self.follow_again()
        self.follow()
        return 200

    def follow_again(self):
        """Whether somebody has gone on with the run after its end."""
        try:
            self._read("GET", f"/api/runs/{self.run}/events", None, {"Last-Event-ID": str(self.last_id)})
        except Unreachable:
            pass

    def _read(self, method: str, path: str, body: dict | None, headers: dict) -> int:
        """Reads a stream until it ends or breaks off, which is `Unreachable`."""
        connection, answer = self.client.request(method, path, body, headers)
        try:
            if answer.status != 200:
                self.refusals.append((answer.status, json.loads(answer.read() or b"{}")))
                return answer.status
            self._take(answer, method == "GET")
            return 200
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(str(error)) from error
        finally:
            connection.close()

    def _take(self, answer, goes_on: bool):
        event: dict[str, str] = {}
        while line := answer.readline():
            self.client.check_time(f"run {self.run}")
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if line == b"\n" and "data" in event:
                self._receive(Event(int(event["id"]), event["event"], json.loads(event["data"]), time.monotonic()), goes_on)
                event = {}
            elif name in ("id", "event", "data"):
                event[name] = value

    def _receive(self, event: Event, goes_on: bool):
        if event.id <= self.last_id:
            # The answer to a repeated message or to a retry begins with what is known; a stream that goes on does not.
            if goes_on:
                self.faults.append(f"event {event.id} came again, behind {self.last_id}")
            return
        self.events.append(event)
        if event.type == "start":
            self.run, self.conversation = event.data["run_id"], event.data["conversation_id"]
        if self.on_event:
            self.on_event(event)


def folded(events: list[Event]) -> list[str]:
    """The texts that a page would show at the end, one a turn: what a restart voids is gone."""
    texts, text = [], ""
    for event in events:
        if event.type == "delta":
            text += event.data["delta"]
        elif event.type == "restart":
            text = ""
        elif event.type in {"tool_call", "tool_result", "agent", "done", "stopped", "error"}:
            if text and event.type != "error":
                texts.append(text)
                text = ""
    return texts
