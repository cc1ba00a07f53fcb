"""A person at the edge: signs in over TLS, asks the API, holds a socket, plays what is on air."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import Morsel
from itertools import count
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aiohttp

from server.people.store import Person
from tests.deploy.stack import Stack
from tests.people import PASSWORD

BEHIND_MS = 1_500
"""How far behind the live edge a player is."""


class Visitor:
    """One browser of one person; everything goes to the one address."""

    def __init__(self, stack: Stack, http: aiohttp.ClientSession) -> None:
        self.stack, self._http = stack, http
        self._headers: dict[str, str] = {"Origin": stack.url}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._ids, self._seq = count(1), count(1)
        self._news = asyncio.Event()
        self._beat_at = 0.0
        self._viewing: Morsel[str] = Morsel()
        self.stay = ""
        self.told: list[dict[str, Any]] = []
        self.leave: dict[str, Any] = {}

    async def sign_in(self, person: Person) -> None:
        """A new sign-in of the person."""
        self._headers = {"Origin": self.stack.url}
        body = {"account": person.staff_number, "password": PASSWORD}
        async with self._http.post(f"{self.stack.url}/api/v1/session", json=body, headers=self._headers) as answer:
            found = await answer.json()
            assert answer.status == 201, found
            cookie = answer.cookies["__Host-session"]
            assert cookie["secure"], cookie
        self._headers |= {"Cookie": f"__Host-session={cookie.value}", "X-CSRF-Token": found["csrf"]}

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of the API as JSON, None when it is empty; raises AssertionError for a refusal."""
        address = f"{self.stack.url}/api/v1/{path}"
        async with self._http.request(method, address, json=body, headers=self._headers) as answer:
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
        return json.loads(text) if text else None

    async def process(self) -> str:
        """The address of the server process that this sign-in is led to, as nginx writes it down."""
        await self.api("GET", "session")
        return self.stack.access_log.read_text().splitlines()[-1].split()[-2]

    async def connect(self) -> None:
        """Open the one socket."""
        address = self.stack.url.replace("https:", "wss:") + "/socket"
        self._socket = await self._http.ws_connect(address, headers=self._headers)
        self._hearing = asyncio.create_task(self._hear(self._socket))

    async def close(self) -> None:
        """Close the page."""
        if self._socket is not None:
            await self._socket.close()
        if self._hearing is not None:
            await self._hearing

    async def until_thrown_out(self, within_s: float) -> None:
        """Wait until the server closes the socket; raises TimeoutError."""
        assert self._hearing is not None
        await asyncio.wait_for(asyncio.shield(self._hearing), within_s)

    async def ask(self, type: str, **data: Any) -> dict[str, Any]:
        """The acknowledgement of a message."""
        assert self._socket is not None
        id = str(next(self._ids))
        answer = self._answers[id] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"v": 1, "type": type, "id": id, "data": data})
        frame = await asyncio.wait_for(answer, 10)
        assert frame["type"] == "ack", frame
        found: dict[str, Any] = frame["data"]
        return found

    async def enter(self, lesson: UUID) -> None:
        """Open a stay in the class and listen to its room."""
        opened = await self.ask("stay.open", activity={"kind": "class", "id": str(lesson)}, device="电脑")
        self.stay, self._beat_at = opened["stay"], time.monotonic()
        await self.ask("topic.join", topic=f"class:{lesson}")

    async def beat(self, *, ended: bool = False) -> dict[str, Any]:
        """One beat of a page that plays."""
        now = time.monotonic()
        since, self._beat_at = round((now - self._beat_at) * 1000), now
        beat = {
            "seq": next(self._seq), "position_ms": int(time.time() * 1000) - BEHIND_MS, "rate": 1.0,
            "since_previous_ms": since, "playing": not ended, "visible": True, "ended": ended,
        }  # fmt: skip
        return await self.ask("beat.send", stay=self.stay, beats=[beat])

    async def say(self, lesson: UUID, text: str) -> None:
        """Speak in the class."""
        place = {"kind": "class", "id": str(lesson)}
        said = await self.ask("post.write", place=place, text=text, draft=str(uuid4()))
        assert said["state"] == "published", said

    async def until_told(self, type: str, within_s: float = 10, **wanted: Any) -> dict[str, Any]:
        """The data of the first such message; raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while True:
                self._news.clear()
                for each in self.told:
                    if each["type"] == type and wanted.items() <= each["data"].items():
                        data: dict[str, Any] = each["data"]
                        return data
                await self._news.wait()

    async def let_watch(self, lesson: UUID, **how: bool) -> None:
        """Leave to watch, as the page asks for it every 25 s."""
        self.leave = await self.api("POST", f"classes/{lesson}/viewing", how)

    def beside(self, name: str) -> str:
        """The address of what a playlist names."""
        return f"{self.stack.url}{self.leave['url'].rpartition('/')[0]}/{name}"

    async def read(self, name: str, grant: str = "") -> tuple[int, bytes]:
        """Status and body of a playlist or a part, with the newest leave."""
        headers = {"Authorization": f"Bearer {grant or self.leave['grant']}"}
        async with self._http.get(self.beside(name), headers=headers) as answer:
            return answer.status, await answer.read()

    async def show(self) -> None:
        """Let a player in that can send no header, as the page does with each grant."""
        headers = {"Authorization": f"Bearer {self.leave['grant']}"}
        async with self._http.post(self.beside("viewer"), headers=headers) as answer:
            assert answer.status == 204, await answer.text()
            self._viewing = answer.cookies["viewing"]
        assert (self._viewing["secure"], self._viewing["httponly"]) == (True, True), self._viewing

    async def read_plainly(self, name: str) -> tuple[int, bytes]:
        """Status and body for a player that sends its cookie and nothing else."""
        address, cookie = self.beside(name), self._viewing
        headers = {"Cookie": f"viewing={cookie.value}"} if urlsplit(address).path.startswith(cookie["path"]) else {}
        async with self._http.get(address, headers=headers) as answer:
            return answer.status, await answer.read()

    async def text(self, name: str) -> str:
        """A playlist that must be there."""
        status, body = await self.read(name)
        assert status == 200, f"{name}: {status} {body[:300]!r}"
        return body.decode()

    async def _hear(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = json.loads(message.data)
            if frame.get("id") in self._answers:
                self._answers.pop(frame["id"]).set_result(frame)
            else:
                self.told += frame["data"] if frame["type"] == "batch" else [frame]
                self._news.set()


@asynccontextmanager
async def browsers(stack: Stack, number: int) -> AsyncIterator[list[Visitor]]:
    """So many browsers, none of which keeps cookies by itself."""
    connector = aiohttp.TCPConnector(ssl=stack.tls, limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
        found = [Visitor(stack, http) for _ in range(number)]
        try:
            yield found
        finally:
            for each in found:
                await each.close()
