"""What is somebody else's, and what nobody may have who is not signed in: every route of /openapi.json is asked for it."""

import json

from api import rows_in_database, rows_of
from ground import Ground, Person

UNKNOWN = "00000000-0000-7000-8000-000000000000"


def description(ground: Ground, person: Person) -> dict:
    return person.expect(200, "GET", "/openapi.json")


def operations(described: dict) -> list[tuple[str, str, dict]]:
    """Path, method and operation of each."""
    return [(path, method.upper(), operation) for path, item in described["paths"].items() for method, operation in item.items()]


def example(schema: dict, described: dict):
    """The smallest value that a schema takes."""
    if "$ref" in schema:
        return example(described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], described)
    for choice in schema.get("anyOf", schema.get("oneOf", [])):
        return example(choice, described)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {name: example(schema["properties"][name], described) for name in schema.get("required", [])}
    return {"string": "x" * max(schema.get("minLength", 0), 1), "integer": schema.get("minimum", 0), "boolean": True, "array": []}[kind]


def body_of(operation: dict, described: dict):
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return example(content["schema"], described) if content else None


def kind(path: str) -> str:
    """What a path is about: the part before its first parameter."""
    return path.split("/{")[0].rsplit("/", 1)[-1]


def asked(person: Person, method: str, path: str, body) -> tuple[int, dict]:
    """The answer without what differs from request to request."""
    connection, answer = person.request(method, path, body, timeout=10)
    try:
        text = answer.read().decode()
    finally:
        connection.close()
    found = json.loads(text) if text.startswith("{") else {"text": text}
    found.pop("instance", None)
    fields = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in ("date", "x-request-id", "content-length")}
    return answer.status, found | {"fields": fields}


def test_r050_what_is_somebody_elses_is_as_if_it_were_not_there(ground: Ground, person: Person) -> list[str]:
    owner = ground.person()
    theirs, described = rows_of(ground, owner), description(ground, person)
    before, faults, tried = rows_in_database(ground, owner), [], 0
    for path, method, operation in operations(described):
        if "{" not in path or kind(path) not in theirs["ids"]:
            continue
        name = path[path.index("{") : path.index("}") + 1]
        body, tried = body_of(operation, described), tried + 1
        foreign = asked(person, method, path.replace(name, theirs["ids"][kind(path)][0]), body)
        unknown = asked(person, method, path.replace(name, "900999" if kind(path) == "todos" else UNKNOWN), body)
        if foreign[0] != 404 or foreign != unknown:
            faults.append(f"{method} {path}: {foreign} for somebody else's, {unknown} for one that is not there")
        for wrong in ["0", "-1", "9223372036854775808", "x", UNKNOWN.replace("-", ""), "%27%20OR%201%3D1--"]:
            status, _ = asked(person, method, path.replace(name, wrong), body)
            if status not in (400, 404, 422):
                faults.append(f"{method} {path} for {wrong}: {status}")
    if rows_in_database(ground, owner) != before:
        faults.append("rows of the owner have changed")
    return faults if tried >= 10 else faults + [f"only {tried} operations were tried"]


def test_r051_cursors_keys_and_event_ids_of_others_give_nothing(ground: Ground, person: Person) -> list[str]:
    owner, faults = ground.person(), []
    theirs = rows_of(ground, owner)
    owner.chat(f"More of the {theirs['secret']}.")
    after = owner.expect(200, "GET", "/api/conversations?limit=1")["after"]
    for path in [f"/api/conversations?after={after}", "/api/todos?after=900000", f"/api/conversations?q={owner.name}", f"/api/todos?q={owner.name}"]:
        if person.expect(200, "GET", path)["data"]:
            faults.append(f"{path} shows something")
    body = {"title": f"{theirs['secret']} by key"}
    first = owner.expect(201, "POST", "/api/todos", body, {"Idempotency-Key": "a-key"})
    second = person.expect(201, "POST", "/api/todos", {"title": "mine"}, {"Idempotency-Key": "a-key"})
    if second["title"] != "mine" or second["id"] == first["id"]:
        faults.append(f"a key of somebody else's gives {second}")
    status, answer = person.call("POST", "/api/chat", {"message": "Hello", "conversation_id": theirs["ids"]["conversations"][0]})
    if status != 404:
        faults.append(f"a message into a conversation of somebody else's: {status} {answer}")
    status, _ = person.call("GET", f"/api/runs/{theirs['ids']['runs'][0]}/events", headers={"Last-Event-ID": "1"})
    return faults if status == 404 else faults + [f"events of somebody else's: {status}"]


def test_r053_who_is_not_signed_in_gets_401_unless_a_route_is_open(ground: Ground, person: Person) -> list[str]:
    described, faults, closed = description(ground, person), [], 0
    person.cookies = {}
    for path, method, operation in operations(described):
        if not operation["security"]:
            continue
        closed += 1
        filled = path.replace("{id}", UNKNOWN).replace("{number}", "1")
        for body in [body_of(operation, described), {"unknown": 1} if method in ("POST", "PATCH") else None]:
            status, _ = asked(person, method, filled, body)
            if status != 401:
                faults.append(f"{method} {path}: {status}")
    return faults if closed >= 15 else faults + [f"only {closed} operations are closed"]
