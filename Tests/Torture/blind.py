"""The blind sweep: the process is killed at its n-th call of the system, wherever that is. It finds what no named point stands for."""

import random
import re
import time
from collections import Counter

from named import NamedScenario
from scenario import Scenario, Stage

CALLS = {
    "sqlite": ["pwrite64", "fdatasync", "write", "writev", "read", "recvmsg", "sendto", "ftruncate", "openat", "accept4"],
    "postgres": ["sendto", "recvfrom", "write", "writev", "read", "poll", "accept4", "connect"],
}


def calls_of(stage: Stage) -> dict[str, int]:
    """How often one thread makes each call in an undisturbed play: beyond that no kill would happen."""
    scenario = Scenario(stage, f"{stage.place.kind}/calls")
    trace = stage.folder / f"calls-{stage.place.kind}"
    traced = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={','.join(CALLS[stage.place.kind])}", "-o", str(trace)]
    scenario.serve(scenario.start(before=traced))
    scenario.chat()
    result = scenario.finish()
    assert not result.verdict.violations, result.verdict
    counts: Counter = Counter()
    for line in trace.read_text(errors="replace").splitlines():
        if found := re.match(r"(\d+) +(\w+)\(", line):
            counts[found.group(2), found.group(1)] += 1
    return {call: max(count for (name, _), count in counts.items() if name == call) for call in {name for name, _ in counts}}


class BlindScenario(NamedScenario):
    """The first process is killed at a call of the system, and starts again."""

    def __init__(self, stage: Stage, call: str, number: int):
        super().__init__(stage, f"{call}-{number}", "kill", "restart")
        self.call, self.number = call, number

    def start_first(self):
        # Without --seccomp-bpf, with which strace 6.1 injects no signal.
        inject = ["-e", f"trace={self.call}", "-e", f"inject={self.call}:signal=SIGKILL:when={self.number}"]
        return self.start(before=["strace", "-f", "-qq", "-o", "/dev/null", *inject])

    def _act(self):
        super()._act()
        was_hit = self.happened.is_set()
        # What comes now is not to be disturbed by a late hit.
        self.gateways[0].kill()
        while len(self.gateways) < 2:
            time.sleep(0.01)
        self.serve(self.gateways[-1])
        if not was_hit:
            self.happened.clear()


def choose(generator: random.Random, counts: dict[str, int], count: int) -> list[tuple[str, int]]:
    """Some kills, no two at one place; each call as likely as another."""
    names = sorted(counts)
    chosen: dict[tuple[str, int], None] = {}
    while len(chosen) < min(count, sum(counts.values())):
        name = generator.choice(names)
        chosen[name, generator.randint(1, counts[name])] = None
    return list(chosen)


def every(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(name, number) for name in sorted(counts) for number in range(1, counts[name] + 1)]
