"""What schemathesis does beside its own checks; it loads this file. `ATTACK_FOREIGN` holds what is somebody else's: ids by the first part of a path, and a secret."""

import json
import os
import random

import schemathesis

FOREIGN = json.loads(os.environ.get("ATTACK_FOREIGN", "{}"))
CHANCE = random.Random(os.environ.get("ATTACK_SEED"))


UNDESCRIBED = {
    ("POST /api/auth/register", "password"): "which passwords are too easy to guess",
    ("POST /api/auth/login", "new_password"): "which passwords are too easy to guess",
    ("POST /api/auth/password", "new_password"): "which passwords are too easy to guess",
    ("POST /api/chat", "time_zone"): "which time zones there are",
    ("POST /api/runs/{id}/approvals", "arguments"): "that a text holds a JSON object",
    ("POST /api/tokens", "expires_in_days"): "that a whole number is written without a fraction, not even .0",
}
"""Rules of a field that no JSON Schema can say: what breaks only these may be refused with 422 though the description takes it."""


class ForeignRow(AssertionError):
    """Somebody got what is somebody else's."""


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every id in a path, and every conversation that a message names, is somebody else's. Who has a session sends no API token beside it."""
    (case.headers or {}).pop("Authorization", None)
    if not FOREIGN:
        return
    ids = FOREIGN["ids"].get(kind(case.operation.path))
    if ids and case.path_parameters:
        case.path_parameters = {name: CHANCE.choice(ids) for name in case.path_parameters}
    if isinstance(case.body, dict) and "conversation_id" in case.body:
        case.body["conversation_id"] = CHANCE.choice(FOREIGN["ids"]["conversations"])


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure is one: not for what `UNDESCRIBED` names."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 422:
        return True
    problem = response.json()
    fields = [error["path"] for error in problem.get("errors", [])]
    # A key that an earlier request was made with is good for the same body only.
    if "Idempotency-Key" in fields or "Idempotency-Key" in problem["detail"]:
        return False
    return any((case.operation.label, field) not in UNDESCRIBED for field in fields) or not fields


@schemathesis.check
def keeps_to_its_owner(context, response, case):
    """Nobody gets to see, or to change, what is somebody else's."""
    if not FOREIGN:
        return
    if FOREIGN["secret"] in response.text:
        raise ForeignRow(f"{case.method} {case.formatted_path} shows what is somebody else's")
    if case.path_parameters and kind(case.operation.path) in FOREIGN["ids"] and response.status_code < 300:
        raise ForeignRow(f"{case.method} {case.formatted_path}, which is somebody else's, answers {response.status_code}")


def kind(path: str) -> str:
    """What a path is about: the part before its first parameter."""
    return path.split("/{")[0].rsplit("/", 1)[-1]
