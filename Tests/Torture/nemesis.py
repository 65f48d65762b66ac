"""Many people chat over several gateways, and something goes on happening: to their PostgreSQL server, or to the gateways, one of which is
restarted every 30 s (R-116). Of the server backends are killed, it crashes and starts again, it is halted, and connections are ended amid their
commit (R-098)."""

import os
import random
import signal
import threading
import time

from client import Client, GivenUp, Reading, Unreachable, folded
from gateway import Gateway
from model_server import Play, text_of
from oracle import Verdict, judge_calls
from scenario import Result, Stage

OUTAGE = 2.0
"""Seconds at most that a crashed server is down."""

HALT = 10.0
"""Seconds for which the server is halted."""

PATIENCE = 120
"""Seconds that a message may take, over everything that is done."""

RETRIES = 8

SLOW_COMMITS = ("commit_delay=20000", "commit_siblings=0")
"""Microseconds that each commit takes, so that it can be struck."""

END_COMMIT = """
CREATE OR REPLACE FUNCTION strike() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE struck bigint;
BEGIN
    FOR look IN 1..2000 LOOP
        PERFORM pg_stat_clear_snapshot();
        SELECT count(pg_terminate_backend(pid)) INTO struck FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%COMMIT%' AND pid <> pg_backend_pid();
        IF struck > 0 THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END $$
"""


class Person(threading.Thread):
    """Somebody who sends one message after another until it is enough."""

    def __init__(self, number: int, urls: list[str], enough: threading.Event):
        super().__init__(daemon=True)
        self.client = Client(random.sample(urls, len(urls)), {}, PATIENCE)
        self.client.silence = 15
        self.number = number
        self.enough = enough
        self.readings: list[Reading] = []
        self.verdict = Verdict()

    def run(self):
        try:
            self._register()
            while not self.enough.is_set() or not self.readings:
                self._chat()
        except GivenUp as stuck:
            self.verdict.say("stuck", f"person {self.number}: nothing more came of: {stuck}")
        except Exception as error:
            self.verdict.say("other", f"person {self.number}: {error!r}")

    def _register(self):
        person = {"email": f"nemesis{self.number}@example.com", "password": "correct horse battery", "name": "Ada"}
        status, answer = self.client.insist("POST", "/api/auth/register", person)
        if status == 409:
            # The answer to the first try was lost.
            status, answer = self.client.insist("POST", "/api/auth/login", {name: person[name] for name in ("email", "password")})
        self.verdict.expect(status in (200, 201), "other", f"person {self.number} cannot sign in: {status} {answer}")
        for title in ("kept", "first"):
            status, answer = self.client.insist("POST", "/api/todos", {"title": title}, {"Idempotency-Key": title})
            self.verdict.expect(status == 201, "lost", f"a todo of person {self.number} was answered {status} {answer}")

    def _chat(self):
        """Each message adds a todo, and completes and deletes the one before, so that a lost or doubled effect shows in all that follow."""
        place = len(self.readings) + 3
        self.client.deadline = time.monotonic() + PATIENCE
        reading = Reading(self.client)
        self.readings.append(reading)
        reading.send(f"Sweep add=todo{place} complete={place - 1} delete={place - 1}", f"message{place}")
        for _ in range(RETRIES):
            if not reading.ended or reading.events[-1].type != "error" or not reading.events[-1].data.get("retry"):
                return
            reading.retry()

    def judge(self, answers: dict[str, int]):
        """`answers` has the turn of each text that the model can have said."""
        for reading in self.readings:
            for fault in reading.faults:
                self.verdict.say("stream", fault)
            for status, answer in reading.refusals:
                self.verdict.expect(status in (409, 429, 503), "other", f"a request was answered {status} {answer}")
            end = reading.events[-1] if reading.ended else None
            if end is None or end.type != "done":
                self.verdict.say("stuck", f"run {reading.run} of person {self.number} ended with {end and (end.type, end.data)}")
                continue
            texts = folded(reading.events)
            turns = [answers.get(text) for text in texts]
            self.verdict.expect(turns == [1, 2, 3], "stream", f"the texts of run {reading.run} are {[text[:20] for text in texts]}")
        self.client.deadline = time.monotonic() + 30
        status, todos = self.client.insist("GET", "/api/todos")
        found = {todo["id"]: todo["completed"] for todo in todos.get("data", [])}
        expected = {1: False, len(self.readings) + 2: False}
        self.verdict.expect(found == expected, "lost", f"person {self.number} has the todos {found} and should have {expected}")


class Striker(threading.Thread):
    """Does one thing after another, until it is enough."""

    rest: tuple[float, float]
    """Seconds between two strikes, at least and at most."""
    sparing_gateways: bool

    def __init__(self, scenario: "NemesisScenario", enough: threading.Event):
        super().__init__(daemon=True)
        self.scenario, self.enough = scenario, enough
        self.generator = scenario.generator
        self.kinds = []
        self.strikes: dict[str, int] = {}
        self.fault: str | None = None

    def run(self):
        strike = self.generator.randrange(len(self.kinds))
        try:
            while not self.enough.wait(self.generator.uniform(*self.rest)):
                kind = self.kinds[strike % len(self.kinds)]
                strike += 1
                if kind():
                    self.strikes[kind.__name__] = self.strikes.get(kind.__name__, 0) + 1
        except Exception as error:
            self.fault = repr(error)


class RollingRestart(Striker):
    """Ends one gateway after the other as an operator does, and starts it again."""

    rest = (30, 30)
    sparing_gateways = False

    def __init__(self, scenario: "NemesisScenario", enough: threading.Event):
        super().__init__(scenario, enough)
        self.kinds = [self.restart]

    def restart(self) -> bool:
        gateways = self.scenario.gateways
        old = gateways.pop(0)
        old.process.send_signal(signal.SIGTERM)
        if (code := old.process.wait(25)) != 0:
            raise RuntimeError(f"a gateway that was asked to end ended with {code}")
        new = self.scenario.start(old.port)
        gateways.append(new)
        if not new.ready():
            raise RuntimeError(f"a gateway does not start again: {new.log}")
        return True


class ServerNemesis(Striker):
    """Strikes the PostgreSQL server."""

    rest = (5, 40)
    sparing_gateways = True

    def __init__(self, scenario: "NemesisScenario", enough: threading.Event):
        super().__init__(scenario, enough)
        self.server, self.database = scenario.place.server, scenario.place.name
        self.kinds = [self.kill_backend, self.crash, self.halt, self.end_commit]

    def kill_backend(self) -> bool:
        """The server ends all others too, and recovers."""
        backends = self._backends()
        if backends:
            os.kill(self.generator.choice(backends), signal.SIGKILL)
        return bool(backends)

    def crash(self) -> bool:
        self.server.stop()
        time.sleep(self.generator.uniform(0, OUTAGE))
        self.server.start()
        return True

    def halt(self) -> bool:
        self.server.halt()
        self.enough.wait(HALT)
        self.server.go_on()
        return True

    def end_commit(self) -> bool:
        """Looks for a connection amid its commit; the one who commits cannot know what became of it."""
        self._psql(END_COMMIT)
        return self._psql("SELECT strike()") == "t"

    def _backends(self) -> list[int]:
        return [int(pid) for pid in self._psql(f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.database}'").split()]

    def _psql(self, sql: str) -> str:
        try:
            return self.server.psql("postgres", sql).strip()
        except RuntimeError:
            # It recovers just now.
            time.sleep(0.1)
            return ""


class Liveness(threading.Thread):
    """Whether the gateways answer at once that they are alive, whatever their database does."""

    def __init__(self, urls: list[str], enough: threading.Event):
        super().__init__(daemon=True)
        self.clients = [Client([url], {}, 1e9) for url in urls]
        self.enough = enough
        self.times: list[float] = []
        self.faults: list[str] = []

    def run(self):
        while not self.enough.wait(0.2):
            for client in self.clients:
                began = time.monotonic()
                try:
                    status, _ = client.call("GET", "/healthz")
                    if status != 200:
                        self.faults.append(f"/healthz answers {status}")
                except Unreachable as error:
                    self.faults.append(f"/healthz does not answer: {error}")
                self.times.append(time.monotonic() - began)


class NemesisScenario:
    """Everything at once."""

    GATEWAYS = 3

    def __init__(self, stage: Stage, generator: random.Random, seconds: float, people: int, striker: type[Striker]):
        self.name = f"{striker.__name__} for {seconds:.0f} s with {people} people"
        self.stage, self.seconds, self.people, self.striker = stage, seconds, people, striker
        self.generator = generator
        self.place = stage.place.copy(striker.__name__)
        self.play = Play(pause=0.02)
        self.model = stage.models.play(striker.__name__, self.play)
        self.gateways: list[Gateway] = []
        self.summary = ""

    def start(self, port: int = 0) -> Gateway:
        return self.stage.gateway(f"{self.striker.__name__}-{port}", self.place.address, self.model, port=port)

    def play_out(self) -> Result:
        self.gateways = [self.start() for _ in range(self.GATEWAYS)]
        for gateway in self.gateways:
            gateway.ready()
        urls = [gateway.url for gateway in self.gateways]
        enough, over = threading.Event(), threading.Event()
        people = [Person(number, urls, enough) for number in range(self.people)]
        striker, liveness = self.striker(self, enough), Liveness(urls if self.striker.sparing_gateways else [], over)
        for thread in [*people, striker, liveness]:
            thread.start()
        time.sleep(self.seconds)
        enough.set()
        for thread in [striker, *people]:
            thread.join(PATIENCE * 2)
        over.set()
        liveness.join()
        verdict = self._judge(people, striker, liveness)
        for gateway in self.gateways:
            gateway.kill()
        self._sum_up(people, striker, liveness)
        return Result(self.name, verdict, sum(striker.strikes.values()) > 0)

    def _sum_up(self, people: list[Person], striker: Striker, liveness: Liveness):
        runs = sum(len(person.readings) for person in people)
        cuts = sum(reading.cuts for person in people for reading in person.readings)
        self.summary = f"{striker.strikes}, {runs} messages, {cuts} streams cut, {self.play.requests - 3 * runs} extra model calls"
        if liveness.times:
            self.summary += f", /healthz {sorted(liveness.times)[int(len(liveness.times) * 0.99)] * 1000:.0f} ms at p99"

    def _judge(self, people: list[Person], striker: Striker, liveness: Liveness) -> Verdict:
        verdict = Verdict()
        for gateway in self.gateways:
            verdict.expect(gateway.is_alive, "other", f"a gateway has ended: {gateway.log}")
        if striker.fault:
            verdict.say("other", striker.fault)
        for fault in liveness.faults[:3]:
            verdict.say("other", fault)
        answers = {text_of(turn, request): turn for turn in range(1, 4) for request in range(1, self.play.requests + 1)}
        for person in people:
            verdict.expect(not person.is_alive(), "stuck", f"person {person.number} is still waiting")
            person.judge(answers)
            verdict.violations += person.verdict.violations
        events = self.place.rows("SELECT run_id, id, type, payload FROM run_events ORDER BY run_id, id")
        runs = self.place.rows("SELECT id, state FROM runs")
        judge_calls(self.place, events, runs, verdict)
        active = [run for run in runs if run["state"] in ("queued", "running")]
        verdict.expect(not active, "stuck", f"runs without an end: {active}")
        for complaint in self.play.complaints:
            verdict.say("history", complaint)
        return verdict
