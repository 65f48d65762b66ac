"""The power-loss model: what a disk would hold if the power failed at the moment at which something is acknowledged.

kill -9 keeps the page cache, so it cannot show a missing fsync. Here every write and fsync of a gateway is recorded with its data, and for each
answer that acknowledges something the database file and its log are rebuilt as a disk may have them just before that answer was sent: what an
fsync has ended for is there; of the rest nothing, or any 512-byte pieces. Everything acknowledged must be in what SQLite makes of that.

That a new file's name survives is taken for granted.
"""

import json
import random
import re
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from client import DECIDED
from oracle import Verdict
from scenario import Result, Scenario, Stage

PIECE = 512
CALLS = "pwrite64,write,writev,sendto,sendmsg,ftruncate,fdatasync,fsync,unlink"


@dataclass
class DiskFile:
    durable: bytearray
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes by their offset; None is a truncation to it."""

    @staticmethod
    def apply(data: bytearray, offset: int, written: bytes | None):
        if written is None:
            del data[offset:]
        if len(data) < offset:
            data.extend(bytes(offset - len(data)))
        if written:
            data[offset : offset + len(written)] = written

    def sync(self, count: int):
        """What was written before the fsync began is there for good."""
        for offset, written in self.pending[:count]:
            self.apply(self.durable, offset, written)
        del self.pending[:count]

    def image(self, generator: random.Random | None) -> bytes:
        """As a disk may have it; without a generator nothing that is pending."""
        data = bytearray(self.durable)
        if generator:
            share = generator.random()
            for offset, written in self.pending:
                if written is None:
                    if generator.random() < share:
                        self.apply(data, offset, None)
                    continue
                start = offset
                while start < offset + len(written):
                    end = min(start - start % PIECE + PIECE, offset + len(written))
                    if generator.random() < share:
                        self.apply(data, start, written[start - offset : end - offset])
                    start = end
        return bytes(data)


class Disk:
    """The files of one database, by name."""

    def __init__(self, files: dict[str, bytes]):
        self.files = {name: DiskFile(bytearray(data)) for name, data in files.items()}

    def image(self, folder: Path, generator: random.Random | None) -> Path:
        """Writes what survives into an empty folder; the database's file there."""
        for name, file in self.files.items():
            (folder / name).write_bytes(file.image(generator))
        return folder / "agent.db"


@dataclass
class Acknowledged:
    """What people were told so far."""

    events: dict[int, str] = field(default_factory=dict)
    todos: set[int] = field(default_factory=set)

    def take(self, data: bytes) -> bool:
        """Whether an answer acknowledges anything."""
        before = len(self.events) + len(self.todos)
        for number, kind in re.findall(rb"id: (\d+)\nevent: (\w+)\n", data):
            if kind.decode() in DECIDED:
                self.events[int(number)] = kind.decode()
        if data.startswith(b"HTTP/1.1 201"):
            if found := re.search(rb'"id":\s*(\d+)', data):
                self.todos.add(int(found.group(1)))
        return len(self.events) + len(self.todos) > before

    def faults(self, database: Path) -> list[tuple[str, str]]:
        connection = sqlite3.connect(database)
        try:
            check = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            events = dict(connection.execute("SELECT id, type FROM run_events"))
            todos = {row[0] for row in connection.execute("SELECT number FROM todos")}
        except sqlite3.DatabaseError as error:
            return [("lost", f"the database cannot be read: {error}")]
        finally:
            connection.close()
        faults = [("lost", f"the database is damaged: {fault}") for fault in check if fault != "ok"]
        missing = {number: kind for number, kind in self.events.items() if events.get(number) != kind}
        if missing:
            faults.append(("lost", f"events that were shown are gone: {missing}"))
        if not self.todos <= todos:
            faults.append(("lost", f"todos that were acknowledged are gone: {self.todos - todos}"))
        return faults


_LINE = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(?:\((\d+)<([^>]*)>| resumed>)?(.*)$")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


class Replay:
    """Goes through a recording call by call, and looks at the disk whenever something is acknowledged."""

    def __init__(self, disk: Disk, generator: random.Random, images: int, scratch: Path):
        self.disk, self.generator, self.images, self.scratch = disk, generator, images, scratch
        self.told = Acknowledged()
        self.syncs: dict[str, tuple[DiskFile, int]] = {}
        self.faults: list[tuple[str, str]] = []
        self.looked = 0
        self.acknowledgements = 0

    def read(self, trace: Path):
        for line in trace.read_text(errors="replace").splitlines():
            if found := _LINE.match(line):
                self._call(*found.groups(), is_resumed="<... " in line[:24])

    def _call(self, thread: str, call: str, descriptor: str | None, path: str | None, rest: str, is_resumed: bool):
        if is_resumed:
            if thread in self.syncs and call in ("fdatasync", "fsync") and rest.rstrip().endswith("= 0"):
                file, count = self.syncs.pop(thread)
                file.sync(count)
            return
        name = Path(_bytes(path).decode() if path and path.startswith("\\x") else path or "").name
        if name.startswith("socket:") or name.startswith("TCP"):
            self._send(b"".join(_bytes(text) for text in _STRING.findall(rest)))
        elif name in ("agent.db", "agent.db-wal"):
            self._change(thread, call, self.disk.files.setdefault(name, DiskFile(bytearray())), rest)

    def _change(self, thread: str, call: str, file: DiskFile, rest: str):
        if call == "pwrite64":
            found = _STRING.search(rest)
            offset = re.search(r'", \d+, (\d+)', rest)
            file.pending.append((int(offset.group(1)), _bytes(found.group(1))))
        elif call == "ftruncate":
            file.pending.append((int(re.search(r", (\d+)", rest).group(1)), None))
        elif call in ("fdatasync", "fsync"):
            if "unfinished" in rest:
                self.syncs[thread] = (file, len(file.pending))
            elif rest.rstrip().endswith("= 0"):
                file.sync(len(file.pending))

    def _send(self, data: bytes):
        if not self.told.take(data):
            return
        self.acknowledgements += 1
        for number in range(self.images):
            with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
                database = self.disk.image(Path(folder), self.generator if number else None)
                self.looked += 1
                for kind, sentence in self.told.faults(database):
                    self.faults.append((kind, f"power lost before acknowledgement {self.acknowledgements}: {sentence}"))


class PowerScenario(Scenario):
    """A recorded gateway with some chats and todos, and what would be left of them."""

    def __init__(self, stage: Stage, generator: random.Random, images: int, todos: int, broken: str = ""):
        super().__init__(stage, f"power{'/' + broken if broken else ''}")
        self.generator, self.images, self.todos, self.broken = generator, images, todos, broken
        self.looked = 0

    def play_out(self) -> Result:
        disk = Disk({file.name: file.read_bytes() for file in self.place.folder.glob("agent.db*") if not file.name.endswith("-shm")})
        trace = self.folder / "trace"
        traced = ["strace", "-f", "-qq", "-y", "-xx", "-s", "1000000", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(trace)]
        gateway = self.start({"BROKEN_RULE": self.broken} if self.broken else {}, before=traced)
        self.serve(gateway)
        for number in range(self.todos):
            self.client.write(f"todo {number}", "POST", "/api/todos", {"title": f"todo {number}"})
        self.chat()
        gateway.kill()
        replay = Replay(disk, self.generator, self.images, self.folder)
        replay.read(trace)
        self.looked = replay.looked
        acknowledged = [event for event in self.reading.events if event.type in DECIDED]
        told = len(replay.told.events) + len(replay.told.todos)
        verdict = Verdict(replay.faults)
        if told < len(acknowledged) + sum(1 for entry in self.client.ledger if entry.what.startswith("todo") and entry.outcome == "ok"):
            verdict.say("other", f"the recording shows {told} acknowledgements, the person saw more")
        if not verdict.violations:
            self.place.drop()
        return Result(self.name, verdict)
