"""What an attack is made on: one gateway on a database of its own, a scripted model, and a bystander whose chat must not suffer."""

import ssl
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from client import Client, Event, Reading, Unreachable
from gateway import Gateway
from model_server import ModelServer, Play
from places import PostgresPlace, SQLitePlace

PASSWORD = "seven quiet lanterns"
STORY = "Tell me a long story."
SILENCE = 10
"""Seconds after which a bystander is sure that nothing comes any more; less than the 15 between two heartbeats."""


class Person(Client):
    """Someone with an account, signed in."""

    def __init__(self, url: str, name: str, origin: str = "", trust: ssl.SSLContext | None = None):
        super().__init__([url], {}, limit=3_600, origin=origin, trust=trust)
        self.silence = 20
        self.name = name
        self.email = f"{name}@example.com"
        self.expect(201, "POST", "/api/auth/register", {"email": self.email, "password": PASSWORD, "name": name.capitalize()})

    def expect(self, status: int, method: str, path: str, body: dict | None = None, headers: dict | None = None) -> dict:
        got, answer = self.call(method, path, body, headers)
        if got != status:
            raise AssertionError(f"{method} {path} answers {got}, not {status}: {answer}")
        return answer

    def chat(self, message: str, conversation: str | None = None) -> Reading:
        """A message, and everything that comes of it."""
        reading = Reading(self)
        entry = reading.send(message, f"{self.name}-{time.monotonic_ns()}", conversation)
        if entry.outcome != "ok" or reading.events[-1].type not in ("done", "approval"):
            raise AssertionError(f"the chat of {self.name} ended with {entry} {[event.type for event in reading.events[-1:]]}")
        return reading


@dataclass
class Address:
    """Where a gateway is that people know by its own port, and not as `ORIGIN`."""

    port: int
    trust: ClassVar[ssl.SSLContext | None] = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        """What people know it as."""
        return self.url

    @property
    def environment(self) -> dict:
        return {"AGENT_PUBLIC_URL": self.origin}


@dataclass
class Proxied(Address):
    """One that can be reached from other machines too, as if from a proxy that ends TLS."""

    origin: ClassVar[str] = "https://agent.example"

    @property
    def environment(self) -> dict:
        return super().environment | {"AGENT_HOST": "0.0.0.0", "AGENT_TRUSTED_PROXIES": "192.0.2.1", "AGENT_RATE_LIMITS": "default"}


@dataclass
class Secured(Address):
    """A gateway that ends TLS itself."""

    certificate: Path
    key: Path
    authority: Path
    """Who has signed the certificate."""

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict:
        return super().environment | {"AGENT_TLS_CERTIFICATE": str(self.certificate), "AGENT_TLS_KEY": str(self.key)}

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority)


class SlowStories(Play):
    """Answers at once; but a story takes some seconds."""

    def pause_after(self, message: str) -> float:
        return 0.2 if message == STORY else self.pause


class Bystander(threading.Thread):
    """Another person, who chats all the time. Each stream must come to its end, and never stand still."""

    def __init__(self, ground: "Ground"):
        super().__init__(daemon=True)
        self.person = ground.person()
        self.person.silence = SILENCE
        self.heard = 0
        self.faults: list[str] = []
        self._over = threading.Event()
        self.start()

    def run(self):
        while not self._over.is_set():
            reading = Reading(self.person)
            reading.on_event = self._hear
            try:
                entry = reading.send(STORY, f"bystander-{time.monotonic_ns()}")
            except Exception as error:  # noqa: BLE001: whatever it is, the stream did not come
                self.faults.append(f"the bystander's stream: {type(error).__name__}: {error}")
                return
            if self._over.is_set():
                return
            if entry.outcome != "ok" or reading.events[-1].type != "done" or reading.cuts:
                last = reading.events[-1].type if reading.events else reading.refusals[-1:]
                self.faults.append(f"the bystander's stream was cut {reading.cuts} times and ended with {last}")
                return

    def _hear(self, event: Event):
        self.heard += 1

    def hears(self, within: float = SILENCE) -> bool:
        """Waits for the next event of the stream."""
        before, deadline = self.heard, time.monotonic() + within
        while self.heard == before and not self.faults and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.heard > before and not self.faults

    def end(self):
        self._over.set()


class Ground:
    """Where attacks are made."""

    def __init__(self, agent: Path, folder: Path, place, environment: dict | None = None, before: list | None = None, address: Address | None = None):
        self.agent, self.place, self.address = agent, place, address
        self._people = 0
        self.models = ModelServer()
        self.folder = folder / f"ground-{place.kind}"
        base = self.models.play("attack", SlowStories(pause=0))
        port = address.port if address else 0
        self.gateway = Gateway(agent, self.folder, place.address, base, port, (address.environment if address else {}) | (environment or {}), before)
        if not self.gateway.ready():
            raise SystemExit(f"the gateway does not start: {self.gateway.log.read_text()[-2000:]}")
        self.pid = self.gateway.process.pid
        self.bystander = Bystander(self)
        if not self.bystander.hears():
            raise SystemExit(f"the bystander hears nothing: {self.bystander.faults}")

    def beside(self, name: str, environment: dict | None = None, before: list | None = None, address: Address | None = None,
               place: SQLitePlace | PostgresPlace | None = None) -> "Ground":
        """Another one, with a gateway of its own that is started otherwise, or on another database."""
        return Ground(self.agent, self.folder / name, place or SQLitePlace(self.folder / name / "database"), environment, before, address)

    @property
    def url(self) -> str:
        return self.address.url if self.address else self.gateway.url

    def person(self, name: str = "") -> Person:
        """Somebody new."""
        self._people += 1
        trust = self.address.trust if self.address else None
        return Person(self.url, name or f"person{self._people}", self.address.origin if self.address else "", trust)

    def is_alive(self) -> list[str]:
        """What is wrong after an attack: the same process must answer, and the bystander's stream go on."""
        if not self.gateway.is_alive:
            return [f"the process is gone: {self.gateway.log.read_text()[-1000:]}"]
        try:
            client = Client([self.url], {}, origin=self.bystander.person.origin, trust=self.bystander.person.trust)
            client.silence = 5
            status, _ = client.call("GET", "/healthz")
        except Unreachable as error:
            return [f"/healthz: {error}"]
        faults = [] if status == 200 else [f"/healthz answers {status}"]
        if not self.bystander.hears():
            faults.append(f"the bystander hears nothing {self.bystander.faults}")
            self.bystander.end()
            self.bystander = Bystander(self)
        return faults

    def resident(self) -> int:
        return resident(self.pid)

    def end(self):
        self.bystander.end()
        self.gateway.kill()
        self.models.shutdown()


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1_024
    raise AssertionError("no VmRSS")
