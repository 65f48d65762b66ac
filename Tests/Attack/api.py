"""Everything that /openapi.json describes, tried by schemathesis with all its checks: as a person, as nobody, and as another person."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from gateway import ORIGIN
from ground import PASSWORD, Ground, Person

HOOKS = Path(__file__).resolve().parent / "hooks.py"

REFUSALS = [400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 421, 422, 429, 431]
"""What may become of a request that is not as it is described."""

LEFT_OUT = {
    "another": {
        "ensure_resource_availability": "every id is somebody else's, so that what was just made is not what is asked for",
        "use_after_free": "the same",
    }
}
"""Checks of schemathesis that are not made in a sweep, each with its reason; what is let pass besides is in `hooks.py`."""


@dataclass
class Sweep:
    """One run of schemathesis."""

    who: str
    """`person`, `nobody`, `another`, who has a session of her own and the ids of somebody else, or `program`, which has a person's API token."""
    seed: int
    examples: int
    phases: list[str] = field(default_factory=lambda: ["examples", "coverage", "fuzzing", "stateful"])
    foreign: dict = field(default_factory=dict)
    """What is somebody else's, see `hooks.py`."""
    token: str = ""
    """A program's."""

    def run(self, ground: Ground) -> list[str]:
        """What was found."""
        folder = ground.folder / f"schemathesis-{self.who}"
        folder.mkdir()
        (folder / "schemathesis.toml").write_text(self._configuration(ground, folder))
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "ATTACK_FOREIGN": json.dumps(self.foreign), "ATTACK_SEED": str(self.seed)}
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(folder / "schemathesis.toml"), "run", f"{ground.url}/openapi.json"]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        (folder / "report").write_text(done.stdout + done.stderr)
        cases = re.search(r"(\d+) generated", done.stdout)
        print(f"  as {self.who}: {cases.group(1) if cases else '?'} requests", flush=True)
        faults = [] if done.returncode == 0 else [f"schemathesis as {self.who}, seed {self.seed}:\n{_failures(done.stdout) or done.stdout[-3_000:]}{done.stderr[-2_000:]}"]
        return faults + [f"as {self.who}: {fault}" for fault in ground.is_alive()]

    def _configuration(self, ground: Ground, folder: Path) -> str:
        """https://schemathesis.readthedocs.io/en/stable/reference/configuration"""
        lines = [
            f"seed = {self.seed}", "workers = 1", "continue-on-failure = true", "request-timeout = 20", f'base-url = "{ground.url}"',
            f'hooks = "{HOOKS}"', f'headers = {{ Origin = "{ORIGIN}", Host = "{ORIGIN.removeprefix("http://")}" }}',
            "[generation]", f"max-examples = {self.examples}", 'database = "none"', f"with-security-parameters = {str(self.who != 'nobody').lower()}",
            "[checks]", f"negative_data_rejection.expected-statuses = {REFUSALS}", *[f"{name}.enabled = false" for name in LEFT_OUT.get(self.who, {})],
            "[phases]", *[f"{phase}.enabled = {str(phase in self.phases).lower()}" for phase in ("examples", "coverage", "fuzzing", "stateful")],
        ]
        if self.who != "nobody":
            people = {"person": ["ada", "bert"], "another": ["bert"], "program": ["program"]}[self.who]
            (folder / "people.json").write_text(json.dumps({"auth": [self._credentials(name) for name in people]}))
            peers = f'peers = {json.dumps(people)}' if len(people) > 1 else ""
            lines += ["[auth.wfc]", f'path = "{folder / "people.json"}"', f'user = "{people[0]}"', peers]
        return "\n".join(lines) + "\n"

    def _credentials(self, name: str) -> dict:
        """In the format of Web Fuzzing Commons."""
        if self.token:
            return {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {self.token}"}]}
        return _sign_in(name)


def _sign_in(name: str) -> dict:
    """How schemathesis signs a person in."""
    return {
        "name": name,
        "loginEndpointAuth": {
            "endpoint": "/api/auth/login", "verb": "POST", "contentType": "application/json", "expectCookies": True,
            "payloadRaw": json.dumps({"email": f"{name}@example.com", "password": PASSWORD}),
            "headers": [{"name": "Origin", "value": ORIGIN}, {"name": "Host", "value": ORIGIN.removeprefix("http://")}],
        },
    }


def _failures(output: str) -> str:
    """The part of a report that says what failed."""
    start = output.find("= FAILURES =")
    return output[start - 40 :] if start >= 0 else ""


def attack(ground: Ground, seed: int, is_sample: bool) -> list[str]:
    """All sweeps on one ground."""
    ada, _ = Person(ground.url, "ada"), Person(ground.url, "bert")
    foreign = rows_of(ground, ada)
    before = rows_in_database(ground, ada)
    examples = 4 if is_sample else 40
    faults = Sweep("another", seed, examples, foreign=foreign).run(ground)
    if rows_in_database(ground, ada) != before:
        faults.append("what is Ada's was changed by another person")
    faults += Sweep("nobody", seed, examples, phases=["examples", "coverage", "fuzzing"]).run(ground)
    faults += Sweep("person", seed, examples).run(ground)
    if is_sample:
        return faults
    token = ground.person().expect(201, "POST", "/api/tokens", {"name": "program"})["token"]
    return faults + Sweep("program", seed, examples, token=token).run(ground)


def rows_of(ground: Ground, person: Person) -> dict:
    """One of everything that has an id, by the path's first part, with a secret in each; numbers of todos are none that others reach."""
    secret = f"secret of {person.name}"
    ground.place.execute(f"UPDATE users SET next_todo = 900001 WHERE email = '{person.email}'")
    todos = [person.expect(201, "POST", "/api/todos", {"title": f"{secret} {number}"})["id"] for number in range(3)]
    reading = person.chat(f"Remember the {secret}.")
    sessions = person.expect(200, "GET", "/api/auth/sessions")["data"]
    token = person.expect(201, "POST", "/api/tokens", {"name": secret})
    ids = {
        "todos": list(map(str, todos)), "runs": [reading.run], "conversations": [reading.conversation], "sessions": [sessions[0]["id"]],
        "tokens": [token["id"]],
    }
    return {"secret": secret, "ids": ids}


def rows_in_database(ground: Ground, person: Person) -> dict[str, list]:
    """Every row that is a person's."""
    owner = person.expect(200, "GET", "/api/auth/verify")["id"]
    return {
        "todos": ground.place.rows(f"SELECT * FROM todos WHERE owner = '{owner}' ORDER BY number"),
        "conversations": ground.place.rows(f"SELECT * FROM conversations WHERE owner = '{owner}' ORDER BY id"),
        "runs": ground.place.rows(f"SELECT * FROM runs WHERE owner = '{owner}' ORDER BY id"),
        "events": ground.place.rows(f"SELECT * FROM run_events WHERE run_id IN (SELECT id FROM runs WHERE owner = '{owner}') ORDER BY run_id, id"),
        "tokens": ground.place.rows(f"SELECT id, scopes FROM api_tokens WHERE user_id = '{owner}' ORDER BY id"),
        "sessions": ground.place.rows(f"SELECT id, revoked_at FROM sessions WHERE user_id = '{owner}' ORDER BY id"),
    }
