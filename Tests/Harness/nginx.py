"""nginx with the shipped configuration, on loopback and without TLS."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"


class Nginx:
    """Runs until `end`."""

    def __init__(self, folder: Path, port: int, gateways: list[int]):
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        if not program:
            raise SystemExit("nginx is not installed: run scripts/system-packages.sh --tests")
        folder.mkdir(parents=True)
        (folder / "nginx.conf").write_text(configuration(port, gateways))
        self.log = folder / "log"
        user = [] if os.getuid() else ["-g", "user root;"]
        self.process = subprocess.Popen(
            [program, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr", *daemon(user)], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=open(self.log, "wb"), start_new_session=True,
        )
        deadline = time.monotonic() + 10
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"nginx does not start: {self.log.read_text()}")
            time.sleep(0.02)

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait()


def daemon(options: list[str]) -> list[str]:
    directives = "daemon off;" + "".join(option for option in options if option != "-g")
    return ["-g", directives]


def configuration(port: int, gateways: list[int]) -> str:
    """The shipped file, with these addresses; whatever else is in it is what is tried."""
    text = CONFIGURATION.read_text()
    servers = iter(gateways)
    text, places = re.subn(r"(server 127\.0\.0\.1:)\d+", lambda match: match[1] + str(next(servers)), text)
    text, listeners = re.subn(r"listen 443 ssl;", f"listen 127.0.0.1:{port} backlog=1024;", text)
    text = re.sub(r"^\s*ssl_.*\n", "", text, flags=re.MULTILINE)
    if places != len(gateways) or listeners != 1:
        raise SystemExit("deploy/nginx.conf is not as the test expects it")
    return text
