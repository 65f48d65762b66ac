"""A model server that begins its first answer and goes on with it only when it is told to: `GET /go`.

It calls `add_todo` unless the conversation holds the call's output already, and then says that it is done.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

go = threading.Event()
first = threading.Lock()


class Model(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        go.set()
        self.send_response(204)
        self.end_headers()

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if first.acquire(blocking=False):
            self.say({"content": "Half an ans"})
            go.wait()
        if any(message["role"] == "tool" for message in request["messages"]):
            self.say({"content": "Done."}, "stop")
        else:
            function = {"name": "add_todo", "arguments": '{"title":"Milk"}'}
            self.say({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}, "tool_calls")
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def say(self, delta, reason=None):
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": reason}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self.wfile.flush()


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
server.daemon_threads = True
print(server.server_port, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
server.serve_forever()
