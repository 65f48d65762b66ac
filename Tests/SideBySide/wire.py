"""Writes a scripted answer as each wire API sends it: in one piece or as the events of a stream.

An answer is a mapping with `items`, each of them a mapping with one of these keys:

- `say`: a text, repeated so many `times`; in Chat Completions, texts of one answer are one message
- `refuse`: a refusal
- `reason`: what a reasoning model thought
- `call`: the name of a function, with `arguments` (a mapping, or a text that need not be JSON) and `id`

Beside them it may have `finish` (`length` or `content_filter`) and `usage` (a list of input and output tokens).
"""

import json

CREATED = 1_700_000_000


def responses_body(answer: dict, number: int, model: str) -> dict:
    """The whole answer of the Responses API: https://platform.openai.com/docs/api-reference/responses/object"""
    finish = answer.get("finish")
    reasons = {"length": "max_output_tokens", "content_filter": "content_filter"}
    return _response_frame(number, model) | {
        "status": "incomplete" if finish else "completed",
        "incomplete_details": {"reason": reasons[finish]} if finish else None,
        "output": [_responses_item(item, number, place) for place, item in enumerate(answer["items"])],
        "usage": _responses_usage(answer),
    }


def responses_events(answer: dict, number: int, model: str) -> list[dict]:
    """The events of a Responses stream: https://platform.openai.com/docs/api-reference/responses-streaming"""
    whole = responses_body(answer, number, model)
    opening = _response_frame(number, model) | {"status": "in_progress"}
    events = [{"type": "response.created", "response": opening}, {"type": "response.in_progress", "response": opening}]
    for place, item in enumerate(whole["output"]):
        events.append({"type": "response.output_item.added", "output_index": place, "item": _responses_opening(item)})
        events += [{"output_index": place, "item_id": item["id"]} | event for event in _responses_pieces(item)]
        events.append({"type": "response.output_item.done", "output_index": place, "item": item})
    events.append({"type": f"response.{whole['status']}", "response": whole})
    return [event | {"sequence_number": order} for order, event in enumerate(events)]


def chat_body(answer: dict, number: int, model: str) -> dict:
    """The whole answer of Chat Completions: https://platform.openai.com/docs/api-reference/chat/object"""
    parts = _chat_parts(answer, number)
    message = {"role": "assistant", "content": parts["content"], "refusal": parts["refusal"]}
    if parts["calls"]:
        message["tool_calls"] = parts["calls"]
    if parts["reasoning"]:
        message["reasoning_content"] = parts["reasoning"]
    choice = {"index": 0, "message": message, "finish_reason": _chat_finish(answer, parts), "logprobs": None}
    return _chat_frame(number, model, "chat.completion") | {"choices": [choice], "usage": _chat_usage(answer)}


def chat_events(answer: dict, number: int, model: str) -> list[dict]:
    """The chunks of a chat stream: https://platform.openai.com/docs/api-reference/chat-streaming"""
    parts = _chat_parts(answer, number)
    deltas = [{"role": "assistant", "content": ""}]
    deltas += [{"reasoning_content": piece} for piece in _pieces(parts["reasoning"])]
    deltas += [{"content": piece} for piece in _pieces(parts["content"])]
    deltas += [{"refusal": piece} for piece in _pieces(parts["refusal"])]
    for index, call in enumerate(parts["calls"]):
        opening = call | {"function": {"name": call["function"]["name"], "arguments": ""}}
        deltas.append({"tool_calls": [{"index": index} | opening]})
        for piece in _pieces(call["function"]["arguments"]):
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    choices = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": _chat_finish(answer, parts)})
    frame = _chat_frame(number, model, "chat.completion.chunk")
    return [frame | {"choices": [choice], "usage": None} for choice in choices] + [frame | {"choices": [], "usage": _chat_usage(answer)}]


def _response_frame(number: int, model: str) -> dict:
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": CREATED,
        "model": model,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": None,
    }


def _responses_item(item: dict, number: int, place: int) -> dict:
    if "call" in item:
        call = {"type": "function_call", "id": f"fc_{number}_{place}", "call_id": _call_id(item, number, place), "name": item["call"]}
        return call | {"arguments": _arguments(item), "status": "completed"}
    if "reason" in item:
        return {"type": "reasoning", "id": f"rs_{number}_{place}", "summary": [{"type": "summary_text", "text": item["reason"]}]}
    text, refusal = item.get("say"), item.get("refuse")
    part = {"type": "refusal", "refusal": refusal} if text is None else {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "id": f"msg_{number}_{place}", "role": "assistant", "status": "completed", "content": [part]}


def _responses_opening(item: dict) -> dict:
    """The item as it is announced, before anything of it has come."""
    empty = {"message": {"content": [], "status": "in_progress"}, "function_call": {"arguments": "", "status": "in_progress"}}
    return item | empty.get(item["type"], {"summary": []})


def _responses_pieces(item: dict) -> list[dict]:
    if item["type"] == "function_call":
        deltas = [{"type": "response.function_call_arguments.delta", "delta": piece} for piece in _pieces(item["arguments"])]
        return deltas + [{"type": "response.function_call_arguments.done", "arguments": item["arguments"], "name": item["name"]}]
    if item["type"] == "reasoning":
        part, place, kind = item["summary"][0], {"summary_index": 0}, "reasoning_summary"
        key, empty = "text", {"type": "summary_text", "text": ""}
    else:
        part, place, kind = item["content"][0], {"content_index": 0}, "content"
        key = "text" if part["type"] == "output_text" else "refusal"
        empty = part | {key: ""}
    said = {"summary_text": "reasoning_summary_text", "output_text": "output_text", "refusal": "refusal"}[part["type"]]
    more = {"logprobs": []} if said == "output_text" else {}
    return [
        place | {"type": f"response.{kind}_part.added", "part": empty},
        *(place | more | {"type": f"response.{said}.delta", "delta": piece} for piece in _pieces(part[key])),
        place | more | {"type": f"response.{said}.done", key: part[key]},
        place | {"type": f"response.{kind}_part.done", "part": part},
    ]


def _responses_usage(answer: dict) -> dict:
    put_in, out = answer.get("usage", [10, 5])
    details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    return details | {"input_tokens": put_in, "output_tokens": out, "total_tokens": put_in + out}


def _chat_frame(number: int, model: str, kind: str) -> dict:
    return {"id": f"chatcmpl_{number}", "object": kind, "created": CREATED, "model": model}


def _chat_parts(answer: dict, number: int) -> dict:
    items = answer["items"]
    calls = [
        {
            "id": _call_id(item, number, place),
            "type": "function",
            "function": {"name": item["call"], "arguments": _arguments(item)},
        }
        for place, item in enumerate(items)
        if "call" in item
    ]
    texts = {key: [item[key] for item in items if key in item] for key in ("say", "refuse", "reason")}
    return {
        "content": "".join(texts["say"]) if texts["say"] else None,
        "refusal": "".join(texts["refuse"]) or None,
        "reasoning": "".join(texts["reason"]) or None,
        "calls": calls,
    }


def _chat_finish(answer: dict, parts: dict) -> str:
    return answer.get("finish") or ("tool_calls" if parts["calls"] else "stop")


def _chat_usage(answer: dict) -> dict:
    put_in, out = answer.get("usage", [10, 5])
    return {"prompt_tokens": put_in, "completion_tokens": out, "total_tokens": put_in + out}


def _call_id(item: dict, number: int, place: int) -> str:
    return item.get("id", f"call_{number}_{place}")


def _arguments(item: dict) -> str:
    arguments = item.get("arguments", {})
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)


def _pieces(text: str | None) -> list[str]:
    """A text as a stream brings it: in three pieces, the last of them perhaps empty."""
    if not text:
        return []
    third = len(text) // 3 + 1
    return [text[start : start + third] for start in range(0, len(text), third)]
