"""The scenario that every sweep plays, and the person and todos that it begins with."""

import base64
import hmac
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from client import Client, GivenUp, Reading
from gateway import ENVIRONMENT, Gateway
from model_server import ModelServer, Play
from oracle import ADDED, DELETED, KEPT, Scene, Verdict, judge

MESSAGE = f"Sweep add=third complete={KEPT} delete={DELETED}"
PERSON = {"email": "ada@example.com", "password": "correct horse battery", "name": "Ada"}


class Stage:
    """What all scenarios on one kind of database share: the program, the model server, and a database to copy."""

    def __init__(self, agent: Path, folder: Path, models: ModelServer, place):
        self.agent, self.folder, self.models, self.place = agent, folder, models, place
        gateway = Gateway(agent, folder / f"first-{place.kind}", place.address, models.play("first", Play()))
        if not gateway.ready():
            raise SystemExit(f"The gateway does not start: {gateway.log.read_text()[-1000:]}")
        client = Client([gateway.url], {})
        client.silence = 10
        status, _ = client.insist("POST", "/api/auth/register", PERSON)
        assert status == 201, status
        for title in ("first", "second"):
            status, _ = client.insist("POST", "/api/todos", {"title": title}, {"Idempotency-Key": title})
            assert status == 201, status
        gateway.end()
        place.audit()
        self._cookies = client.cookies

    @property
    def cookies(self) -> dict[str, str]:
        """The person's, with an access token of this moment: a long sweep outlasts the first, and a failing disk stores no renewal."""
        header, payload, _ = self._cookies["agent"].split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        now = int(time.time())
        claims |= {"iat": now, "nbf": now, "exp": now + claims["exp"] - claims["iat"]}
        signed = f"{header}.{_base64url(json.dumps(claims, separators=(',', ':')).encode())}"
        signature = hmac.digest(ENVIRONMENT["AGENT_SECRET"].encode(), signed.encode(), "sha256")
        return self._cookies | {"agent": f"{signed}.{_base64url(signature)}"}

    def gateway(self, folder: str, address: str, model: str, before: list | None = None, port: int = 0) -> Gateway:
        return Gateway(self.agent, self.folder / folder, address, model, port, before=before)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Result:
    name: str
    verdict: Verdict
    reached: bool = True
    """Whether what was to happen has happened."""
    back_after: list[float] = field(default_factory=list)
    """Seconds from the death of a process to the next sign of its run."""
    extra_requests: int = 0
    crashes: int = 0
    seconds: float = 0

    @property
    def is_good(self) -> bool:
        return self.reached and not self.verdict.violations


class Scenario:
    """One play of the scenario. What is done to the processes is the sweep's."""

    def __init__(self, stage: Stage, name: str, pause: float = 0.004, limit: float = 60):
        self.stage, self.name = stage, name
        self.folder = stage.folder / name.replace("/", "-").replace("*", "every")
        self.place = stage.place.copy(self.folder.name)
        self.play = Play(pause=pause)
        self.model = stage.models.play(self.folder.name, self.play)
        self.client = Client([], dict(stage.cookies), limit)
        self.reading = Reading(self.client)
        self.gateways: list[Gateway] = []
        self.restarts = 0
        self.allowed_ends = {"done"}
        self.deleted = False
        self.began = time.monotonic()

    def start(self, environment: dict | None = None, before: list | None = None, port: int = 0) -> Gateway:
        gateway = Gateway(self.stage.agent, self.folder, self.place.address, self.model, port, environment, before)
        self.gateways.append(gateway)
        return gateway

    def serve(self, gateway: Gateway) -> bool:
        """Waits until it listens and sends the person there; false when it has ended before."""
        is_ready = gateway.ready()
        if gateway.url not in self.client.urls:
            self.client.urls.insert(0, gateway.url)
        return is_ready

    def chat(self):
        """The person's part: one message, followed to its end; what failed for a passing reason is gone on with."""
        self.reading.send(MESSAGE, "sweep")
        for _ in range(3):
            end = self.reading.events[-1] if self.reading.ended else None
            if end is None or end.type != "error" or not end.data.get("retry") or "done" not in self.allowed_ends:
                return
            self.restarts += 1
            if self.reading.retry() != 200:
                return

    def finish(self, reached: bool = True) -> Result:
        """Judges what is left, and clears it away when nothing is wrong."""
        scene = Scene(
            self.place, self.client, self.reading, self.play, MESSAGE, self.restarts, self.allowed_ends, self.deleted)
        asked = self.play.requests
        try:
            verdict = judge(scene)
        except GivenUp as stuck:
            verdict = Verdict([("stuck", f"nothing more came of: {stuck}")])
        for gateway in self.gateways:
            gateway.kill()
        if not verdict.violations:
            self.place.drop()
        result = Result(self.name, verdict, reached, extra_requests=max(0, asked - 3), crashes=self.restarts)
        result.back_after = self.times_back()
        result.seconds = time.monotonic() - self.began
        return result

    def times_back(self) -> list[float]:
        """From each death to the next event that the person saw, as long as the run was known and went on."""
        times = []
        for gateway in self.gateways[:-1]:
            seen = [event.at for event in self.reading.events if gateway.died_at and event.at > gateway.died_at]
            if seen and self.reading.events[0].at < gateway.died_at:
                times.append(seen[0] - gateway.died_at)
        return times
