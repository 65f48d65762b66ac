"""A gateway is asked to end while many people chat, and some of them have stopped reading. It ends in time, and says truthfully what became of the runs."""

import asyncio
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from client import Reading, Unreachable
from gateway import Gateway
from ground import Ground, Person
from many import PacedModel, Stream, at_rate
from places import SQLitePlace
from wire import Wire, request

STREAMS, STALLED = 200, 50
RUNS = 5
"""Of one person at once."""
LONGEST = 25
"""Seconds in which it has ended, whatever its clients do."""


class Endless(threading.Thread):
    """A model whose answers go on for ever."""

    def __init__(self):
        super().__init__(daemon=True)
        self.model = PacedModel(0.5)
        self.port = 0
        self.start()
        while not self.port:
            time.sleep(0.01)

    def run(self):
        async def serve():
            self.port = await self.model.start()
            await asyncio.Event().wait()

        asyncio.run(serve())


class Asked:
    """A gateway whose people are all amid a chat."""

    def __init__(self, ground: Ground, name: str):
        self.agent, self.folder = ground.agent, ground.folder / name
        self.place = SQLitePlace(self.folder / "database")
        self.base = f"http://127.0.0.1:{Endless().port}/v1"
        self.gateway = self.start()
        with ThreadPoolExecutor(8) as pool:
            self.people = list(pool.map(lambda number: Person(self.gateway.url, f"{name}{number}"), range((STREAMS + STALLED) // RUNS)))
        self.latecomer = Person(self.gateway.url, f"{name}-late")
        self.stalled = [Wire(self.gateway.url, receive_buffer=2_048) for _ in range(STALLED)]
        self.streams = [Stream(self.people[number % len(self.people)].cookies) for number in range(STREAMS)]

    def start(self) -> Gateway:
        gateway = Gateway(self.agent, self.folder, self.place.address, self.base, environment={"AGENT_LIMITS_RUNS_PER_USER": str(RUNS)})
        if not gateway.ready():
            raise AssertionError(f"the gateway does not start: {gateway.log.read_text()[-2000:]}")
        return gateway

    def end(self, signals: list[float]) -> tuple[float, list[str]]:
        """Sends SIGTERM after each of the pauses; the seconds until the process has ended, and what was wrong."""
        for number, wire in enumerate(self.stalled):
            body = b'{"message":"Go on."}'
            cookies = self.people[number % len(self.people)].cookies
            wire.send(request("POST", "/api/chat", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body, cookies=cookies))
        return asyncio.run(self._end(signals))

    async def _end(self, signals: list[float]) -> tuple[float, list[str]]:
        reading = asyncio.ensure_future(at_rate(STREAMS, 100, lambda number: self.streams[number].run("127.0.0.1", self.gateway.port, number)))
        while not all(stream.events > 2 or stream.fault for stream in self.streams):
            await asyncio.sleep(0.05)
        faults = [f"a stream could not begin: {stream.fault}" for stream in self.streams if stream.fault]
        began = time.monotonic()
        for pause in signals:
            await asyncio.sleep(pause)
            self.gateway.process.send_signal(signal.SIGTERM)
        faults += await asyncio.to_thread(self._refusals)
        code = await asyncio.to_thread(self.gateway.process.wait, LONGEST * 2)
        seconds = time.monotonic() - began
        await reading
        return seconds, faults if code == 0 else [*faults, f"it ended with {code}"]

    def _refusals(self) -> list[str]:
        """Who comes now is told so, or finds nobody."""
        faults = []
        for method, path, body in (("GET", "/readyz", None), ("POST", "/api/chat", {"message": "One more."})):
            try:
                status, _ = self.latecomer.call(method, path, body)
                if status != 503:
                    faults.append(f"{method} {path} answers {status} after SIGTERM")
            except Unreachable:
                pass
        return faults

    def close(self):
        for wire in self.stalled:
            wire.socket.close()
        self.gateway.kill()


def test_r114_asked_to_end_it_says_what_became_of_every_run(ground: Ground, person: Person) -> list[str]:
    """Streams get 20 s, then each ends with an error that may be tried again; those who do not read hold nothing up."""
    asked = Asked(ground, "ending")
    try:
        seconds, faults = asked.end([0])
        print(f"    ended after {seconds:.1f} s", flush=True)
        if seconds > LONGEST:
            faults.append(f"it took {seconds:.1f} s to end")
        ends = {stream.last for stream in asked.streams}
        if ends != {b"error"}:
            faults.append(f"the streams ended with {ends}")
        asked.gateway = asked.start()
        states = {(row["state"], row["error_code"]) for row in asked.place.rows("SELECT state, error_code FROM runs")}
        if not states <= {("failed", "interrupted"), ("interrupted", "interrupted"), ("interrupted", None)}:
            faults.append(f"the runs are {states}")
        return faults + goes_on(asked)
    finally:
        asked.close()


def goes_on(asked: Asked) -> list[str]:
    """A person presses *Try again*."""
    person = asked.people[0]
    person.urls = [asked.gateway.url]
    reading = Reading(person)
    reading.conversation = person.expect(200, "GET", "/api/conversations?limit=1")["data"][0]["id"]
    connection, answer = person.request("POST", f"/api/conversations/{reading.conversation}/retry", {}, timeout=10)
    try:
        first = answer.readline()
    finally:
        connection.close()
    return [] if answer.status == 200 and first else [f"an interrupted run that is tried again is answered {answer.status}"]


def test_r114_asked_twice_it_ends_at_once(ground: Ground, person: Person) -> list[str]:
    asked = Asked(ground, "ending-twice")
    try:
        seconds, faults = asked.end([0, 1])
        print(f"    ended after {seconds:.1f} s", flush=True)
        return faults if seconds < 10 else [*faults, f"it took {seconds:.1f} s to end"]
    finally:
        asked.close()
