"""The built program as a process that is started, halted and killed."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from places import free_port

PROMPT = """---
name: Assistant
tools: [todos]
---
You keep the todo list.
"""

ORIGIN = "http://127.0.0.1:8080"
"""What all gateways are to their people, whatever port each has, as if they stood behind one proxy: a session is good for all of them."""

ENVIRONMENT = {
    "AGENT_PUBLIC_URL": ORIGIN,
    "PATH": "/usr/bin:/bin",
    "AGENT_SECRET": "a secret of the torture 0123456789 abcdefghijklmnop",
    "AGENT_MODEL": "scripted",
    "AGENT_MODEL_API": "chat",
    "OPENAI_API_KEY": "none",
    "AGENT_RATE_LIMITS": "off",
    "LOG_LEVEL": "info",
}


class Gateway:
    """One start of `agent serve`."""

    started: list["Gateway"] = []
    """Of all there were, so that none outlives the sweep."""

    def __init__(self, agent: Path, folder: Path, address: str, model: str, port: int = 0, environment: dict | None = None, before: list | None = None):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "prompts").mkdir(exist_ok=True)
        (folder / "prompts" / "assistant.md").write_text(PROMPT)
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"gateway-{self.port}.log"
        self.died_at: float | None = None
        self.started_at = time.monotonic()
        self._is_ready = threading.Event()
        command = [*(before or []), str(agent), "serve", "--port", str(self.port), "--prompts", "prompts", "--database", address]
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(self.log, "ab"), start_new_session=True,
            env=ENVIRONMENT | {"HOME": str(folder), "OPENAI_BASE_URL": model} | (environment or {}),
        )
        self.started.append(self)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith(b"Serving"):
                self._is_ready.set()
        self.process.wait()
        self.died_at = time.monotonic()
        self._is_ready.set()

    def ready(self, limit: float = 30) -> bool:
        """Waits until it listens, or has ended; whether it listens."""
        self._is_ready.wait(limit)
        return self.is_alive

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    @property
    def is_stopped(self) -> bool:
        """Whether the process is halted."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        except OSError:
            return False
        return stat.rsplit(")", 1)[1].split()[0] == "T"

    def wait(self) -> float:
        """Waits for the end; the moment of it."""
        self.process.wait()
        while self.died_at is None:
            time.sleep(0.001)
        return self.died_at

    def kill(self):
        self._signal(signal.SIGKILL)
        self.process.wait()

    def halt(self):
        self._signal(signal.SIGSTOP)

    def go_on(self):
        self._signal(signal.SIGCONT)

    def end(self):
        """Asks it to end; when it does not, ends it."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals):
        # The whole session: a tracer and what it traces.
        if self.is_alive:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                pass
