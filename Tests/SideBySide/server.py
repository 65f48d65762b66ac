"""A model server on a free loopback port that plays scripts and records what it was asked."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import wire


class Play:
    """One script being played: its answers in order, and the requests that came for them."""

    def __init__(self, script: list[dict]):
        self.requests: list[dict] = []
        self._script = script
        self._lock = threading.Lock()

    def answer(self, request: dict) -> tuple[int, dict]:
        """The number of the request, from 1, and the answer that is its turn."""
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        if number > len(self._script):
            return number, {"status": 418, "message": f"The script has no answer for request {number}."}
        return number, self._script[number - 1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up is no error of the server."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class ModelServer:
    """Serves both wire APIs, streamed and not, each script under an address of its own."""

    def __init__(self):
        self._plays: dict[str, Play] = {}
        handler = type("Handler", (_Handler,), {"plays": self._plays})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def play(self, name: str, script: list[dict]) -> tuple[str, Play]:
        """The base URL at which the script is played, and the play."""
        play = self._plays[name] = Play(script)
        return f"http://127.0.0.1:{self._server.server_port}/{name}/v1", play


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    plays: dict[str, Play] = {}

    def do_POST(self):
        name, _, path = self.path.strip("/").partition("/v1/")
        request = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        number, answer = self.plays[name].answer({"path": path, "body": request})
        if "status" in answer:
            return self._fail(answer)
        form = "responses" if path == "responses" else "chat"
        model = request.get("model", "")
        if request.get("stream"):
            self._stream(getattr(wire, f"{form}_events")(answer, number, model), answer, is_chat=form == "chat")
        else:
            self._whole(getattr(wire, f"{form}_body")(answer, number, model), answer)

    def _fail(self, answer: dict):
        error = {"message": answer.get("message", "No."), "type": answer.get("type", "error"), "code": answer.get("code"), "param": None}
        self._send(answer["status"], {"error": error}, answer.get("headers", {}))

    def _whole(self, body: dict, answer: dict):
        if "error_after" in answer:
            return self._send(500, {"error": answer["error"]}, {"x-should-retry": "false"})
        data = json.dumps(body).encode()
        self._begin(200, "application/json", {"Content-Length": str(len(data))})
        if "cut_after" in answer:
            self.wfile.write(data[: len(data) // 2])
            return self._hang_up()
        self.wfile.write(data)

    def _stream(self, events: list[dict], answer: dict, *, is_chat: bool):
        """Plays the events; `cut_after` hangs up after so many of them, `error_after` reports an error in the place of the rest."""
        self._begin(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        end = answer.get("cut_after", answer.get("error_after"))
        for event in events[:end]:
            self._event(event, is_chat=is_chat)
        if "cut_after" in answer:
            return self._hang_up()
        if "error_after" in answer:
            self._event({"error": answer["error"]} if is_chat else {"type": "error", "sequence_number": end} | answer["error"], is_chat=is_chat)
        if is_chat:
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, event: dict, *, is_chat: bool):
        name = "" if is_chat else f"event: {event['type']}\n"
        self._chunk(f"{name}data: {json.dumps(event)}\n\n".encode())

    def _chunk(self, data: bytes):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _send(self, status: int, body: dict, headers: dict[str, str]):
        data = json.dumps(body).encode()
        self._begin(status, "application/json", headers | {"Content-Length": str(len(data))})
        self.wfile.write(data)

    def _begin(self, status: int, kind: str, headers: dict[str, str]):
        self.send_response(status)
        for name, value in ({"Content-Type": kind} | headers).items():
            self.send_header(name, value)
        self.end_headers()

    def _hang_up(self):
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_):
        pass
