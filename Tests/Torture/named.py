"""The named kill points: at each of them the process is killed, fails, or is halted for longer than its lease, and starts again or is replaced."""

import random
import threading
import time

from client import Client, GivenUp, Unreachable
from oracle import Verdict
from scenario import Result, Scenario, Stage

POINTS = [f"K{number}" for number in range(16)]
ACTIONS = ["kill", "error", "stall"]
MODES = ["restart", "takeover", "loop"]
"""It starts again; another takes over, on PostgreSQL one that runs beside it and on a file one that is started in its place; it starts again
and dies there again until it has given up."""

AFTERMATH = 1.0
"""Seconds that a process gets that was halted, before anything is judged."""

LOOPS = ["K2", "K4", "K5", "K7", "K8", "K9", "K14"]
"""Where a process can die again and again, and the end of the run can be stored nevertheless."""

HALT = 5.0
"""Seconds for which a process is halted: longer than the lease of 3."""


class NamedScenario(Scenario):
    """Something happens to the first process at one point."""

    def __init__(
        self, stage: Stage, point: str, action: str, mode: str, environment: dict | None = None, halt: float = HALT, label: str = "",
    ):
        super().__init__(stage, f"{stage.place.kind}/{point}/{action}/{mode}{label}")
        self.point, self.action, self.mode, self.halt = point, action, mode, halt
        self.environment = environment or {}
        self.happened = threading.Event()
        self.over = threading.Event()
        self.beside: list[threading.Thread] = []

    def play_out(self) -> Result:
        if self.point == "K3":
            self.play.fault, self.play.at_fault = self.action, self._at_model
            # A request that broke off is made again.
            self.restarts += 1 if self.action == "error" else 0
        first = self.start_first()
        self.serve(first)
        if self.mode == "takeover" and self.place.kind == "postgres":
            self.serve(self.start(self._successor()))
            self.client.urls.sort(key=lambda url: url != first.url)
        watch = threading.Thread(target=self._watch, args=(first,), daemon=True)
        watch.start()
        try:
            self._act()
        except GivenUp as stuck:
            self.over.set()
            watch.join()
            for gateway in self.gateways:
                gateway.kill()
            return Result(self.name, Verdict([("stuck", f"nothing more came of: {stuck}")]), self.happened.is_set())
        self.over.set()
        watch.join()
        self._wake_late_sleepers()
        if self.action == "error" and not self.happened.is_set():
            self.happened.set()
        return self.finish(self.happened.is_set())

    def start_first(self):
        return self.start(({"FAILPOINT": "K4:8:kill"} if self.point == "K14" else self._failpoint()) | self.environment)

    def _failpoint(self) -> dict:
        if self.point == "K3":
            return {}
        action = {"kill": "kill", "error": "error", "stall": "stop"}[self.action]
        # Some pieces of text are there before it is cut off.
        time_of = {"K4": 8}.get(self.point, 1)
        return {"FAILPOINT": f"{self.point}:{time_of}:{action}"}

    def _successor(self) -> dict:
        return self._failpoint() if self.point == "K14" else {}

    def _at_model(self):
        """K3: the model has the request and has not begun to answer."""
        if self.action == "kill":
            self.gateways[0].kill()
        else:
            self.gateways[0].halt()

    def _act(self):
        if self.point == "K13":
            self._stop_when_text_comes()
        elif self.point == "K15":
            self._delete_when_text_comes()
        self.chat()
        for thread in self.beside:
            thread.join()

    def _stop_when_text_comes(self):
        """The person stops the answer; what is asked for is asked for until it is answered."""
        self.allowed_ends = {"stopped"}
        self._once_text_comes(lambda: self._beside().insist("POST", f"/api/runs/{self.reading.run}/stop"))

    def _delete_when_text_comes(self):
        def delete():
            status, _ = self._beside().insist("DELETE", f"/api/conversations/{self.reading.conversation}")
            self.deleted = status in (204, 404)

        self.allowed_ends = {"done", "stopped", "error"}
        self._once_text_comes(delete)

    def _once_text_comes(self, action):
        def on_event(event):
            if event.type == "delta" and not self.beside:
                self.beside.append(threading.Thread(target=self._patiently, args=(action,), daemon=True))
                self.beside[0].start()

        self.reading.on_event = on_event

    @staticmethod
    def _patiently(action):
        try:
            action()
        except (GivenUp, Unreachable):
            pass

    def _beside(self) -> Client:
        """The same person in a second tab."""
        return Client(list(self.client.urls), dict(self.client.cookies), 30)

    def _watch(self, first):
        """Starts the process again when it has died, and lets it go on when it was halted."""
        current = first
        failpoints = 1 if self.point == "K14" else 0
        while not self.over.is_set():
            for gateway in self.gateways:
                if gateway.is_alive and gateway.is_stopped:
                    self.happened.set()
                    self.restarts += 1
                    self._replace(gateway)
                    self.over.wait(self.halt)
                    gateway.go_on()
                    # What it has left to do is refused, or shows in what is judged.
                    time.sleep(AFTERMATH)
            if not current.is_alive:
                self.happened.set()
                self.restarts += 1
                if self.mode != "takeover" or self.point == "K14":
                    is_looping = self.mode == "loop" and not any(event.type == "error" for event in self.reading.events)
                    environment = self._failpoint() if failpoints or is_looping else {}
                    failpoints -= 1 if failpoints else 0
                    # In its old place, where the person's page looks for it.
                    current = self.start(environment | self.environment, port=current.port)
                    current.ready()
                else:
                    self._replace(current)
                    return
            self.over.wait(0.005)

    def _wake_late_sleepers(self):
        """A halt may come behind the end that the person sees."""
        if self.action == "stall" and not self.happened.is_set():
            time.sleep(0.2)
        for gateway in self.gateways:
            if gateway.is_alive and gateway.is_stopped:
                self.happened.set()
                gateway.go_on()

    def _replace(self, gateway):
        """A file has one gateway at a time; the next one takes the place of one that is dead or halted."""
        if self.mode == "takeover" and self.place.kind == "sqlite" and len(self.gateways) == 1:
            self.serve(self.start(self._successor()))


def combinations(points: list[str], actions: list[str], modes: list[str]) -> list[tuple[str, str, str]]:
    wanted = [(point, action, mode) for point in points for action in actions for mode in modes]
    return [(point, action, mode) for point, action, mode in wanted if mode != "loop" or (action == "kill" and point in LOOPS)]


def sample(generator: random.Random, count: int) -> list[tuple[str, str, str]]:
    """Some kills, each at another point."""
    points = generator.sample(POINTS, count)
    return [(point, "kill", "restart") for point in points]
