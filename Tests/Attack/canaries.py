"""People who each say a word that nobody else knows, and a model that repeats what it was told. Whoever hears a word of another says so."""

import asyncio
import itertools
import json
import re
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientResponse, ClientSession, web
from gateway import ORIGIN
from ground import PASSWORD
from many import chunk

CANARY = re.compile(r"canary-\d{6}")
PIECES = 6
"""In how many an answer is sent."""
KEPT = 5
"""Todos of a person that stay."""


class RepeatingModel:
    """Over Chat Completions: adds a todo and lists all, and then repeats what it has seen, of which all must be one person's."""

    def __init__(self, pause: float):
        self.pause = pause
        self.requests = 0
        self.faults: list[str] = []

    async def start(self) -> int:
        """The port."""
        application = web.Application(client_max_size=1 << 24)
        application.router.add_post("/v1/chat/completions", self._answer)
        application.router.add_get("/faults", self._told)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=4_096).start()
        return runner.addresses[0][1]

    async def _told(self, _: web.Request) -> web.Response:
        return web.json_response({"requests": self.requests, "faults": self.faults[:20]})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        self.requests += 1
        seen = sorted(set(CANARY.findall(text)))
        if len(seen) != 1:
            self.faults.append(f"a request of the model holds {seen}")
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        is_new = json.loads(text)["messages"][-1]["role"] == "user"
        for delta in calls(seen) if is_new else words(seen):
            await answer.write(chunk([{"index": 0, "delta": delta, "finish_reason": None}]))
            await asyncio.sleep(self.pause)
        await answer.write(chunk([{"index": 0, "delta": {}, "finish_reason": "tool_calls" if is_new else "stop"}]))
        await answer.write(chunk([], {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}) + b"data: [DONE]\n\n")
        return answer


def calls(seen: list[str]) -> list[dict]:
    asked = [("add_todo", {"title": f"a todo of {' '.join(seen)}"}), ("list_todos", {})]
    return [
        {"tool_calls": [{"index": place, "id": f"call_{place}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}]}
        for place, (name, arguments) in enumerate(asked)
    ]


def words(seen: list[str]) -> list[dict]:
    return [{"content": f"I have seen {' '.join(seen)}, and go on about it for a while. "}] * PIECES


class Refused(Exception):
    pass


@dataclass
class Person:
    """Somebody with a word of their own, and a browser."""

    number: int
    url: str
    http: ClientSession
    cookies: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    refreshing: asyncio.Lock = field(default_factory=asyncio.Lock)
    rounds: int = 0

    @property
    def canary(self) -> str:
        return f"canary-{self.number:06d}"

    @property
    def credentials(self) -> dict:
        return {"email": f"{self.canary}@example.com", "password": PASSWORD}

    async def register(self):
        await self.ask(201, "POST", "/api/auth/register", self.credentials | {"name": self.canary})

    async def round(self):
        """What somebody does in a while: a chat, a look at it and at the todos, some of which go, and the conversation is thrown away."""
        self.rounds += 1
        # Not all do the same at the same time.
        turn = self.rounds + self.number
        conversation = await self._chat()
        await self.ask(200, "GET", f"/api/conversations/{conversation}")
        todos = json.loads(await self.ask(200, "GET", "/api/todos?limit=50"))["data"]
        for todo in todos[KEPT:]:
            # Another round of the same person may have been first.
            await self.ask((204, 404), "DELETE", f"/api/todos/{todo['id']}")
        await self.ask((200, 404), "PATCH", f"/api/todos/{todos[0]['id']}", {"notes": f"note {turn} of {self.canary}"})
        if turn % 4:
            await self.ask(204, "DELETE", f"/api/conversations/{conversation}")
        else:
            for old in itertools.islice(json.loads(await self.ask(200, "GET", "/api/conversations?limit=20"))["data"], 2, None):
                await self.ask((204, 404, 409), "DELETE", f"/api/conversations/{old['id']}")
        if turn % 5 == 0:
            await self._visit()

    async def _chat(self) -> str:
        text = await self.ask(200, "POST", "/api/chat", {"message": f"Remember {self.canary}.", "time_zone": "UTC"})
        if "event: done" not in text:
            raise Refused(f"a stream of {self.canary} ended with {text[-300:]}")
        return json.loads(text.split("data: ", 1)[1].split("\n", 1)[0])["conversation_id"]

    async def _visit(self):
        """On another device, in and out."""
        other = Person(self.number, self.url, self.http, faults=self.faults)
        await other.ask(200, "POST", "/api/auth/login", self.credentials)
        await other.ask(200, "GET", "/api/auth/verify")
        await other.ask(204, "POST", "/api/auth/logout")

    async def ask(self, status: int | tuple, method: str, path: str, body: dict | None = None) -> str:
        """The text of an answer. Throws `Refused` for another status."""
        expected = status if isinstance(status, tuple) else (status,)
        answered, text = await self._ask(method, path, body)
        if answered == 401 and "agent-refresh" in self.cookies:
            before = self.cookies["agent-refresh"]
            async with self.refreshing:
                if self.cookies["agent-refresh"] == before:
                    await self._ask("POST", "/api/auth/refresh", None)
            answered, text = await self._ask(method, path, body)
        if answered not in expected:
            raise Refused(f"{method} {path} answers {answered}: {text[:300]}")
        return text

    async def _ask(self, method: str, path: str, body: dict | None) -> tuple[int, str]:
        fields = {"Host": ORIGIN.partition("://")[2], "Origin": ORIGIN, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        async with self.http.request(method, self.url + path, json=body, headers=fields) as answer:
            text = await answer.text()
            self._keep_cookies(answer)
        if foreign := set(CANARY.findall(text + str(answer.headers))) - {self.canary}:
            self.faults.append(f"{method} {path} shows {self.canary} {sorted(foreign)}")
        return answer.status, text

    def _keep_cookies(self, answer: ClientResponse):
        for value in answer.headers.getall("Set-Cookie", []):
            name, _, text = value.split(";")[0].partition("=")
            self.cookies[name] = text


FAILURES = (Refused, ClientError, OSError, asyncio.TimeoutError, KeyError, ValueError, IndexError)
"""What a round may end with, beside its end."""


def foreign_rows(place) -> list[str]:
    """Rows that are one person's and hold the word of another."""
    owners = {row["id"]: f"canary-{row['email'].split('-')[1].split('@')[0]}" for row in place.rows("SELECT id, email FROM users")}
    queries = {
        "todos": "SELECT owner, title, notes, folded FROM todos",
        "conversations": "SELECT owner, title, folded FROM conversations",
        "run_events": "SELECT runs.owner, payload FROM run_events JOIN runs ON runs.id = run_id",
        "tool_effects": "SELECT owner, result FROM tool_effects",
    }
    faults = []
    for table, sql in queries.items():
        rows = place.rows(sql)
        if not rows:
            faults.append(f"{table} has no rows")
        for row in rows:
            if foreign := set(CANARY.findall(json.dumps(row))) - {owners[row["owner"]]}:
                faults.append(f"a row of {table} of {owners[row['owner']]} holds {sorted(foreign)}")
    return faults
