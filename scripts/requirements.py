#!/usr/bin/env python3
"""Writes the table number -> tests -> result of docs/requirements.md from the sources of the tests and the reports of a run.

    scripts/requirements.py REPORT ...

A report is what `swift test --xunit-output` writes, or the output of Tests/Attack or Tests/Torture. A test that no report names is shown as not run.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "requirements.md"
MARK = "<!-- made by `make requirements` -->"
SWIFT = re.compile(r"func ((?:r\d{3}_)+\w+)\(")
PYTHON = re.compile(r"def ((?:test_)?(?:r\d{3}_)+\w+)\(")
LINE = re.compile(r"^\s*(passed|FAILED) ((?:test_|r\d{3}_)\w+) ", re.MULTILINE)
ITEM = re.compile(r"^- \*\*(R-\d{3})\*\*: (\S.*)$", re.MULTILINE)
NUMBERS = [f"R-{number:03d}" for number in range(1, 121)]


def section(page: str, heading: str) -> dict[str, str]:
    """The items of one list of the page, by number."""
    _, _, rest = page.partition(f"\n## {heading}\n")
    return dict(ITEM.findall(rest.partition("\n## ")[0]))


def collected() -> dict[str, list[tuple[str, str]]]:
    """The tests of each number, as the file's name and the function's."""
    tests: dict[str, list[tuple[str, str]]] = {}
    for pattern, ending in ((SWIFT, "*.swift"), (PYTHON, "*.py")):
        for path in sorted((ROOT / "Tests").rglob(ending)):
            for name in dict.fromkeys(pattern.findall(path.read_text(encoding="utf-8"))):
                for number in re.findall(r"r(\d{3})_", name):
                    tests.setdefault(f"R-{number}", []).append((path.stem, name))
    return {number: found for number, found in tests.items() if number in NUMBERS}


def outcomes(reports: list[Path]) -> dict[str, str]:
    """What became of each test, by the name of its function: the worst, where it ran several times."""
    found: dict[str, str] = {}
    for report in reports:
        for name, outcome in of_xml(report) if report.suffix == ".xml" else of_text(report):
            if found.get(name) != "failed":
                found[name] = outcome
    return found


def of_xml(report: Path):
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        if "skipped" not in kinds:
            yield re.split(r"[(\[]", case.get("name", ""))[0], "failed" if kinds & {"failure", "error"} else "passed"


def of_text(report: Path):
    for word, name in LINE.findall(report.read_text(encoding="utf-8")):
        yield name, word.lower()


def row(number: str, tests: list[tuple[str, str]], results: dict[str, str], decided: dict[str, str], to_come: dict[str, str]) -> tuple[str, str]:
    """One line of the table, and its result."""
    states = {results.get(name, "not run") for _, name in tests}
    if "failed" in states:
        result = "failed"
    elif states == {"passed"}:
        result = "passed"
    elif states:
        result = "not run"
    else:
        result = "decided otherwise" if number in decided else "to come" if number in to_come else "missing"
    if tests and number in decided:
        result += ", with a known difference"
    names = "<br>".join(f"`{file}.{name}`" + (f" ({results[name]})" if results.get(name) == "failed" else "") for file, name in tests)
    return f"| {number} | {names} | {result} |", result


def main() -> int:
    reports = [Path(argument) for argument in sys.argv[1:]]
    page = PAGE.read_text(encoding="utf-8")
    decided, to_come = section(page, "Decided otherwise"), section(page, "Open")
    tests, results = collected(), outcomes(reports)
    rows = [row(number, tests.get(number, []), results, decided, to_come) for number in NUMBERS]
    counts: dict[str, int] = {}
    for _, result in rows:
        counts[result] = counts.get(result, 0) + 1
    summary = ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))
    table = "\n".join(["| number | tests | result |", "| --- | --- | --- |", *(line for line, _ in rows)])
    before, mark, _ = page.partition(MARK)
    if not mark:
        sys.exit(f"{PAGE} has no line {MARK}")
    PAGE.write_text(f"{before}{MARK}\n\nOf {len(NUMBERS)}: {summary}.\n\n{table}\n", encoding="utf-8")
    print(summary)
    for number in NUMBERS:
        if number in to_come and number in tests:
            print(f"{number} has a test now: take its line out of 'Open'.")
    return 1 if any(result.startswith(("failed", "missing")) for result in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
