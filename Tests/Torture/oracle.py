"""What must hold after every scenario, whatever was done to the processes: R-117 and R-118, and the kill sweep's own rules."""

import json
from dataclasses import dataclass, field

from client import DECIDED, TERMINAL, Client, Event, Reading, folded
from model_server import Play, text_of

KEPT, DELETED, ADDED = 1, 2, 3
"""The todos of the scenario by number: two are there before, the message adds the third."""

CLASSES = ["lost", "doubled", "history", "stream", "stuck", "other"]


@dataclass
class Verdict:
    """Violations by class; none when all is well."""

    violations: list[tuple[str, str]] = field(default_factory=list)

    def say(self, kind: str, sentence: str):
        self.violations.append((kind, sentence))

    def expect(self, holds: bool, kind: str, sentence: str):
        if not holds:
            self.say(kind, sentence)


@dataclass
class Scene:
    """What is known of a scenario when it is over."""

    place: object
    client: Client
    reading: Reading
    play: Play
    message: str
    restarts: int
    """Fresh starts of the run that something was done to cause."""
    allowed_ends: set[str] = field(default_factory=lambda: {"done"})
    deleted: bool = False
    """Whether the person deleted the conversation, and was told that it is."""


def judge(scene: Scene) -> Verdict:
    verdict = Verdict()
    for fault in scene.place.faults():
        verdict.say("lost", f"the database is damaged: {fault}")
    events = scene.place.rows("SELECT run_id, id, type, payload FROM run_events ORDER BY run_id, id")
    runs = scene.place.rows("SELECT id, conversation_id, position, state, attempt, last_event_id FROM runs ORDER BY position")
    _judge_effects(scene, events, runs, verdict)
    if scene.deleted:
        verdict.expect(not runs and not events, "doubled", f"rows of a deleted conversation are there: {runs} {len(events)} events")
        return verdict
    for entry in scene.client.ledger:
        if entry.what.startswith("message") and entry.outcome == "ok":
            found = [run for run in runs if run["id"] == entry.told.get("run", scene.reading.run)]
            verdict.expect(len(found) == 1, "lost", f"{entry.what} was accepted and has {len(found)} runs")
    verdict.expect(len(runs) == len({run["position"] for run in runs}), "doubled", "two runs at one place of the conversation")
    _judge_stream(scene, verdict)
    _judge_conversation(scene, runs, verdict)
    for complaint in scene.play.complaints:
        verdict.say("history", complaint)
    return verdict


def judge_calls(place, events: list[dict], runs: list[dict], verdict: Verdict, is_deleted: bool = False) -> dict[str, list[tuple[str, int]]]:
    """Each call that is done has changed the list once, every other not at all; the changes by call."""
    done, known = {}, set()
    for row in events:
        event = json.loads(row["payload"])
        if row["type"] == "tool_call":
            known.add(_key(row["run_id"], event["call"]))
        elif row["type"] == "tool_result":
            key = _key(row["run_id"], event["result"])
            verdict.expect(key not in done, "doubled", f"two results of the call {key}")
            done[key] = event["result"]["status"]
    counts: dict[str, list[tuple[str, int]]] = {}
    for row in place.rows("SELECT effect_key, operation, number FROM sweep_audit"):
        key = row["effect_key"]
        if key is not None and not key.startswith("http/"):
            counts.setdefault(key, []).append((row["operation"], row["number"]))
    for key, status in done.items():
        expected = 1 if status == "ok" else 0
        count = len(counts.get(key, []))
        verdict.expect(count <= expected, "doubled", f"the call {key} is {status} and has {count} effects")
        verdict.expect(count >= expected, "lost", f"the call {key} is {status} and has {count} effects")
    completed = {run["id"] for run in runs if run["state"] == "completed"}
    for key in set() if is_deleted else counts.keys() - done.keys():
        # A run that failed may go on from there; one that waits for nobody must know the result.
        is_open = key in known and key.split("/")[0] not in completed
        verdict.expect(is_open, "doubled", f"an effect of a call that is not known, or a run that ended without its result: {key}")
    return counts


def _judge_effects(scene: Scene, events: list[dict], runs: list[dict], verdict: Verdict):
    """The list is what the calls that are done make of it."""
    counts = judge_calls(scene.place, events, runs, verdict, scene.deleted)
    changes = [change for effects in counts.values() for change in effects]
    verdict.expect(len(changes) == len(set(changes)), "doubled", f"a change was made twice: {sorted(changes)}")
    expected = {KEPT: 1 if ("change", KEPT) in changes else 0}
    if ("delete", DELETED) not in changes:
        expected[DELETED] = 0
    for kind, number in changes:
        if kind == "add":
            expected[number] = 0
            verdict.expect(number == ADDED, "doubled", f"the added todo has the number {number}")
    todos = {row["number"]: row["completed"] for row in scene.place.rows("SELECT number, completed FROM todos")}
    verdict.expect(todos == expected, "lost", f"the todos are {todos} and should be {expected}")


def _key(run: str, call: dict) -> str:
    """Under which a call makes its only change."""
    return f"{run}/{call['turn']}/{call['index']}/1"


def _judge_stream(scene: Scene, verdict: Verdict):
    """What was shown is what is stored, and each turn's text is one answer of the model's."""
    reading = scene.reading
    for fault in reading.faults:
        verdict.say("stream", fault)
    if not reading.ended:
        verdict.say("stuck", f"the run {reading.run} has no end for its reader")
        return
    end = reading.events[-1].type
    verdict.expect(end in scene.allowed_ends, "stuck", f"the run ended with {end}: {str(reading.events[-1].data)[:200]}")
    again = Reading(scene.client)
    again.run = reading.run
    again.follow()
    stored = {event.id: event for event in again.events}
    for event in reading.events:
        if event.type in DECIDED and event.type not in TERMINAL:
            same = stored.get(event.id)
            verdict.expect(same is not None and same.data == event.data, "lost", f"event {event.id} ({event.type}) was shown and is not stored so")
    shown, kept = reading.events[-1], again.events[-1]
    verdict.expect((shown.id, shown.data) == (kept.id, kept.data), "lost", f"the end that was shown, {shown.id}, is not the one that is stored, {kept.id}")
    _judge_text(reading.events, "as it was shown", scene, verdict)
    _judge_text(again.events, "as it is stored", scene, verdict)


def _judge_text(events: list[Event], which: str, scene: Scene, verdict: Verdict):
    texts = folded(events)
    possible = {text_of(turn, request): turn for turn in range(1, 4) for request in range(1, scene.play.requests + 1)}
    is_complete = events[-1].type == "done"
    for place, text in enumerate(texts, 1):
        if not is_complete and place == len(texts):
            verdict.expect(any(whole.startswith(text) for whole in possible), "stream", f"turn {place} {which} is no beginning of an answer")
        else:
            verdict.expect(possible.get(text) == place, "stream", f"turn {place} {which} is no answer of the model's: {text[:40]} ... {text[-30:]}")
    if is_complete:
        verdict.expect(len(texts) == 3, "stream", f"{len(texts)} turns {which}")
        verdict.expect(bool(texts) and events[-1].data["output"] == texts[-1], "stream", f"the output is not the last text {which}")


def _judge_conversation(scene: Scene, runs: list[dict], verdict: Verdict):
    """What a reload shows, and that the next message is answered at once."""
    reading, client = scene.reading, scene.client
    status, conversation = client.insist("GET", f"/api/conversations/{reading.conversation}")
    if status != 200:
        verdict.say("lost", f"the conversation answers {status}")
        return
    messages = [message for message in conversation["messages"] if message["status"] != "superseded"]
    said = [message["text"] for message in messages if message["role"] == "user"]
    verdict.expect(said == [scene.message], "lost" if scene.message not in said else "doubled", f"the person's messages are {said}")
    numbers = [message["seq"] for message in messages]
    verdict.expect(numbers == list(range(1, len(numbers) + 1)), "history", f"the messages are numbered {numbers}")
    verdict.expect("active_run" not in conversation, "stuck", f"a run is still active: {conversation.get('active_run')}")
    for message in messages:
        for call in message.get("calls") or []:
            verdict.expect(call["status"] != "running", "history", f"the call {call['call_id']} has no outcome")
    if reading.events[-1].type == "done":
        answers = [message for message in messages if message["role"] == "assistant"]
        verdict.expect([answer["status"] for answer in answers] == ["complete"], "history", "the answer is not complete")
    allowed = 3 + scene.restarts
    verdict.expect(scene.play.requests <= allowed, "other", f"the model was asked {scene.play.requests} times, {allowed} may be")
    verdict.expect(all(run["state"] not in ("queued", "running") for run in runs), "stuck", f"runs without an end: {runs}")
    _judge_next_message(scene, verdict)


def _judge_next_message(scene: Scene, verdict: Verdict):
    following = Reading(scene.client)
    following.send("Are you still there?", "following", scene.reading.conversation)
    verdict.expect(following.ended and following.events[-1].type == "done", "stuck", f"the next message: {following.refusals[-1:]}")
    busy = [status for status, _ in following.refusals if status in (409, 429)]
    verdict.expect(not busy, "stuck", f"the next message was refused at first: {following.refusals[:1]}")
