"""A web server of somebody else's: it gives out pages, and notes who asks it for what."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener(ThreadingHTTPServer):
    """What it is asked for and has no page of, it answers with nothing."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, str] = {}
        """HTML, by path."""
        self.asked: list[str] = []
        """Every request but those for its pages, as `GET /path`."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def url(self, path: str = "", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        page = self.server.pages.get(self.path)
        # A browser asks every site for this one by itself.
        if page is None and self.path != "/favicon.ico":
            self.server.asked.append(f"{self.command} {self.path}")
        self.send_response(200 if page is not None else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if page is not None:
            self.wfile.write(page.encode())

    do_POST = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass
