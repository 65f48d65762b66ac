"""A disk that fails: an fsync ends with EIO (R-095), or there is no room for a while (R-094). What was acknowledged is there afterwards, what was
not is there whole or not at all, and reading goes on."""

import random

from client import Client
from oracle import Verdict
from scenario import Result, Stage

WRITES = 40
"""That the person asks for, one after another; while there is no room, some more."""

LATEST_SYNC = 50
LATEST_WRITE = 160
ROOMLESS = 4
"""Calls of each thread that find no room."""

PATIENCE = 80
"""Further writes that the person asks for, until the last thread has room."""


class DiskScenario:
    """One person's writes on one failing disk, and a start on a good one."""

    def __init__(self, stage: Stage, call: str, error: str, first: int, last: int):
        self.name = f"sqlite/{call}-{first}/{error}"
        self.stage, self.error = stage, error
        self.inject = f"inject={call}:error={error}:when={first}" + (f"..{last}" if last > first else "")
        self.call = call
        self.place = stage.place.copy(self.name.replace("/", "-"))
        self.model = stage.models.plays and stage.models.play(self.place.folder.name, stage.models.plays["first"])
        self.gateways = []
        self.verdict = Verdict()
        self.client = Client([], dict(stage.cookies))

    def play_out(self) -> Result:
        was_refused = self._write_on_failing_disk()
        self._start([])
        self._judge()
        for gateway in self.gateways:
            gateway.kill()
        if not self.verdict.violations:
            self.place.drop()
        return Result(self.name, self.verdict, was_refused)

    def _start(self, before: list[str]) -> bool:
        gateway = self.stage.gateway(self.place.folder.name, self.place.address, self.model, before)
        self.gateways.append(gateway)
        is_ready = gateway.ready()
        self.client.urls = [gateway.url]
        return is_ready

    def _write_on_failing_disk(self) -> bool:
        """Whether anything was refused."""
        if not self._start(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={self.call}", "-e", self.inject]):
            # It does not start on such a disk, which is an answer too.
            return True
        for number in range(WRITES + PATIENCE):
            if number >= WRITES and (self.error == "EIO" or self.client.ledger[-1].outcome == "ok"):
                break
            self.client.write(f"todo {number}", "POST", "/api/todos", {"title": f"todo {number}"}, {"Idempotency-Key": f"todo-{number}"})
        outcomes = [entry.outcome for entry in self.client.ledger]
        refused = "unknown" in outcomes
        status, _ = self.client.call("GET", "/api/todos")
        self.verdict.expect(status == 200, "other", f"reading was answered {status} on the failing disk")
        self.verdict.expect(self.gateways[0].is_alive, "other", "the gateway has ended")
        self.verdict.expect("fail" not in outcomes, "other", "a write was refused as if the person had made a mistake")
        if self.error == "EIO" and refused:
            later = outcomes[outcomes.index("unknown") :]
            self.verdict.expect("ok" not in later, "lost", "writes were accepted behind an fsync that failed")
        if self.error == "ENOSPC":
            self.verdict.expect(outcomes[-1] == "ok", "stuck", f"nothing is written although there is room again: {outcomes}")
        self.gateways[0].kill()
        return refused

    def _judge(self):
        for fault in self.place.faults():
            self.verdict.say("lost", f"the database is damaged: {fault}")
        found = [row["title"] for row in self.place.rows("SELECT title FROM todos WHERE title LIKE 'todo %'")]
        for entry in self.client.ledger:
            count = found.count(entry.what)
            self.verdict.expect(count <= 1, "doubled", f"'{entry.what}' is there {count} times")
            self.verdict.expect(count == 1 or entry.outcome != "ok", "lost", f"'{entry.what}' was acknowledged and is gone")
        status, _ = self.client.insist("POST", "/api/todos", {"title": "afterwards"})
        self.verdict.expect(status == 201, "stuck", f"a write on the good disk was answered {status}")


def every() -> list[tuple[str, str, int, int]]:
    syncs = [("fdatasync", "EIO", number, number) for number in range(1, LATEST_SYNC + 1)]
    return syncs + [("pwrite64", "ENOSPC", number, number + ROOMLESS) for number in range(1, LATEST_WRITE, 10)]


def sample(generator: random.Random) -> list[tuple[str, str, int, int]]:
    first = generator.randint(5, 60)
    return [("fdatasync", "EIO", sync := generator.randint(2, 8), sync), ("pwrite64", "ENOSPC", first, first + ROOMLESS)]
