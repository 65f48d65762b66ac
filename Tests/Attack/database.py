"""A PostgreSQL server that stands still. Whatever does not need it goes on, and who needs it is told so in time."""

import json
import threading
import time
from contextlib import contextmanager

from client import Client, Reading, Unreachable
from ground import PASSWORD, STORY, Ground, Person, SlowStories
from places import PostgresPlace, PostgresServer

PEOPLE = 5

HALT = 10
"""Seconds for which the server is halted while people chat."""

LONG_HALT = 20
"""Longer than anybody waits for an answer of it."""

LATE = (0.5, 3)
"""Seconds of it after which people ask."""

DEADLINE = 17
"""Seconds within which every request is answered: the 15 that an answer of the server may take, and some for a busy machine."""

HEARTBEAT = 15
"""Seconds between two heartbeats, which all streams have together."""

THOUGHT = "Think about it for long."
THOUGHTFUL = 22
"""Seconds for which a model says nothing then; less than the 30 after which it is given up."""


class Thoughtful(SlowStories):
    def answer(self, turn: int, number: int, message: str):
        if message == THOUGHT:
            time.sleep(THOUGHTFUL)
        yield from super().answer(turn, number, message)


@contextmanager
def on_a_server(ground: Ground, name: str):
    """A gateway on a database server of its own, without anybody who chats there already."""
    server = PostgresServer()
    try:
        own = ground.beside(name, place=PostgresPlace(server, name))
        own.models.play("attack", Thoughtful(pause=0))
        own.bystander.end()
        own.bystander.join()
        try:
            yield own, server
        finally:
            own.end()
    finally:
        server.close()


class Halt:
    """The server stands still for some seconds."""

    def __init__(self, server: PostgresServer, seconds: float):
        self.began = time.monotonic()
        server.halt()
        time.sleep(seconds)
        self.ended = time.monotonic()
        server.go_on()

    def holds(self, moment: float) -> bool:
        return self.began <= moment < self.ended


class Listening(threading.Thread):
    """Somebody who waits for a thoughtful answer; hears each heartbeat of the stream."""

    def __init__(self, person: Person):
        super().__init__(daemon=True)
        self.person = person
        self.person.silence = 60
        self.heartbeats: list[float] = []
        self.last = ""
        self.start()

    def run(self):
        connection, answer = self.person.request("POST", "/api/chat", {"message": THOUGHT, "time_zone": "UTC"})
        try:
            while line := answer.readline().decode():
                if line.startswith(":"):
                    self.heartbeats.append(time.monotonic())
                elif line.startswith("event:"):
                    self.last = line.split()[1]
        finally:
            connection.close()

    def faults(self, halt: Halt) -> list[str]:
        faults = [] if any(map(halt.holds, self.heartbeats)) else [f"{self.person.name} hears no heartbeat while the server is halted"]
        return faults if self.last == "done" else [*faults, f"the stream of {self.person.name} ended with {self.last}"]


class Chatting(threading.Thread):
    """Somebody who sends one message after another until it is enough; what failed and can be tried again is tried again."""

    def __init__(self, person: Person, enough: threading.Event):
        super().__init__(daemon=True)
        self.person, self.enough = person, enough
        self.person.silence = 60
        self.readings: list[Reading] = []
        self.retries = 0
        self.fault = ""
        self.start()

    def run(self):
        try:
            while not self.enough.is_set():
                reading = Reading(self.person)
                self.readings.append(reading)
                reading.send(STORY, f"{self.person.name}-{len(self.readings)}")
                while reading.events[-1].type == "error" and reading.events[-1].data.get("retry") and self.retries < 10:
                    self.retries += 1
                    reading.retry()
        except Exception as error:  # noqa: BLE001: whatever it is, the person was not served
            self.fault = f"{type(error).__name__}: {error}"

    def faults(self) -> list[str]:
        if self.fault:
            return [f"{self.person.name}: {self.fault}"]
        faults = [f"{self.person.name}: {fault}" for reading in self.readings for fault in reading.faults]
        refusals = [refusal for reading in self.readings for refusal in reading.refusals]
        faults += [f"{self.person.name} was refused with {status} {answer}" for status, answer in refusals if status != 503]
        ends = [reading.events[-1].type for reading in self.readings]
        return faults if set(ends) == {"done"} else [*faults, f"the chats of {self.person.name} ended with {ends}"]


class Asking(threading.Thread):
    """Asks for the same again and again, each time as soon as it was answered and some time has passed."""

    def __init__(self, client: Client, path: str, every: float, enough: threading.Event):
        super().__init__(daemon=True)
        self.client, self.path, self.every, self.enough = client, path, every, enough
        self.client.silence = 60
        self.answers: list[tuple[float, float, int, dict]] = []
        """When each was asked for, the seconds it took, its status and its body."""
        self.start()

    def run(self):
        while not self.enough.wait(self.every):
            began = time.monotonic()
            try:
                status, body = self.client.call("GET", self.path)
            except (Unreachable, ValueError) as error:
                status, body = 0, {"error": str(error)}
            self.answers.append((began, time.monotonic() - began, status, body))


def test_r099_a_database_that_stands_still_for_ten_seconds_stops_nothing_else(ground: Ground, person: Person) -> list[str]:
    """The process answers that it is alive, streams have their heartbeats, and what had to wait goes on."""
    with on_a_server(ground, "halted") as (own, server):
        enough = threading.Event()
        halt_at = next_heartbeat(own) + HEARTBEAT - HALT / 2
        sleep_until(halt_at - 4)
        chatting = [Chatting(own.person(), enough) for _ in range(PEOPLE)]
        asking = [Asking(own.person(), "/api/todos", 0.2, enough) for _ in range(PEOPLE)]
        listening = [Listening(own.person()) for _ in range(PEOPLE)]
        alive, ready = Asking(own.person(), "/healthz", 0.02, enough), Asking(own.person(), "/readyz", 0.2, enough)
        sleep_until(halt_at)
        halt = Halt(server, HALT)
        time.sleep(5)
        enough.set()
        for thread in [*chatting, *asking, *listening, alive, ready]:
            thread.join(90)
        print(f"    {sum(len(one.readings) for one in chatting)} messages, {sum(one.retries for one in chatting)} tried again; "
              f"todos after {max(took for one in asking for _, took, _, _ in one.answers):.1f} s at most", flush=True)
        faults = liveness(alive, halt) + readiness(ready, halt)
        faults += [fault for one in listening for fault in one.faults(halt)] + [fault for one in chatting for fault in one.faults()]
        faults += [fault for one in asking for answer in one.answers for fault in untold(*answer[1:])]
        faults += [f"in the end todos are answered {one.answers[-1]}" for one in asking if one.answers[-1][2] != 200]
        return faults + outlived(own)


def sleep_until(moment: float):
    time.sleep(max(0, moment - time.monotonic()))


def liveness(alive: Asking, halt: "Halt") -> list[str]:
    during = sorted(took for at, took, _, _ in alive.answers if halt.holds(at))
    p99 = during[int(len(during) * 0.99)]
    print(f"    /healthz {during[len(during) // 2] * 1_000:.1f} ms at p50, {p99 * 1_000:.1f} ms at p99 of {len(during)} requests", flush=True)
    faults = [] if p99 < 0.05 else [f"/healthz takes {p99 * 1_000:.0f} ms at p99"]
    return faults + [f"/healthz answers {status} {body}" for _, _, status, body in alive.answers if status != 200]


def readiness(ready: Asking, halt: "Halt") -> list[str]:
    during = [(took, status) for at, took, status, _ in ready.answers if halt.holds(at)]
    faults = [] if any(status == 503 for _, status in during) else ["/readyz does not say that the database is missing"]
    faults += [f"/readyz answers after {took:.1f} s" for took, _ in during if took > 3]
    return faults if ready.answers[-1][2] == 200 else [*faults, f"in the end /readyz answers {ready.answers[-1]}"]


def test_r099_who_needs_a_database_that_stays_halted_is_told_in_time(ground: Ground, person: Person) -> list[str]:
    """What was refused has no effect, unless the answer says that nobody knows; and afterwards everything is served again."""
    with on_a_server(ground, "long_halted") as (own, server):
        people = [own.person() for _ in range(PEOPLE)]
        for one in people:
            one.chat("Say something.")
        answers: dict[str, tuple[float, int, dict]] = {}
        # Some ask at once, and some when others wait already.
        waiting = [threading.Timer(late, ask, (answers, what, one, *wish)) for one in people for late in LATE for what, *wish in wishes(one, late)]
        for one in waiting:
            one.start()
        Halt(server, LONG_HALT)
        for one in waiting:
            one.join(60)
        began = time.monotonic()
        refused = [took for took, status, _ in answers.values() if status == 503]
        faults = [f"{what}: {fault}" for what, answer in answers.items() for fault in untold(*answer)]
        faults += [f"{len(waiting) - len(answers)} requests are not answered at all"] * (len(answers) < len(waiting)) + ["nobody is refused"] * (not refused)
        for one in people:
            faults += effects(one, answers)
            one.chat("Say something else.")
        print(f"    {len(refused)} of {len(answers)} requests are refused, the last after {max(refused, default=0):.1f} s; "
              f"then all are served within {time.monotonic() - began:.1f} s", flush=True)
        return faults + outlived(own)


def wishes(person: Person, late: float) -> list[tuple[str, str, str, dict | None]]:
    """What somebody wants, each with a name and as a request."""
    return [
        (f"list {late} of {person.name}", "GET", "/api/todos", None),
        (f"todo {late} of {person.name}", "POST", "/api/todos", {"title": f"todo {late}"}),
        (f"message {late} of {person.name}", "POST", "/api/chat", {"message": "Say something.", "time_zone": "UTC"}),
        (f"sign-in {late} of {person.name}", "POST", "/api/auth/login", {"email": person.email, "password": PASSWORD}),
    ]


def ask(answers: dict, what: str, person: Person, method: str, path: str, body: dict | None):
    asker = Client([person.urls[0]], {} if what.startswith("sign-in") else dict(person.cookies), origin=person.origin)
    began = time.monotonic()
    try:
        connection, answer = asker.request(method, path, body, timeout=60)
        # A stream need not be read to its end.
        document = json.loads(answer.read()) if answer.status >= 400 else {}
        connection.close()
        answers[what] = (time.monotonic() - began, answer.status, document | {"retry-after": answer.headers.get("Retry-After")})
    except (Unreachable, OSError) as error:
        answers[what] = (time.monotonic() - began, 0, {"error": str(error)})


def untold(took: float, status: int, body: dict) -> list[str]:
    """What is wrong with an answer to who may have had to wait: it comes in time, and a refusal is a problem document."""
    faults = [] if took < DEADLINE else [f"answered after {took:.1f} s"]
    if status == 503:
        return faults if body.get("title") and body.get("detail") else [*faults, f"503 without a problem document: {body}"]
    return faults if status in (200, 201, 401) else [*faults, f"answered {status} {body}"]


def effects(person: Person, answers: dict[str, tuple[float, int, dict]]) -> list[str]:
    """A todo is there when that was answered, and not when it was refused."""
    there = {todo["title"] for todo in person.expect(200, "GET", "/api/todos")["data"]}
    faults = []
    for late in LATE:
        _, status, body = answers.get(f"todo {late} of {person.name}", (0, 0, {}))
        if (status == 201) != (f"todo {late}" in there) and "Look whether" not in body.get("detail", ""):
            faults.append(f"todo {late} of {person.name} was answered {status} {body}, and there is {there}")
    return faults


def next_heartbeat(own: Ground) -> float:
    """Waits for it on a stream that is otherwise silent."""
    listening = Listening(own.person())
    deadline = time.monotonic() + HEARTBEAT + 5
    while not listening.heartbeats and time.monotonic() < deadline:
        time.sleep(0.05)
    return listening.heartbeats[0]


def outlived(own: Ground) -> list[str]:
    return [] if own.gateway.is_alive else [f"the process is gone: {own.gateway.log.read_text()[-1000:]}"]
