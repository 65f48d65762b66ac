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
        if only not in test.__name__:
            continue
        began = time.monotonic()
        try:
            found = test(ground, ground.person())
        except Exception:  # noqa: BLE001: whatever it is, it is a fault
            found = [traceback.format_exc()]
        found += ground.is_alive()
        print(f"  {'FAILED' if found else 'passed'} {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
        faults += [f"{test.__name__}: {fault}" for fault in found]
    return faults
