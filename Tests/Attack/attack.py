"""Attacks a gateway from outside, as whoever reaches its port can. Ends with 1 when anything is wrong with what it answers, keeps, or costs others.

    attack.py --agent .build/debug/agent                  everything
    attack.py --agent .build/debug/agent --only http      some of it
    attack.py --agent .build/debug/agent --sample         what is quick
"""

import argparse
import importlib
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))

import api  # noqa: E402
import suite  # noqa: E402
import tls  # noqa: E402
from gateway import Gateway  # noqa: E402
from ground import Ground  # noqa: E402
from places import PostgresPlace, PostgresServer, SQLitePlace  # noqa: E402

OF_THE_SERVER = ["deadlines", "slow", "tls", "browser", "database", "ending"]
"""Parts to which it is all the same what database there is."""
SAMPLE = ["protocol", "objects", "api"]
PARTS = ["protocol", "objects", "api", "tls", "deadlines", "slow", "browser", "database", "ending"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agent", type=Path, required=True)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--test", default="", help="only tests with this in their name")
    parser.add_argument("--database", action="append", choices=["sqlite", "postgres"])
    parser.add_argument("--keep", action="store_true", help="leaves the folder with databases, logs and reports")
    return parser.parse_args()


def attack(part: str, ground: Ground, options: argparse.Namespace) -> list[str]:
    """What was found."""
    if part == "api":
        return api.attack(ground, options.seed, options.sample)
    if part == "tls":
        secured = ground.beside("tls", address=tls.certified(ground.folder / "certificates"))
        try:
            return suite.run(tls, secured, options.test)
        finally:
            secured.end()
    # What needs packages that the quick parts do without is loaded once it is wanted.
    return suite.run(importlib.import_module(part), ground, options.test)


def main() -> int:
    options = arguments()
    # So that what was started ends, however this does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="agent-attack-", dir="/tmp"))
    began = time.monotonic()
    print(f"Attack with --seed {options.seed} in {folder}", flush=True)
    server, faults = None, []
    try:
        for number, database in enumerate(options.database or (["sqlite"] if options.sample else ["sqlite", "postgres"])):
            if database == "postgres":
                server = PostgresServer()
            place = PostgresPlace(server, "attack") if database == "postgres" else SQLitePlace(folder / "sqlite")
            ground = Ground(options.agent.resolve(), folder, place)
            for part in options.only or (SAMPLE if options.sample else PARTS):
                if part in OF_THE_SERVER and number > 0:
                    continue
                print(f"{part} on {database}", flush=True)
                faults += attack(part, ground, options)
            ground.end()
    finally:
        for gateway in Gateway.started:
            gateway.kill()
        if server:
            server.close()
        if not faults and not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults, {time.monotonic() - began:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
