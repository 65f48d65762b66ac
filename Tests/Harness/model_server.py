"""A model server on a free loopback port that plays the scenario over Chat Completions, counts what it was asked, and judges every history.

What it answers follows from the conversation that it is sent, as with a real model: the same request again gets the same calls. Its texts name
the request that they answer, so that halves of two answers can be told apart.
"""

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECES = 24
"""How many pieces a text is sent in; together more than the 1 KB that a run's log groups."""


def text_of(turn: int, request: int) -> str:
    """What is said in a turn, in answer to the so-manieth request."""
    middle = " ".join(f"turn {turn} request {request} word {word} of this answer;" for word in range(40))
    return f"<{turn}.{request}> {middle} </{turn}.{request}>"


@dataclass
class Play:
    """One scenario, as its model sees it."""

    pause: float = 0.004
    """Seconds between the pieces of a text."""
    fault: str = ""
    """What happens to a request at K3: `kill`, `error`, or `stop`; empty when nothing does."""
    fault_at: int = 1
    at_fault: object = None
    """Called, with the request unanswered, when the fault is `kill` or `stop`."""
    requests: int = 0
    complaints: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def pause_after(self, message: str) -> float:
        """Seconds between the pieces of the answer to a person's message."""
        return self.pause

    def answer(self, turn: int, number: int, message: str):
        """The deltas of the answer to the so-manieth request, each with the reason for which it was the last."""
        return chunks(turn, number, message)

    def take(self, messages: list[dict]) -> tuple[int, int]:
        """The number of the request, and the turn that it asks for."""
        with self.lock:
            self.requests += 1
            number = self.requests
            self.complaints += faults_of(messages)
        since = messages[max(place for place, message in enumerate(messages) if message["role"] == "user") :]
        return number, 1 + sum(1 for message in since if message["role"] == "assistant" and message.get("tool_calls"))


def faults_of(messages: list[dict]) -> list[str]:
    """What a provider would refuse in a conversation: calls and their outputs must stand together, each once."""
    faults, open_calls = [], []
    for message in messages:
        if message["role"] == "tool":
            if message.get("tool_call_id") not in open_calls:
                faults.append(f"an output of no open call: {message.get('tool_call_id')}")
            else:
                open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            faults.append(f"calls without an output: {open_calls}")
            open_calls = []
        calls = [call["id"] for call in message.get("tool_calls") or []]
        if len(set(calls)) != len(calls):
            faults.append("an id of two calls")
        open_calls = calls
        if message["role"] == "assistant" and not calls and not message.get("content"):
            faults.append("an empty answer")
    if open_calls:
        faults.append(f"calls without an output: {open_calls}")
    users = [message for message in messages if message["role"] == "user"]
    if len({str(message["content"]) for message in users}) != len(users):
        faults.append("a message of the person's twice")
    return faults


def calls_of(turn: int, message: str, number: int) -> list[dict]:
    """The scenario: two calls, then one, then none. The person's message names what they are about."""
    if "Sweep" not in message:
        return []
    wishes = dict(word.split("=", 1) for word in message.split() if "=" in word)
    script = {
        1: [("add_todo", {"title": wishes["add"]}), ("complete_todo", {"id": int(wishes["complete"])})],
        2: [("delete_todo", {"id": int(wishes["delete"])})],
    }
    return [
        {"id": f"call_{turn}_{number}_{place}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        for place, (name, arguments) in enumerate(script.get(turn, []))
    ]


def chunks(turn: int, number: int, message: str):
    """The deltas of an answer: its text in pieces, then its calls."""
    text = text_of(turn, number)
    size = len(text) // PIECES + 1
    for start in range(0, len(text), size):
        yield {"content": text[start : start + size]}, None
    calls = calls_of(turn, message, number)
    for index, call in enumerate(calls):
        yield {"tool_calls": [{"index": index} | call]}, None
    yield {}, "tool_calls" if calls else "stop"


class ModelServer(ThreadingHTTPServer):
    """Plays scenarios, each under an address of its own."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.plays: dict[str, Play] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def play(self, name: str, play: Play) -> str:
        """The base URL at which it is played."""
        self.plays[name] = play
        return f"http://127.0.0.1:{self.server_port}/{name}/v1"

    def handle_error(self, request, client_address):
        """A client that was killed is no error of the server."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        play = self.server.plays[self.path.split("/")[1]]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        messages = body["messages"]
        number, turn = play.take(messages)
        if play.fault and number == play.fault_at:
            if play.fault == "error":
                self.close_connection = True
                return
            play.at_fault()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        last = [message for message in messages if message["role"] == "user"][-1]["content"]
        message = last if isinstance(last, str) else " ".join(part.get("text", "") for part in last)
        frame = {"id": f"chat_{number}", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": body["model"]}
        for delta, finish in play.answer(turn, number, message):
            self._send(frame | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], "usage": None})
            time.sleep(play.pause_after(message))
        self._send(frame | {"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}})
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, chunk: dict):
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *_):
        pass
