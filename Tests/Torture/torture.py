"""Kills, fails and halts gateways at every place that matters, and judges what is left by one oracle. Ends with 1 when anything is violated.

    torture.py --agent .build/debug/agent                 everything: named points, blind sweep, power loss, failing disk, nemesis, self-checks
    torture.py --agent .build/debug/agent --sample        a sample of each, under a minute; --seed repeats it
    torture.py --agent ... --only named --point K7        some of it
"""

import argparse
import concurrent.futures
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))

import blind  # noqa: E402
import disk  # noqa: E402
import named  # noqa: E402
import nemesis  # noqa: E402
from gateway import Gateway  # noqa: E402
from model_server import ModelServer  # noqa: E402
from oracle import CLASSES, Verdict  # noqa: E402
from places import PostgresPlace, PostgresServer, SQLitePlace  # noqa: E402
from power import PowerScenario  # noqa: E402
from scenario import Result, Stage  # noqa: E402
from self_check import BREACHES, BrokenPower, BrokenScenario  # noqa: E402

def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agent", type=Path, required=True, help="the program, of a debug build")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--only", action="append", choices=["named", "blind", "power", "disk", "nemesis", "self-check"])
    parser.add_argument("--point", action="append", choices=named.POINTS)
    parser.add_argument("--action", action="append", choices=named.ACTIONS)
    parser.add_argument("--mode", action="append", choices=named.MODES)
    parser.add_argument("--database", action="append", choices=["sqlite", "postgres"])
    parser.add_argument("--kills", type=int, help="of the blind sweep at most, on each database")
    parser.add_argument("--seconds", type=float, default=600, help="for which gateways are restarted, and then the server of PostgreSQL is struck")
    parser.add_argument("--people", type=int, default=100, help="who chat meanwhile")
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="leaves the folder with databases and logs")
    return parser.parse_args()


class Report:
    """What the sweeps found."""

    def __init__(self):
        self.results: list[Result] = []

    def add(self, result: Result):
        self.results.append(result)
        bad = result.verdict.violations
        if not result.is_good:
            print(f"  {'VIOLATED' if bad else 'NOT REACHED'}  {result.name}", flush=True)
            for kind, sentence in bad:
                print(f"      {kind}: {sentence}", flush=True)

    def make(self, sweep, options: argparse.Namespace, stages: dict[str, Stage], generator: random.Random):
        """Makes a sweep, and says whether it passed."""
        before, began = len(self.results), time.monotonic()
        sweep(options, stages, generator, self)
        if made := self.results[before:]:
            word = "passed" if all(result.is_good for result in made) else "FAILED"
            print(f"  {word} {sweep.__name__} ({time.monotonic() - began:.1f} s)", flush=True)

    @property
    def is_good(self) -> bool:
        return all(result.is_good for result in self.results)

    def print(self):
        counts = {kind: sum(1 for result in self.results for found, _ in result.verdict.violations if found == kind) for kind in CLASSES}
        times = sorted(time for result in self.results for time in result.back_after)
        crashes = [result for result in self.results if result.crashes]
        print(f"Kill points swept: {len(self.results)}")
        print(f"Violations: {sum(counts.values())}")
        print(f"  lost acknowledged writes {counts['lost']}, doubled effects {counts['doubled']}, invalid histories {counts['history']},")
        print(f"  broken streams {counts['stream']}, runs stuck {counts['stuck']}, others {counts['other']}")
        if times:
            print(
                f"From SIGKILL to the run visible again: median {statistics.median(times):.2f} s, p99 {times[int(len(times) * 0.99)]:.2f} s"
                f" ({len(times)} kills)"
            )
        if crashes:
            extra = sum(result.extra_requests for result in crashes) / sum(result.crashes for result in crashes)
            print(f"Extra model calls a crash: {extra:.2f}")


def attempt(make) -> Result:
    """A result also when the sweep itself fails."""
    scenario = None
    try:
        scenario = make()
        return scenario.play_out()
    except Exception:
        for gateway in scenario.gateways if scenario else []:
            gateway.kill()
        return Result(scenario.name if scenario else "?", Verdict([("other", traceback.format_exc())]))


def r117_r118_killed_failed_or_halted_at_a_named_point_nothing_is_lost(options, stages: dict[str, Stage], generator: random.Random, report: Report):
    if options.sample and not options.point:
        chosen = named.sample(generator, 8)
        work = [(stages["sqlite"], *chosen[place]) for place in range(6)] + [(stages["postgres"], *chosen[place]) for place in (6, 7)]
    else:
        combinations = named.combinations(options.point or named.POINTS, options.action or named.ACTIONS, options.mode or named.MODES)
        work = [(stage, *combination) for stage in stages.values() for combination in combinations]
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        for result in pool.map(lambda item: attempt(lambda: named.NamedScenario(*item)), work):
            report.add(result)


def r117_r118_killed_at_any_call_of_the_system_nothing_is_lost(options, stages: dict[str, Stage], generator: random.Random, report: Report):
    work = []
    for stage in stages.values():
        counts = blind.calls_of(stage)
        print(f"  Calls of the system in one play on {stage.place.kind}: {counts}", flush=True)
        if options.sample:
            chosen = blind.choose(generator, counts, 4 if stage.place.kind == "sqlite" else 1)
        else:
            chosen = blind.every(counts)
            generator.shuffle(chosen)
        work += [(stage, *kill) for kill in chosen[: options.kills]]
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        results = list(pool.map(lambda item: attempt(lambda: blind.BlindScenario(*item)), work))
    killed = sum(result.reached for result in results)
    print(f"  Blind: {killed} of {len(results)} processes were killed", flush=True)
    for result in results:
        # How often a thread makes a call differs from play to play, so that not every number comes up; most do.
        result.reached = result.reached or killed >= len(results) * 0.4
        report.add(result)


def r117_a_power_loss_takes_nothing_that_was_acknowledged(options, stages: dict[str, Stage], generator: random.Random, report: Report):
    if "sqlite" not in stages:
        return
    images, todos = (3, 5) if options.sample else (25, 40)
    scenario = PowerScenario(stages["sqlite"], generator, images, todos)
    report.add(attempt(lambda: scenario))
    print(f"  Power loss: {scenario.looked} disks looked at", flush=True)
    report.add(attempt(lambda: BrokenPower(stages["sqlite"], generator)))


def r094_r095_a_failing_disk_loses_nothing(options, stages: dict[str, Stage], generator: random.Random, report: Report):
    if "sqlite" not in stages:
        return
    work = disk.sample(generator) if options.sample else disk.every()
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        results = list(pool.map(lambda item: attempt(lambda: disk.DiskScenario(stages["sqlite"], *item)), work))
    refused = sum(result.reached for result in results)
    print(f"  Failing disk: {refused} of {len(results)} times a write was refused", flush=True)
    for result in results:
        # A thread that never makes so many calls meets no failure.
        result.reached = result.reached or refused > 0
        report.add(result)


def r116_rolling_restarts_lose_nothing(options, stages: dict[str, Stage], generator: random.Random, report: Report):
    strike(options, stages, generator, report, nemesis.RollingRestart)


def r098_an_outage_of_postgresql_heals_and_doubles_nothing(options, stages: dict[str, Stage], generator: random.Random, report: Report):
    strike(options, stages, generator, report, nemesis.ServerNemesis)


def strike(options, stages: dict[str, Stage], generator: random.Random, report: Report, striker: type[nemesis.Striker]):
    if "postgres" not in stages or options.sample:
        return
    shared = stages["postgres"]
    server = PostgresServer(fsync=True, settings=nemesis.SLOW_COMMITS)
    try:
        stage = Stage(shared.agent, shared.folder / striker.__name__, shared.models, PostgresPlace(server, "nemesis"))
        scenario = nemesis.NemesisScenario(stage, generator, options.seconds, options.people, striker)
        report.add(attempt(lambda: scenario))
        print(f"  {scenario.name}: {scenario.summary}", flush=True)
    finally:
        server.close()


def check_itself(options, stages: dict[str, Stage], generator: random.Random, report: Report):
    if "sqlite" not in stages:
        return
    # Those that wait for a lease take too long for a sample.
    work = [breach for breach in BREACHES if not (options.sample and breach.action == "stall")]
    makers = [lambda breach=breach: BrokenScenario(stages["sqlite"], breach) for breach in work]
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        for result in pool.map(attempt, makers):
            report.add(result)


SWEEPS = {
    "named": [r117_r118_killed_failed_or_halted_at_a_named_point_nothing_is_lost],
    "blind": [r117_r118_killed_at_any_call_of_the_system_nothing_is_lost],
    "power": [r117_a_power_loss_takes_nothing_that_was_acknowledged],
    "disk": [r094_r095_a_failing_disk_loses_nothing],
    "nemesis": [r116_rolling_restarts_lose_nothing, r098_an_outage_of_postgresql_heals_and_doubles_nothing],
    "self-check": [check_itself],
}


def main() -> int:
    options = arguments()
    # So that what was started ends, however this does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    generator = random.Random(options.seed)
    folder = Path(tempfile.mkdtemp(prefix="agent-torture-", dir="/tmp"))
    began = time.monotonic()
    print(f"Torture with --seed {options.seed} in {folder}", flush=True)
    models, report, server = ModelServer(), Report(), None
    databases = options.database or ["sqlite", "postgres"]
    try:
        stages = {}
        if "sqlite" in databases:
            stages["sqlite"] = Stage(options.agent.resolve(), folder, models, SQLitePlace(folder / "base"))
        if "postgres" in databases:
            server = PostgresServer()
            stages["postgres"] = Stage(options.agent.resolve(), folder, models, PostgresPlace(server, "base"))
        for sweep in [sweep for name in options.only or SWEEPS for sweep in SWEEPS[name]]:
            report.make(sweep, options, stages, generator)
    finally:
        for gateway in Gateway.started:
            gateway.kill()
        if server:
            server.close()
        if report.is_good and not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    report.print()
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
