"""Finds where two values differ, and holds that against the list in differences.toml."""

import fnmatch
import json
import re
import tomllib
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from scenario import APIS, FOLDER, MODES

ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    """One place where the two sides say different things."""

    path: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.path}\n    ours:   {_short(self.ours)}\n    theirs: {_short(self.theirs)}"


@dataclass
class Listed:
    """A known difference."""

    reason: str
    at: str
    """The path; `*` stands for anything."""
    scenarios: list[str]
    """Names; `*` stands for anything."""
    apis: list[str] = field(default_factory=lambda: list(APIS))
    modes: list[str] = field(default_factory=lambda: list(MODES))
    ours: str = "*"
    theirs: str = "*"
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def covers(self, scenario: str, api: str, mode: str, difference: Difference) -> bool:
        if api not in self.apis or mode not in self.modes or not any(fnmatch.fnmatchcase(scenario, name) for name in self.scenarios):
            return False
        pairs = ((self.at, difference.path), (self.ours, difference.ours), (self.theirs, difference.theirs))
        if not all(_matches(pattern, text) for pattern, text in pairs):
            return False
        self.seen.add((scenario, api, mode))
        return True

    def gone(self, ran: set[tuple[str, str, str]]) -> list[str]:
        """Where the difference is listed and was not found; a name with `*` needs one scenario only."""
        gone = []
        for name in self.scenarios:
            for api in self.apis:
                for mode in self.modes:
                    hit = [key for key in ran if fnmatch.fnmatchcase(key[0], name) and key[1:] == (api, mode)]
                    if hit and not self.seen.intersection(hit):
                        gone.append(f"{name} {api} {mode}")
        return gone


def listed() -> list[Listed]:
    content = tomllib.loads((FOLDER / "differences.toml").read_text())
    return [Listed(**entry) for entry in content.get("difference", [])]


def differences(ours: Any, theirs: Any, path: str = "") -> list[Difference]:
    """A result and an error are told apart as a whole."""
    if type(ours) is type(theirs) is dict and ("error" in ours) == ("error" in theirs):
        keys = sorted(ours.keys() | theirs.keys())
        inner = [(f"{path}.{key}" if path else key, ours.get(key, ABSENT), theirs.get(key, ABSENT)) for key in keys]
        return [found for place, one, other in inner for found in differences(one, other, place)]
    if type(ours) is type(theirs) is list:
        return _list_differences(ours, theirs, path)
    if isinstance(ours, bool) == isinstance(theirs, bool) and ours == theirs:
        return []
    return [Difference(path, _text(ours), _text(theirs))]


def _list_differences(ours: list, theirs: list, path: str) -> list[Difference]:
    """Elements that stand opposite each other are looked into; the rest is there on one side only."""
    found = []
    matcher = SequenceMatcher(None, [_text(value) for value in ours], [_text(value) for value in theirs], autojunk=False)
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        for step in range(max(end - start, other_end - other_start)):
            one = ours[start + step] if start + step < end else ABSENT
            other = theirs[other_start + step] if other_start + step < other_end else ABSENT
            found += differences(one, other, f"{path}[{(start if one != ABSENT else other_start) + step}]")
    return found


def _matches(pattern: str, text: str) -> bool:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _text(value: Any) -> str:
    return ABSENT if value == ABSENT else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _short(text: str) -> str:
    return text if len(text) <= 400 else f"{text[:300]} ... {len(text)} letters"
