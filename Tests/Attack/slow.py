"""slowhttptest in its four modes, while somebody else goes on: https://github.com/shekyan/slowhttptest"""

import shutil
import statistics
import subprocess
import time

from gateway import ORIGIN
from ground import Ground, Person

CONNECTIONS, SECONDS = 2_000, 15

ROOM = 0.005
"""Seconds by which the machine alone may be slower at one time than at another."""


def attacked(ground: Ground, person: Person, mode: str, path: str, *options: str) -> list[str]:
    """Compares the 99th percentile of somebody else's requests before it and during it."""
    program = shutil.which("slowhttptest")
    if not program:
        return ["slowhttptest is not installed: run scripts/system-packages.sh --attack"]
    before = usual_latency(person)
    command = [program, mode, "-c", str(CONNECTIONS), "-r", "500", "-l", str(SECONDS), "-i", "5", "-p", "3", "-d", ground.url.removeprefix("http://")]
    with subprocess.Popen([*command, "-u", ORIGIN + path, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as attacker:
        # Once they are all there.
        time.sleep(CONNECTIONS / 500 + 1)
        during = usual_latency(person)
        report = attacker.communicate()[0]
    print(f"    {mode}: p99 {before * 1_000:.1f} ms before, {during * 1_000:.1f} ms during it", flush=True)
    faults = [] if during <= max(2 * before, before + ROOM) else [f"{mode}: p99 {before * 1_000:.1f} ms before, {during * 1_000:.1f} ms during it"]
    return faults if "service available" in report.lower() else faults + [f"{mode}: {report[-600:]}"]


def usual_latency(person: Person) -> float:
    """The middle one of three, since the machine does other things too."""
    return statistics.median(latency(person, 200) for _ in range(3))


def latency(person: Person, count: int) -> float:
    """Seconds within which 99 % of the answers come."""
    times = []
    for _ in range(count):
        began = time.monotonic()
        person.expect(200, "GET", "/api/todos")
        times.append(time.monotonic() - began)
    return sorted(times)[int(count * 0.99)]


def test_r066_slow_headers_keep_nobody_waiting(ground: Ground, person: Person) -> list[str]:
    return attacked(ground, person, "-H", "/api/todos")


def test_r066_slow_bodies_keep_nobody_waiting(ground: Ground, person: Person) -> list[str]:
    # It has no option for an origin, which a write needs.
    accepted = f"*/*\r\nOrigin: {ORIGIN}"
    return attacked(ground, person, "-B", "/api/auth/login", "-f", "application/json", "-s", "8192", "-m", accepted)


def test_r066_ranges_without_end_keep_nobody_waiting(ground: Ground, person: Person) -> list[str]:
    return attacked(ground, person, "-R", "/", "-t", "HEAD", "-a", "5", "-b", "3000")


def test_r066_slow_readers_keep_nobody_waiting(ground: Ground, person: Person) -> list[str]:
    return attacked(ground, person, "-X", "/openapi.json", "-k", "10", "-w", "1", "-y", "512", "-z", "32", "-n", "5")
