"""People chat, keep todos, and sign in and out for as long as is asked, at a part of what the gateway can do.

Nothing of one person may appear with another, and memory, files and threads must not grow.

    soak.py --agent .build/release/agent [--seconds 3600] [--load 0.7] [--people 200] [--database sqlite]
"""

import argparse
import asyncio
import json
import os
import re
import resource
import shutil
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector  # noqa: E402
from canaries import FAILURES, Person, RepeatingModel, foreign_rows  # noqa: E402
from deadlines import processor_time  # noqa: E402
from gateway import Gateway  # noqa: E402
from ground import resident  # noqa: E402
from model_process import ModelProcess  # noqa: E402
from places import PostgresPlace, PostgresServer, SQLitePlace  # noqa: E402
from suite import conclude, report  # noqa: E402

AT_ONCE = 200
"""Rounds under way, beyond which none is begun."""
LOOK = 5.0
"""Seconds between two looks at the process, of which there are at least `LOOKS`."""
LOOKS = 24
WARM_UP = 1 / 6
"""Of the time, in which memory may still grow."""
LONG = 1_800
"""Seconds from which growth an hour can be told from chance."""
LARGEST_GROWTH = 1 << 20
"""Bytes an hour."""


@dataclass
class Look:
    """What the process holds at one time."""

    at: float
    memory: int
    files: int
    threads: int


class Soak:
    def __init__(self, options: argparse.Namespace, folder: Path, place):
        self.options, self.place = options, place
        self.model = ModelProcess(RepeatingModel(options.pause))
        environment = {"AGENT_LIMITS_RUNS_PER_USER": "20", "LOG_LEVEL": "warning"} | options.environment
        self.gateway = Gateway(options.agent.resolve(), folder, place.address, f"{self.model.url}/v1", environment=environment)
        if not self.gateway.ready(120):
            raise SystemExit(f"the gateway does not start: {self.gateway.log.read_text()[-2000:]}")
        self.looks: list[Look] = []
        self.done, self.left_out, self.under_way = 0, 0, 0
        self.failures: list[str] = []

    async def run(self):
        connector = TCPConnector(limit=0, keepalive_timeout=30)
        async with ClientSession(connector=connector, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=self.options.patience)) as http:
            self.people = [Person(number, self.gateway.url, http) for number in range(1, self.options.people + 1)]
            for person in self.people:
                await person.register()
            peak = self.options.peak or await self._peak()
            rate = peak * self.options.load
            print(f"{peak:.1f} rounds a second at most, {rate:.1f} are asked for", flush=True)
            await self._go_on(rate)
            async with http.get(f"{self.model.url}/faults") as answer:
                self.model_said = json.loads(await answer.text())

    async def _peak(self) -> float:
        """Rounds a second when the next one begins with the end of the one before."""
        over = asyncio.Event()

        async def work(number: int):
            while not over.is_set():
                await self._round(self.people[number % len(self.people)])

        workers = [asyncio.ensure_future(work(number)) for number in range(self.options.workers)]
        await asyncio.sleep(10)
        before, began = self.done, time.monotonic()
        await asyncio.sleep(20)
        peak = (self.done - before) / (time.monotonic() - began)
        over.set()
        await asyncio.gather(*workers)
        return peak

    async def _go_on(self, rate: float):
        """Begins rounds by the clock, whatever becomes of those before."""
        began, number, tasks, told = time.monotonic(), 0, set(), 0
        before, self.done, self.left_out = processor_time(self.gateway.process.pid), 0, 0
        pause = min(LOOK, self.options.seconds / LOOKS)
        while (now := time.monotonic() - began) < self.options.seconds:
            while number < now * rate:
                number += 1
                if self.under_way >= AT_ONCE:
                    self.left_out += 1
                    continue
                task = asyncio.ensure_future(self._round(self.people[number % len(self.people)]))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            if now >= len(self.looks) * pause:
                self.looks.append(self._look(now))
            if now >= told * self.options.seconds / 12:
                told += 1
                self._tell(self.looks[-1])
            await asyncio.sleep(0.01)
        seconds = time.monotonic() - began
        await asyncio.gather(*tasks)
        cores = (processor_time(self.gateway.process.pid) - before) / seconds
        print(f"{self.done} rounds in {seconds:.0f} s, {self.left_out} not begun, {len(self.failures)} failed; the gateway took {cores:.2f} cores", flush=True)

    async def _round(self, person: Person):
        self.under_way += 1
        try:
            await person.round()
            self.done += 1
        except FAILURES as error:
            self.failures.append(f"{type(error).__name__}: {error}")
        finally:
            self.under_way -= 1

    def _look(self, at: float) -> Look:
        process = Path(f"/proc/{self.gateway.process.pid}")
        return Look(at, resident(self.gateway.process.pid), len(os.listdir(process / "fd")), len(os.listdir(process / "task")))

    def _tell(self, look: Look):
        print(f"  {look.at:5.0f} s: {look.memory / (1 << 20):.1f} MiB, {look.files} files, {look.threads} threads, {self.done} rounds", flush=True)

    def test_r090_nothing_of_one_person_appears_with_another(self) -> list[str]:
        faults = [fault for person in self.people for fault in person.faults] + self.model_said["faults"] + foreign_rows(self.place)
        return faults if self.model_said["requests"] >= self.done else faults + [f"the model was asked {self.model_said['requests']} times"]

    def test_r115_memory_files_and_threads_do_not_grow(self) -> list[str]:
        looks = [look for look in self.looks if look.at >= self.options.seconds * WARM_UP]
        growth = slope([(look.at, look.memory) for look in looks]) * 3_600
        print(f"    memory grows by {growth / (1 << 20):+.2f} MiB an hour", flush=True)
        faults = []
        if self.options.seconds >= LONG and growth > LARGEST_GROWTH:
            faults.append(f"memory grows by {growth / (1 << 20):.2f} MiB an hour")
        quarter = max(1, len(looks) // 4)
        for what in ("files", "threads"):
            first, last = (statistics.median(getattr(look, what) for look in part) for part in (looks[:quarter], looks[-quarter:]))
            print(f"    {what}: {first:.0f} in the first quarter, {last:.0f} in the last", flush=True)
            if last > first * 1.1 + 4:
                faults.append(f"{what}: {first:.0f} in the first quarter, {last:.0f} in the last")
        return faults

    def test_r090_no_data_race_is_seen(self) -> list[str]:
        """In a build with the Thread Sanitizer, which writes them to the log."""
        told = [part for part in self.gateway.log.read_text(errors="replace").split("==================") if "ThreadSanitizer" in part]
        races = [part for part in told if not is_of_mutex(part)]
        if told:
            print(f"    {len(told)} reports of the sanitizer, {len(races)} of them not about what a Mutex keeps", flush=True)
        return [race.strip()[:2_000] for race in races]

    def test_nobody_is_refused(self) -> list[str]:
        if not self.gateway.is_alive:
            return [f"the process is gone: {self.gateway.log.read_text()[-2000:]}"]
        faults = self.failures[:10]
        return faults if self.left_out < self.done / 100 else faults + [f"{self.left_out} rounds could not begin, beside {self.done}"]

    @property
    def tests(self) -> list:
        return [
            self.test_r090_nothing_of_one_person_appears_with_another, self.test_r090_no_data_race_is_seen,
            self.test_r115_memory_files_and_threads_do_not_grow, self.test_nobody_is_refused,
        ]

    def close(self):
        self.gateway.kill()
        self.model.terminate()


def slope(points: list[tuple[float, float]]) -> float:
    """The median of all slopes between two points, which a few outliers do not change: https://en.wikipedia.org/wiki/Theil%E2%80%93Sen_estimator"""
    points = points[:: max(1, len(points) // 600)]
    slopes = [(later[1] - earlier[1]) / (later[0] - earlier[0]) for place, earlier in enumerate(points) for later in points[place + 1 :]]
    return statistics.median(slopes) if slopes else 0


def is_of_mutex(told: str) -> bool:
    """Whether both sides hold a Mutex of Synchronization, whose lock is in the runtime, where the sanitizer does not see it: both are in a closure
    that is given the value `inout sending`, which is what `withLock` takes, or one is the lock's own word."""
    stacks = re.findall(r"^  \S.*:\n((?:    #\d+ .*\n)+)", told, re.MULTILINE)
    is_locked = len(stacks) > 1 and all("zYu" in " ".join(stack.split("\n")[:3]) for stack in stacks[:2])
    return is_locked or re.search(r"^  Atomic (?:read|write) of size 4 ", told, re.MULTILINE) is not None


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agent", type=Path, required=True, help="the program, of a release build or one with the Thread Sanitizer")
    parser.add_argument("--seconds", type=float, default=3_600)
    parser.add_argument("--load", type=float, default=0.7, help="the part of the most that can be done")
    parser.add_argument("--peak", type=float, default=0, help="rounds a second that can be done, where it is known")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--workers", type=int, default=48, help="rounds at once while the most is looked for")
    parser.add_argument("--pause", type=float, default=0.01, help="seconds between the pieces of an answer")
    parser.add_argument("--patience", type=float, default=60, help="seconds for one answer")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--keep", action="store_true", help="leaves the folder with the database and the log")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="in the gateway's environment")
    options = parser.parse_args()
    options.environment = dict(item.split("=", 1) for item in options.set)
    return options


def main() -> int:
    options = arguments()
    # So that what was started ends, however this does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    folder = Path(tempfile.mkdtemp(prefix="agent-soak-", dir="/tmp"))
    server = PostgresServer() if options.database == "postgres" else None
    soak = Soak(options, folder, PostgresPlace(server, "soak") if server else SQLitePlace(folder / "sqlite"))
    faults = []
    try:
        asyncio.run(soak.run())
        for test in soak.tests:
            faults += report(test.__name__, test)
    finally:
        soak.close()
        if server:
            server.close()
        if not faults and not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return conclude(faults)


if __name__ == "__main__":
    sys.exit(main())
