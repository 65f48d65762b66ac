#!/usr/bin/env python3
"""Checks request bodies against OpenAI's published OpenAPI description, which the package llm-comply ships.

check-requests.py FILE, with one {"api": "chat" or "responses", "body": {...}} a line. Says what is wrong and exits 1; exits 0 and says how
many were checked when nothing is.
"""

import json
import pathlib
import sys

import jsonschema
import llm_comply
import referencing
import referencing.jsonschema

SPECS = pathlib.Path(llm_comply.__file__).parent / "specs"


def as_json_schema(node):
    """OpenAPI 3.0 as JSON Schema: `nullable`, and unions told apart by a member or a discriminator, whose parts may overlap."""
    if isinstance(node, list):
        return [as_json_schema(element) for element in node]
    if not isinstance(node, dict):
        return node
    schema = {key: as_json_schema(value) for key, value in node.items() if key not in ("nullable", "discriminator")}
    if isinstance(schema.get("oneOf"), list):
        schema["anyOf"] = schema.pop("oneOf")
    # Beside a reference other keywords describe it and no more.
    if isinstance(schema.get("$ref"), str):
        schema = {"$ref": schema["$ref"]}
    return {"anyOf": [schema, {"type": "null"}]} if node.get("nullable") is True else schema


def validator(file, name):
    spec = as_json_schema(json.loads((SPECS / file).read_text()))
    resource = referencing.Resource(contents=spec, specification=referencing.jsonschema.DRAFT202012)
    registry = referencing.Registry().with_resource(file, resource)
    return jsonschema.Draft202012Validator({"$ref": f"{file}#/components/schemas/{name}"}, registry=registry)


CHAT = validator("openai_chat.json", "CreateChatCompletionRequest")
RESPONSES = validator("openai_chat.json", "CreateResponse")
# OpenAI's newer description of the same API, without its hosted tools: what came since then is here alone.
OPEN_RESPONSES = validator("openresponses.json", "CreateResponseBody")
ITEM = validator("openresponses.json", "ItemParam")


def first_error(api, body):
    if api == "chat":
        return next(CHAT.iter_errors(body), None)
    items = [item for item in body["input"] if not ITEM.is_valid(item)]
    settings = {} if OPEN_RESPONSES.is_valid({**body, "input": []}) else body
    return next(RESPONSES.iter_errors({**settings, "model": body["model"], "input": items}), None)


def deepest(error):
    """Of a failed union, what is wrong with the alternative that was meant: the one whose `type` or `role` fits."""
    while error.context:
        alternatives = {}
        for part in error.context:
            alternatives.setdefault(part.schema_path[0], []).append(part)
        meant = [parts for parts in alternatives.values() if not any({"type", "role"} & set(part.absolute_path) for part in parts)]
        error = min(meant or alternatives.values(), key=len)[0]
    return f"{'.'.join(str(step) for step in error.absolute_path)}: {error.message[:300]}"


def main():
    checked = wrong = 0
    for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
        request = json.loads(line)
        checked += 1
        error = first_error(request["api"], request["body"])
        if error is not None:
            wrong += 1
            print(f"{request['api']}: {deepest(error)}\n    {json.dumps(request['body'], ensure_ascii=False)[:2000]}")
    print(f"{checked} checked, {wrong} wrong")
    sys.exit(1 if wrong or not checked else 0)


if __name__ == "__main__":
    main()
