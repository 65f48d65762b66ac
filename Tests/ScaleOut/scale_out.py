"""Three gateways on one PostgreSQL behind deploy/nginx.conf: many chats stream while one gateway is killed and one is restarted.

    scale_out.py --agent .build/debug/agent [--chats 200] [--keep]

Ends with 1 unless every chat ended with its full text, once, and nothing was doubled or left under way.
"""

import argparse
import random
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Harness"))

import gateway as gateways  # noqa: E402
from client import Client, Event, GivenUp, Reading, Unreachable, folded  # noqa: E402
from gateway import ENVIRONMENT, Gateway  # noqa: E402
from model_server import ModelServer, Play, text_of  # noqa: E402
from nginx import Nginx  # noqa: E402
from places import PostgresPlace, PostgresServer, free_port  # noqa: E402

TITLES = 3
"""Todos that each person asks for."""


class ProxyClient(Client):
    """As `Client`; what the proxy itself answers, while no gateway does, is no answer."""

    def call(self, *request, **fields) -> tuple[int, dict]:
        try:
            return super().call(*request, **fields)
        except ValueError as error:
            time.sleep(0.2)
            raise Unreachable("the proxy has no gateway") from error


class Chat(threading.Thread):
    """One person's message, read to its end over whatever happens."""

    def __init__(self, number: int, url: str, password: str):
        super().__init__(daemon=True)
        self.number = number
        self.client = ProxyClient([url], {}, limit=120)
        # Of the model's pieces the slowest comes within this.
        self.client.silence = 20
        self.reading = Reading(self.client)
        self.password = password
        self.faults: list[str] = []
        self.times: list[float] = []
        self.first_delta = threading.Event()
        self.reading.on_event = self._see

    def register(self):
        body = {"email": f"person{self.number}@example.com", "password": self.password, "name": f"Person {self.number}"}
        status, answer = self.client.insist("POST", "/api/auth/register", body)
        if status != 201:
            self.faults.append(f"registering: {status} {answer}")

    def run(self):
        try:
            entry = self.reading.send(f"message {self.number} key{self.number}", f"key-{self.number}")
            if entry.outcome != "ok":
                self.faults.append(f"the message was not taken: {entry} {self.reading.refusals[-1:]}")
            else:
                self._judge()
        except GivenUp as stuck:
            self.faults.append(f"stuck: {stuck}")
        except Exception as error:  # noqa: BLE001: whatever it is, it is a fault of this chat
            self.faults.append(f"{type(error).__name__}: {error}")

    def _see(self, event: Event):
        self.times.append(event.at)
        if event.type == "delta":
            self.first_delta.set()

    def _judge(self):
        events = self.reading.events
        last = events[-1]
        if last.type != "done":
            self.faults.append(f"ended with {last.data}")
            return
        output = last.data["output"]
        number = int(output.split(".", 1)[1].split(">", 1)[0])
        if output != text_of(1, number):
            self.faults.append("the text is not the whole of one answer")
        if folded(events) != [output]:
            self.faults.append("what was streamed is not the text")
        if sum(event.type == "done" for event in events) != 1:
            self.faults.append("it ended more than once")
        ids = [event.id for event in events]
        if ids != sorted(set(ids)):
            self.faults.append("the ids do not rise")
        self.faults += self.reading.faults
        self._judge_history(output)

    def _judge_history(self, output: str):
        status, answer = self.client.insist("GET", "/api/conversations")
        conversations = answer.get("data", [])
        if len(conversations) != 1:
            self.faults.append(f"{len(conversations)} conversations")
            return
        _, conversation = self.client.insist("GET", f"/api/conversations/{conversations[0]['id']}")
        texts = [(message["role"], message["status"]) for message in conversation["messages"]]
        if texts != [("user", "complete"), ("assistant", "complete")] or conversation["messages"][1]["text"] != output:
            self.faults.append(f"the history is {texts}")
        if conversation.get("active_run"):
            self.faults.append("a run is still under way")


def in_parallel(actions, at_once: int = 16):
    """All of them, some at a time."""
    waiting = list(actions)
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                if not waiting:
                    return
                action = waiting.pop()
            action()

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def start(agent: Path, folder: Path, place: PostgresPlace, model: str, environment: dict) -> Gateway:
    started = Gateway(agent, folder, place.address, model, environment=environment)
    if not started.ready():
        raise SystemExit(f"a gateway does not start: {started.log.read_text()[-2000:]}")
    return started


def check_proxy(url: str, replicas: list[Gateway], environment: dict) -> list[str]:
    """What the configuration promises beside streams."""
    faults = []
    client = ProxyClient([url], {})
    for path, expected in [("/healthz", 200), ("/readyz", 200), ("/metrics", 404), ("/", 200)]:
        connection, answer = client.request("GET", path)
        if answer.status != expected:
            faults.append(f"{path} answers {answer.status}")
        answer.read()
        connection.close()
    status, _ = client.call("POST", "/api/todos", {"title": "x" * 20_000})
    if status != 413:
        faults.append(f"a body that is too large answers {status}, not the gateway's 413")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agent", type=Path, required=True)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--keep", action="store_true", help="leaves the folder with the logs")
    arguments = parser.parse_args()
    print(f"{arguments.chats} chats, seed {arguments.seed}", flush=True)
    chance = random.Random(arguments.seed)
    folder = Path(tempfile.mkdtemp(prefix="agent-scale-out-"))
    server, model = PostgresServer(), ModelServer()
    running: list[Gateway] = []
    proxy = None
    try:
        play = Play(pause=0.15)
        base = model.play("scale", play)
        place = PostgresPlace(server, "scale")
        port = free_port()
        # People reach all of them under the address of nginx.
        gateways.ORIGIN = f"http://127.0.0.1:{port}"
        import client

        client.ORIGIN = gateways.ORIGIN
        environment = ENVIRONMENT | {"AGENT_PUBLIC_URL": gateways.ORIGIN, "AGENT_TRUSTED_PROXIES": "127.0.0.1", "AGENT_RATE_LIMITS": "off"}
        agent = arguments.agent.resolve()
        running = [start(agent, folder / f"gateway-{number}", place, base, environment) for number in range(3)]
        proxy = Nginx(folder / "nginx", port, [one.port for one in running])
        faults = check_proxy(gateways.ORIGIN, running, environment)

        chats = [Chat(number, gateways.ORIGIN, "seven quiet lanterns") for number in range(arguments.chats)]
        in_parallel([chat.register for chat in chats])
        begun = time.monotonic()
        for chat in chats:
            chat.start()
        for chat in chats:
            chat.first_delta.wait(30)
        streaming = sum(chat.first_delta.is_set() and chat.is_alive() for chat in chats)
        print(f"{streaming} stream after {time.monotonic() - begun:.1f} s; one gateway is killed, one is asked to end and started again", flush=True)
        killed, restarted = chance.sample(running, 2)
        killed.kill()
        restarted.process.send_signal(signal.SIGTERM)
        code = restarted.process.wait(25)
        if code:
            faults.append(f"the gateway that was asked to end ended with {code}")
        running.append(Gateway(agent, folder / "again", place.address, base, port=restarted.port, environment=environment))
        running[-1].ready()
        for chat in chats:
            chat.join(130)
        faults += [f"chat {chat.number}: {fault}" for chat in chats for fault in (chat.faults or ([] if not chat.is_alive() else ["no end"]))]
        if streaming < arguments.chats * 0.9:
            faults.append(f"only {streaming} chats streamed when the gateway was killed")

        runs = place.rows("SELECT state, count(*) AS count, max(attempt) AS attempts FROM runs GROUP BY state")
        if [row["state"] for row in runs] != ["completed"] or runs[0]["count"] != arguments.chats:
            faults.append(f"the runs are {runs}")
        cut = [chat for chat in chats if chat.reading.cuts]
        gaps = [max((b - a for a, b in zip(chat.times, chat.times[1:])), default=0) for chat in cut]
        print(f"{len(cut)} streams were cut and taken up again; the longest silence of one: "
              f"median {statistics.median(gaps) if gaps else 0:.1f} s, most {max(gaps, default=0):.1f} s")
        print(f"{play.requests} requests to the model for {arguments.chats} chats; {time.monotonic() - begun:.1f} s", flush=True)
        for complaint in play.complaints:
            faults.append(f"the model complains: {complaint}")
    finally:
        for one in running:
            one.kill()
        if proxy:
            proxy.end()
        server.close()
        if arguments.keep:
            print(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    for fault in faults[:40]:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
