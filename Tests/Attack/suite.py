"""Runs the tests of a module one by one. A test is a function `test_...(ground, person)` that gives the faults it found; its name begins with the
number of the requirement. After each one the process must be the same, and somebody else's stream go on."""

import inspect
import time
import traceback
from types import ModuleType

from ground import Ground


def tests_of(module: ModuleType) -> list:
    """In the order in which they stand."""
    return [function for name, function in inspect.getmembers(module, inspect.isfunction) if name.startswith("test_")]


def run(module: ModuleType, ground: Ground, only: str = "") -> list[str]:
    """What was found."""
    faults = []
    for test in sorted(tests_of(module), key=lambda test: test.__code__.co_firstlineno):
        if only in test.__name__:
            faults += report(test.__name__, lambda test=test: test(ground, ground.person()), ground.is_alive)
    return faults


def report(name: str, test, afterwards=lambda: []) -> list[str]:
    """Makes a test, says whether it passed, and gives what was found."""
    began = time.monotonic()
    try:
        found = test()
    except Exception:  # noqa: BLE001: whatever it is, it is a fault
        found = [traceback.format_exc()]
    found += afterwards()
    print(f"  {'FAILED' if found else 'passed'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    return [f"{name}: {fault}" for fault in found]


def conclude(faults: list[str]) -> int:
    """Says what was found, and gives the code to end with."""
    for fault in faults[:20]:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0
