"""Databases for the sweeps: one that is made once, and copies of it, so that each scenario has its own person, todos and audit."""

import contextlib
import json
import os
import pwd
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from pathlib import Path

AUDIT_TABLE = "CREATE TABLE sweep_audit (effect_key TEXT, operation TEXT NOT NULL, number BIGINT NOT NULL)"
"""Every change of a todo with the key under which it was made; the program knows nothing of it."""

_KEY = "(SELECT effect_key FROM tool_effects WHERE owner = {row}.owner AND result = '')"
_EVENTS = {"add": ("INSERT", "NEW"), "change": ("UPDATE OF title", "NEW"), "delete": ("DELETE", "OLD")}


def free_port() -> int:
    """Below those that the system takes for outgoing connections, of which one might have the port before it is listened on."""
    for port in random.SystemRandom().sample(range(20_000, 32_768), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


class SQLitePlace:
    """A database in a file."""

    kind = "sqlite"

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "agent.db"

    @property
    def address(self) -> str:
        return f"sqlite:{self.file}"

    def audit(self):
        """Installs the audit."""
        with sqlite3.connect(self.file) as connection:
            connection.execute(AUDIT_TABLE)
            for name, (event, row) in _EVENTS.items():
                connection.execute(
                    f"CREATE TRIGGER sweep_{name} AFTER {event} ON todos BEGIN "
                    f"INSERT INTO sweep_audit VALUES ({_KEY.format(row=row)}, '{name}', {row}.number); END"
                )
        connection.close()

    def execute(self, sql: str):
        with sqlite3.connect(self.file, timeout=20) as connection:
            connection.execute(sql)
        connection.close()

    def copy(self, name: str) -> "SQLitePlace":
        """A database of the same content; nobody may have this one open."""
        place = SQLitePlace(self.folder.parent / name)
        for file in self.folder.glob("agent.db*"):
            shutil.copy(file, place.folder / file.name)
        return place

    def rows(self, sql: str) -> list[dict]:
        connection = sqlite3.connect(self.file, timeout=20)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(sql)]
        finally:
            connection.close()

    def faults(self) -> list[str]:
        """What the database finds wrong with itself."""
        whole = [row["integrity_check"] for row in self.rows("PRAGMA integrity_check")]
        return [fault for fault in whole if fault != "ok"] + [f"an orphan: {row}" for row in self.rows("PRAGMA foreign_key_check")]

    def drop(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresServer:
    """A PostgreSQL server in a temporary folder on a free port; as root it runs as `nobody`."""

    def __init__(self, fsync: bool = False, settings: tuple[str, ...] = ()):
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
        if not versions:
            raise SystemExit("PostgreSQL is not installed: run scripts/system-packages.sh --tests")
        self.bin = versions[0].parent
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="agent-torture-pg-", dir="/tmp"))
        self.fsync = fsync
        self.settings = settings
        self._user: dict = {}
        self._halted: list[int] = []
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._run("initdb", "-D", self.folder / "data", "-U", "agent", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.process: subprocess.Popen | None = None
        self.start()

    def start(self):
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.folder / "data", "-k", self.folder, "-p", str(self.port), "-h", "127.0.0.1",
             "-c", f"fsync={'on' if self.fsync else 'off'}", "-c", "max_connections=400", "-c", "jit=off",
             *(word for setting in self.settings for word in ("-c", setting))],
            stdout=log, stderr=log, **self._user,
        )
        deadline = time.monotonic() + 30
        while subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port)]).returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-500:]}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGQUIT):
        """Ends it as a crash does."""
        self.process.send_signal(how)
        self.process.wait()

    def halt(self):
        """Lets none of its processes go on; whoever has asked it something waits."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        self._signal([self.process.pid], signal.SIGSTOP)
        self._halted = [self.process.pid, *map(int, children.read_text().split())]
        self._signal(self._halted, signal.SIGSTOP)

    def go_on(self):
        self._signal(self._halted, signal.SIGCONT)
        self._halted = []

    def close(self):
        self.go_on()
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, database: str, sql: str) -> str:
        command = ["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port), "-U", "agent", "-d", database]
        done = subprocess.run(command, input=sql, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{sql}: {done.stderr}")
        return done.stdout

    @staticmethod
    def _signal(processes: list[int], number: signal.Signals):
        for process in processes:
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def _run(self, program: str, *arguments):
        done = subprocess.run([self.bin / program, *map(str, arguments)], capture_output=True, text=True, cwd="/tmp", **self._user)
        if done.returncode:
            raise SystemExit(f"{program}: {done.stderr}")


class PostgresPlace:
    """A database of a server."""

    kind = "postgres"
    _copying = threading.Lock()

    def __init__(self, server: PostgresServer, name: str, template: str = "template1"):
        self.server = server
        self.name = name.replace("-", "_").replace("/", "_").replace("*", "x").lower()
        # A database is copied by one at a time.
        with self._copying:
            server.psql("postgres", f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')

    @property
    def address(self) -> str:
        unsafe = "" if self.server.fsync else "&allow_fsync_off=true"
        return f"postgres://agent@/{self.name}?host={self.server.folder}&port={self.server.port}&readers=2{unsafe}"

    def audit(self):
        self.execute(AUDIT_TABLE)
        for name, (event, row) in _EVENTS.items():
            self.execute(
                f"CREATE FUNCTION sweep_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"INSERT INTO sweep_audit VALUES ({_KEY.format(row=row)}, '{name}', {row}.number); RETURN NULL; END $$; "
                f"CREATE TRIGGER sweep_{name} AFTER {event} ON todos FOR EACH ROW EXECUTE FUNCTION sweep_{name}()"
            )

    def execute(self, sql: str):
        self.server.psql(self.name, sql)

    def copy(self, name: str) -> "PostgresPlace":
        return PostgresPlace(self.server, name, self.name)

    def rows(self, sql: str) -> list[dict]:
        text = self.server.psql(self.name, f"SELECT coalesce(json_agg(found), '[]') FROM ({sql}) AS found")
        return json.loads(text)

    def faults(self) -> list[str]:
        return []

    def drop(self):
        self.server.psql("postgres", f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
