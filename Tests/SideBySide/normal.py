"""What is not looked at when requests and outcomes are compared: each rule names itself and says why."""

from collections.abc import Callable
from typing import Any

RULES: list[tuple[str, Callable[[Any], Any]]] = []


def rule(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Applied to every object of a request or an outcome, inner ones first."""
    RULES.append((function.__name__, function))
    return function


def normal(value: Any) -> Any:
    if isinstance(value, list):
        return [normal(element) for element in value]
    if not isinstance(value, dict):
        return value
    value = {key: normal(element) for key, element in value.items()}
    for _, apply in RULES:
        value = apply(value)
    return value


@rule
def empty_lists_of_a_request(value: dict) -> dict:
    """`tools: []` and `include: []` ask for nothing, as does leaving them out."""
    return {key: element for key, element in value.items() if not (key in ("tools", "include") and element == [])}


@rule
def order_of_what_is_included(value: dict) -> dict:
    """`include` is a set; the SDK sends it in an order of chance."""
    return {key: sorted(element) if key == "include" and isinstance(element, list) else element for key, element in value.items()}


@rule
def kind_of_a_message(value: dict) -> dict:
    """An item with a `role` is a message, with `type: message` or without."""
    return {key: element for key, element in value.items() if not ("role" in value and (key, element) == ("type", "message"))}


@rule
def status_of_a_whole_item(value: dict) -> dict:
    """`status: completed` is the provider's note about an item; sent back to it, it is not looked at."""
    return {key: element for key, element in value.items() if (key, element) != ("status", "completed")}


@rule
def one_text_part(value: dict) -> dict:
    """An output or content of one text part is that text."""

    def plain(key: str, element: Any) -> Any:
        if key not in ("output", "content") or not isinstance(element, list) or len(element) != 1 or not isinstance(element[0], dict):
            return element
        part = element[0]
        return part["text"] if part.get("type") in ("input_text", "text") and part.keys() <= {"type", "text"} else element

    return {key: plain(key, element) for key, element in value.items()}


@rule
def placeholder_id(value: dict) -> dict:
    """Chat Completions has no ids of items; the SDK writes a placeholder into its own items and takes it out before it sends them."""
    return {key: element for key, element in value.items() if (key, element) != ("id", "__fake_id__")}


@rule
def note_of_the_provider(value: dict) -> dict:
    """The SDK notes in its items which model they came from; it takes the note out before it sends them."""
    return {key: element for key, element in value.items() if key != "provider_data"}


@rule
def no_log_probabilities(value: dict) -> dict:
    """`logprobs: []` and `logprobs: null` are none."""
    return {key: element for key, element in value.items() if not (key == "logprobs" and not element)}


@rule
def empty_instructions(value: dict) -> dict:
    """`instructions: ""` says nothing, as does leaving it out."""
    return {key: element for key, element in value.items() if (key, element) != ("instructions", "")}


@rule
def empty_content(value: dict) -> dict:
    """A message without text has `content: null` or none."""
    return {key: element for key, element in value.items() if (key, element) != ("content", None)}
