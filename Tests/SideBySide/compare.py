"""Runs every scenario with `agent run` and with the Python package `openai-agents` against one scripted model server, and compares what the
model was asked and what came of it. Ends with 1 when anything differs that is not in differences.toml, or is there and no longer differs.
"""

import argparse
import asyncio
import logging
import subprocess
import sys
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import ours
import theirs
from differences import Difference, Listed, differences, listed
from normal import normal
from scenario import APIS, FOLDER, MODES, Scenario, load_all
from server import ModelServer, Play

AT_ONCE = 4


@dataclass
class Comparison:
    """One scenario over one wire API in one mode."""

    scenario: Scenario
    api: str
    mode: str
    known: list[tuple[Difference, Listed]] = field(default_factory=list)
    unknown: list[Difference] = field(default_factory=list)
    failure: str = ""
    said: list[str] = field(default_factory=list)
    """The sentences of the errors, which are not compared."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.scenario.name, self.api, self.mode

    @property
    def verdict(self) -> str:
        if self.failure or self.unknown:
            return "FAIL"
        return "listed" if self.known else "equal"


async def compare(scenario: Scenario, api: str, mode: str, agent: str, server: ModelServer, known: list[Listed]) -> Comparison:
    comparison = Comparison(scenario, api, mode)
    try:
        name = f"{scenario.name}-{api}-{mode}"
        url, our_play = server.play(f"ours-{name}", scenario.script)
        our_outcomes = await ours.run(agent, scenario, api, mode, url)
        url, their_play = server.play(f"theirs-{name}", scenario.script)
        their_outcomes = await theirs.run(scenario, api, mode, url)
    except Exception:
        comparison.failure = traceback.format_exc()
        return comparison
    for side, outcomes in (("ours", our_outcomes), ("theirs", their_outcomes)):
        comparison.said += [f"{side}: {said}" for outcome in outcomes if (said := outcome.pop("said", None))]
    for found in differences(_seen(our_play, our_outcomes), _seen(their_play, their_outcomes)):
        entry = next((entry for entry in known if entry.covers(*comparison.key, found)), None)
        if entry:
            comparison.known.append((found, entry))
        else:
            comparison.unknown.append(found)
    return comparison


def _seen(play: Play, outcomes: list[dict]) -> dict:
    """All that is compared of one side."""
    return {"requests": normal([request["body"] for request in play.requests]), "outcomes": normal(outcomes)}


async def compare_all(scenarios: list[Scenario], apis: list[str], modes: list[str], agent: str, known: list[Listed]) -> list[Comparison]:
    turns = asyncio.Semaphore(AT_ONCE)
    wanted = [(scenario, api, mode) for scenario in scenarios for api in scenario.apis if api in apis for mode in modes]
    done = 0

    async def one(scenario: Scenario, api: str, mode: str) -> Comparison:
        nonlocal done
        async with turns:
            comparison = await compare(scenario, api, mode, agent, server, known)
        done += 1
        if sys.stderr.isatty():
            print(f"\r{done} of {len(wanted)}", end="\n" if done == len(wanted) else "", file=sys.stderr, flush=True)
        return comparison

    with ModelServer() as server:
        return await asyncio.gather(*(one(*place) for place in wanted))


def report(comparisons: list[Comparison], known: list[Listed], *, is_verbose: bool) -> bool:
    """Prints the table and what is wrong; whether nothing is."""
    cells = {comparison.key: comparison.verdict for comparison in comparisons}
    names = list(dict.fromkeys(name for name, _, _ in cells))
    width = max(map(len, names), default=0)
    print(f"{'scenario':{width}}  " + "  ".join(f"{api} {mode}" for api in APIS for mode in MODES))
    for name in names:
        row = (f"{cells.get((name, api, mode), '-'):{len(f'{api} {mode}')}}" for api in APIS for mode in MODES)
        print(f"{name:{width}}  " + "  ".join(row).rstrip())
    for name in names:
        _print_details([comparison for comparison in comparisons if comparison.scenario.name == name], is_verbose=is_verbose)
    gone = [(entry, place) for entry in known for place in entry.gone(set(cells))]
    for entry, place in gone:
        print(f"\nGONE {place}: listed, and no longer so: {entry.at} ({entry.reason})")
    count = {verdict: list(cells.values()).count(verdict) for verdict in ("equal", "listed", "FAIL")}
    print(f"\n{len(names)} scenarios, {len(cells)} comparisons: {count['equal']} equal, {count['listed']} listed, {count['FAIL']} failed")
    return not gone and not count["FAIL"]


def _print_details(comparisons: list[Comparison], *, is_verbose: bool):
    """What was found in one scenario, each thing with all the places where it is so."""
    lines: dict[str, list[str]] = {}
    for comparison in comparisons:
        texts = [comparison.failure] if comparison.failure else []
        texts += [f"NOT LISTED {found}" for found in comparison.unknown]
        if is_verbose:
            texts += [f"listed {found}\n    reason: {entry.reason}" for found, entry in comparison.known]
        if texts and comparison.said:
            texts.append("\n    ".join(["the errors' words", *comparison.said]))
        for text in texts:
            lines.setdefault(text, []).append(f"{comparison.api} {comparison.mode}")
    for text, places in lines.items():
        print(f"\n{comparisons[0].scenario.name} ({', '.join(places)}): {text}")


def built_agent() -> str:
    found = subprocess.run(["swift", "build", "--show-bin-path"], cwd=FOLDER.parent.parent, capture_output=True, text=True, check=True)
    return f"{found.stdout.strip()}/agent"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agent", help="the built executable; otherwise the one of `swift build`")
    parser.add_argument("--only", action="append", help="a scenario; repeatable")
    parser.add_argument("--api", action="append", choices=APIS)
    parser.add_argument("--mode", action="append", choices=MODES)
    parser.add_argument("--verbose", action="store_true", help="shows the listed differences too")
    arguments = parser.parse_args()
    agent = str(Path(arguments.agent or built_agent()).absolute())
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    scenarios = [scenario for scenario in load_all() if scenario.name in (arguments.only or [scenario.name])]
    known = listed()
    comparisons = asyncio.run(compare_all(scenarios, arguments.api or APIS, arguments.mode or MODES, agent, known))
    return 0 if report(comparisons, known, is_verbose=arguments.verbose) else 1


if __name__ == "__main__":
    sys.exit(main())
