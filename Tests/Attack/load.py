"""Many idle connections and many chats at once: no failure, quick answers for everybody else, bounded memory.

    load.py --agent .build/release/agent [--idle 10000] [--streams 1000] [--seconds 30]
"""

import argparse
import asyncio
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))

from deadlines import processor_time  # noqa: E402
from gateway import Gateway  # noqa: E402
from ground import Person, resident  # noqa: E402
from many import IdleConnection, PacedModel, Stream, at_rate, source  # noqa: E402
from model_process import ModelProcess  # noqa: E402
from places import SQLitePlace  # noqa: E402
from suite import conclude, report  # noqa: E402
from wire import request  # noqa: E402

HOST = "127.0.0.1"
SETTLING = 40
"""Seconds within which all connections are served; what is idle for 60 is given up."""


class Load:
    def __init__(self, options: argparse.Namespace, folder: Path):
        self.options = options
        self.model = PacedModel(options.pace)
        self.server = ModelProcess(self.model)
        # Registering is no part of what is measured.
        environment = {"AGENT_RATE_LIMITS": "off", "AGENT_LIMITS_RUN_TIME": "600", "AGENT_LIMITS_TEXT": "1000000"}
        self.gateway = Gateway(options.agent.resolve(), folder, SQLitePlace(folder / "sqlite").address, f"{self.server.url}/v1", environment=environment)
        if not self.gateway.ready():
            raise SystemExit(f"the gateway does not start: {self.gateway.log.read_text()[-2000:]}")
        self.faults: list[str] = []

    def test_r111_idle_connections_and_streams_leave_requests_quick(self) -> list[str]:
        with ThreadPoolExecutor(16) as pool:
            people = list(pool.map(lambda number: Person(self.gateway.url, f"person{number}"), range(self.options.streams)))
        self.watcher = Person(self.gateway.url, "watcher")
        for number in range(5):
            self.watcher.expect(201, "POST", "/api/todos", {"title": f"todo {number}"})
        asyncio.run(self._measure([person.cookies for person in people]))
        return self.faults

    async def _measure(self, cookies: list[dict]):
        loop = asyncio.get_running_loop()
        pid, files = self.gateway.process.pid, self._files()
        began = time.monotonic()
        idle = [protocol for _, protocol in await at_rate(self.options.idle, 2_000, lambda number: loop.create_connection(
            IdleConnection, HOST, self.gateway.port, local_addr=(source(number), 0)))]
        # The system connects for a server that has not come to it yet.
        while time.monotonic() - began < SETTLING and not all(each.is_served for each in idle):
            await asyncio.sleep(0.1)
        print(f"{len(idle)} idle connections after {time.monotonic() - began:.1f} s, {resident(pid) >> 20} MiB", flush=True)
        streams = [Stream(each) for each in cookies]
        running = asyncio.ensure_future(at_rate(len(streams), 200, lambda number: streams[number].run(HOST, self.gateway.port, number)))
        await asyncio.sleep(len(streams) / 200 + 2)
        before, model_before, events, begun = processor_time(pid), processor_time(self.server.pid), sum(stream.events for stream in streams), time.monotonic()
        times = await at_rate(int(self.options.seconds * 20), 20, self._ask)
        seconds = time.monotonic() - begun
        active = sum(1 for stream in streams if stream.events and not stream.fault and stream.last != b"done")
        rate = (sum(stream.events for stream in streams) - events) / seconds
        print(f"{active} streams at once, {rate:.0f} events/s; the gateway takes {(processor_time(pid) - before) / seconds:.2f} cores, "
              f"the model {(processor_time(self.server.pid) - model_before) / seconds:.2f}; {resident(pid) >> 20} MiB", flush=True)
        self._judge_times([each for each in times if each is not None], len(times))
        if resident(pid) > 1 << 30:
            self.faults.append(f"{resident(pid) >> 20} MiB of memory")
        if active < len(streams):
            self.faults.append(f"only {active} of {len(streams)} streams were going on")
        self.model.end = time.monotonic()
        await running
        self.faults += [f"stream {number}: {stream.fault}" for number, stream in enumerate(streams) if stream.fault]
        first = sorted(stream.first_after for stream in streams)
        print(f"first event of a stream: median {statistics.median(first) * 1_000:.0f} ms, p99 {first[int(len(first) * 0.99)] * 1_000:.0f} ms")
        self._judge_idle(idle)
        ended = time.monotonic()
        while time.monotonic() - ended < SETTLING and self._files() > files + 20:
            await asyncio.sleep(0.1)
        if (left := self._files() - files) > 20:
            self.faults.append(f"{left} more files are open than before")

    async def _ask(self, number: int) -> float | None:
        """Seconds of one answer, on a connection of its own."""
        began = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection(HOST, self.gateway.port, local_addr=(source(number), 0))
            writer.write(request("GET", "/api/todos", "Connection: close", cookies=self.watcher.cookies))
            answer = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            return time.monotonic() - began if answer.startswith(b"HTTP/1.1 200") else None
        except (OSError, TimeoutError):
            return None

    def _judge_times(self, times: list[float], asked: int):
        ordered = sorted(times)
        p99 = ordered[int(len(ordered) * 0.99)] if ordered else float("inf")
        print(f"GET /api/todos, {asked} times: median {statistics.median(ordered or [0]) * 1_000:.1f} ms, p99 {p99 * 1_000:.1f} ms", flush=True)
        if len(times) < asked:
            self.faults.append(f"{asked - len(times)} of {asked} requests for todos failed")
        if p99 > 0.25:
            self.faults.append(f"p99 of GET /api/todos is {p99 * 1_000:.0f} ms")

    def _judge_idle(self, idle: list[IdleConnection]):
        # Idle connections are given up after 60 s; this is over before.
        lost, unserved = sum(each.is_lost for each in idle), sum(not each.is_served for each in idle)
        if lost or unserved:
            self.faults.append(f"of {len(idle)} idle connections {lost} were lost, and {unserved} never answered")
        for each in idle:
            each.transport.abort()

    def _files(self) -> int:
        return len(os.listdir(f"/proc/{self.gateway.process.pid}/fd"))

    def close(self):
        self.gateway.kill()
        self.server.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agent", type=Path, required=True, help="the program, of a release build")
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--streams", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pace", type=float, default=0.5, help="seconds between the pieces of an answer")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    folder = Path(tempfile.mkdtemp(prefix="agent-load-", dir="/tmp"))
    load = Load(options, folder)
    try:
        test = load.test_r111_idle_connections_and_streams_leave_requests_quick
        faults = report(test.__name__, test)
    finally:
        load.close()
        shutil.rmtree(folder, ignore_errors=True)
    return conclude(faults)


if __name__ == "__main__":
    sys.exit(main())
