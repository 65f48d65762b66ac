"""Breaks one rule on purpose, and expects the oracle to notice: a sweep that cannot fail proves nothing.

Rules of the program are broken by `BROKEN_RULE`, which debug builds honour; what the database keeps is broken by triggers in it.
"""

import random
import time
from dataclasses import dataclass

from named import NamedScenario
from oracle import Verdict
from power import PowerScenario
from scenario import Result, Stage


@dataclass
class Breach:
    """One broken rule, a play in which that matters, and what the oracle should say."""

    rule: str
    point: str
    action: str
    mode: str
    expected: set[str]
    environment: dict
    sql: str = ""


BREACHES = [
    Breach("an effect is forgotten", "K8", "kill", "restart", {"doubled"}, {},
           "CREATE TRIGGER broken AFTER UPDATE OF result ON tool_effects BEGIN DELETE FROM tool_effects WHERE effect_key = NEW.effect_key; END"),
    Breach("a restart is not told", "K4", "kill", "restart", {"stream", "lost"}, {},
           "CREATE TRIGGER broken BEFORE INSERT ON run_events WHEN NEW.type = 'restart' BEGIN SELECT RAISE(IGNORE); END"),
    Breach("what was decided is shown before its commit", "K11", "late", "restart", {"lost"}, {"BROKEN_RULE": "order"}),
    Breach("a run's writes do not check whose it is", "K6", "stall", "takeover", {"doubled", "stream", "lost", "history"}, {"BROKEN_RULE": "claim"}),
]


class LateCommit(NamedScenario):
    """The commit of the end is held up for as long as a busy machine takes to show it; the process is killed as soon as the person sees the end."""

    def _failpoint(self) -> dict:
        return {"FAILPOINT": f"{self.point}:1:stall=8000"}

    def _act(self):
        first = self.gateways[0]
        self.reading.on_event = lambda event: first.kill() if event.type == "done" else None
        super()._act()
        while len(self.gateways) < 2:
            time.sleep(0.01)
        self.serve(self.gateways[-1])


class BrokenScenario:
    """Plays with a broken rule, whose result is good when the oracle notices in one of them: who comes first is chance in some."""

    PLAYS = 5

    def __init__(self, stage: Stage, breach: Breach):
        self.stage, self.breach = stage, breach
        self.name = f"self-check: {breach.rule}"
        self.gateways = []

    def play_out(self) -> Result:
        for play in range(self.PLAYS):
            result = self._play(f"/broken-{play}")
            if not result.verdict.violations:
                break
        return result

    def _play(self, label: str) -> Result:
        breach = self.breach
        kind = LateCommit if breach.action == "late" else NamedScenario
        inner = kind(self.stage, breach.point, breach.action, breach.mode, breach.environment, halt=8, label=label)
        if breach.sql:
            inner.place.execute(breach.sql)
        self.gateways = inner.gateways
        return expecting(breach.expected, self.name, inner.play_out())


class BrokenPower:
    """Commits that do not wait for the disk, under the power-loss model."""

    def __init__(self, stage: Stage, generator: random.Random):
        self.inner = PowerScenario(stage, generator, 2, 5, "sync")
        self.name = "self-check: synchronous=NORMAL"
        self.gateways = self.inner.gateways

    def play_out(self) -> Result:
        return expecting({"lost"}, self.name, self.inner.play_out())


def expecting(kinds: set[str], name: str, result: Result) -> Result:
    found = {kind for kind, _ in result.verdict.violations}
    print(f"  {name}: {', '.join(sorted(found)) or 'nothing'} ({len(result.verdict.violations)})", flush=True)
    verdict = Verdict() if found & kinds else Verdict([("other", f"the oracle does not notice; it says {result.verdict.violations}")])
    return Result(name, verdict, result.reached)
