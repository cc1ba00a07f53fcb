"""A room's page as its browser makes it: what it asks when it is opened, goes on asking, and asks after a break.

The order is that of the pages: who is signed in (`web/src/main.ts`), then the socket beside the room's snapshot, own
attendance and unread notices, then leave to watch, a stay and its first beat (`useRoom`, `useOwn`, `useShowing`).
"""

import asyncio
import json
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.load.learner import Learner

RENEW_S, BEAT_S = 25.0, 15.0
TRIES_S = (1.0, 2.0, 5.0)
"""How long a page waits before it tries a lost line again (`channel-model.ts`), spread over a fifth."""

TIMEOUT_S = 60.0


@dataclass(slots=True)
class Told:
    """What pages lived through; times in seconds."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0

    @property
    def faults(self) -> int:
        """Answers from 500 on."""
        return sum(number for status, number in self.statuses.items() if status >= 500)

    @property
    def refused(self) -> int:
        """Answers from 400 to 499: quick, but not what was asked for."""
        return sum(number for status, number in self.statuses.items() if 400 <= status < 500)


class Asker:
    """One kept connection of a browser; an answer is its status and body."""

    def __init__(self, port: int, token: str, statuses: Counter[int]) -> None:
        self._port = port
        self._head = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: session={token}\r\nX-CSRF-Token: {token}\r\n"
        self._statuses = statuses
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        """The body of the answer to one request; a kept connection that was closed meanwhile is opened anew."""
        told = b"" if body is None else json.dumps(body).encode()
        kind = "" if body is None else "Content-Type: application/json\r\n"
        request = f"{method} {path}{self._head}{kind}Content-Length: {len(told)}\r\n\r\n".encode() + told
        try:
            return await self._asked(request)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            return await self._asked(request)

    async def _asked(self, request: bytes) -> bytes:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._line
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        self._statuses[status] += 1
        length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0] if b"content-length:" in head else b"0"
        return await reader.readexactly(int(length))

    def close(self) -> None:
        if self._line is not None:
            self._line[1].transport.abort()
            self._line = None


class Page:
    """One learner's page of a room; `home` is set while it has its line and a beat of it was acknowledged."""

    def __init__(self, port: int, token: str, class_id: str, told: Told, chance: random.Random) -> None:
        self.learner = Learner()
        self._port, self._token, self._class = port, token, class_id
        self._told, self._chance = told, chance
        self._http = Asker(port, token, told.statuses)
        self._going: asyncio.Task[None] | None = None
        self.back: asyncio.Task[None] | None = None
        self._acked = asyncio.Event()
        self.home = asyncio.Event()
        self.listen()

    def listen(self) -> None:
        """Hear acknowledgements, that the line breaks, and the server's word to come back."""
        self.learner.heard, self.learner.lost = self._heard, self._lost
        self.learner.answered = lambda _learner, _wait: self._acked.set()

    async def open(self) -> None:
        """Open the page, then go on like one until `close`."""
        began = time.monotonic()
        await self._http.ask("GET", "/api/v1/session")
        socket = asyncio.create_task(self._connected())
        await self._snapshot()
        self._told.first.append(time.monotonic() - began)
        await self._http.ask("GET", f"/api/v1/classes/{self._class}/attendance")
        await self._http.ask("GET", "/api/v1/me/notices?limit=1")
        await self._renew()
        await socket
        await self.learner.attend(self._class)
        await self._beat()
        self._arrived(began)

    def _heard(self, _learner: Learner, payload: bytes) -> None:
        if b'"server.reconnect"' in payload:
            self._leave(json.loads(payload)["data"]["after_ms"] / 1000)

    def _lost(self, _learner: Learner) -> None:
        self._leave(None)

    def _leave(self, after_s: float | None) -> None:
        """The line is lost: come back as the page does, at `after_s` if the server said when."""
        if self.back is None or self.back.done():
            self._stop()
            self.home.clear()
            self.learner.go()
            self._http.close()
            self.back = asyncio.create_task(self._again(after_s))

    async def _again(self, after_s: float | None) -> None:
        tries = 0
        while True:
            wait = TRIES_S[min(tries, 2)] * (0.8 + 0.4 * self._chance.random())
            await asyncio.sleep(wait if after_s is None else after_s + 0.5 * self._chance.random())
            began, after_s, tries = time.monotonic(), None, tries + 1
            with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                await self._connect()
                await self._snapshot()
                self._told.first.append(time.monotonic() - began)
                await self._beat()
                self._arrived(began)
                return
            self._told.lost += 1

    def _arrived(self, began: float) -> None:
        self._told.whole.append(time.monotonic() - began)
        self._going = asyncio.create_task(self._go_on())
        self.home.set()

    def _stop(self) -> None:
        if self._going is not None:
            self._going.cancel()
            self._going = None

    def close(self) -> None:
        self._stop()
        if self.back is not None:
            self.back.cancel()
        self.learner.go()
        self._http.close()

    async def _connected(self) -> None:
        """Connect, and try again like the page where that fails."""
        for wait in (*TRIES_S, None):
            try:
                await self._connect()
            except (OSError, TimeoutError):
                if wait is None:
                    raise
                self._told.lost += 1
                await asyncio.sleep(wait * (0.8 + 0.4 * self._chance.random()))
            else:
                return

    async def _connect(self) -> None:
        await self.learner.connect(self._port, self._token)
        await self.learner.call("topic.join", {"topic": f"class:{self._class}"})

    async def _snapshot(self) -> None:
        await self._http.ask("GET", f"/api/v1/classes/{self._class}/room")

    async def _renew(self) -> None:
        await self._http.ask("POST", f"/api/v1/classes/{self._class}/viewing", {"replay": False, "rehearsal": False})

    async def _beat(self) -> None:
        """Send a beat and wait until it is acknowledged."""
        self._acked.clear()
        self.learner.beat(time.monotonic())
        await asyncio.wait_for(self._acked.wait(), TIMEOUT_S)

    async def _go_on(self) -> None:
        """Beats and leave to watch, each at its pace."""
        renew = time.monotonic() + RENEW_S
        while True:
            await asyncio.sleep(BEAT_S)
            self.learner.beat(time.monotonic())
            if time.monotonic() >= renew:
                renew += RENEW_S
                await self._renew()
