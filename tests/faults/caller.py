"""Calls by HTTP that go on while something is injured, and what was answered."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from tests.faults.beside import beside

LOST = 0
"""Stands among the statuses for a call that was not answered."""


@dataclass(slots=True)
class Caller:
    """Asks for one thing again and again; `body` makes what is sent, of how often it was asked before.

    `silent` counts the 503 that came without a `Retry-After`; `last_ok` is when the last 200 came (monotonic seconds).
    """

    method: str
    path: str
    body: Callable[[int], object] = lambda _asked: None
    answers: Counter[int] = field(default_factory=Counter)
    silent: int = 0
    last_ok: float = 0.0

    async def ask(self, http: aiohttp.ClientSession) -> None:
        try:
            async with http.request(self.method, self.path, json=self.body(self.answers.total())) as answer:
                await answer.read()
        except aiohttp.ClientError:
            self.answers[LOST] += 1
            return
        self.answers[answer.status] += 1
        self.silent += answer.status == 503 and "Retry-After" not in answer.headers
        if answer.status == 200:
            self.last_ok = time.monotonic()

    def taken(self) -> dict[int, int]:
        """What was answered since the last time."""
        found, self.answers = dict(self.answers), Counter()
        return found


class Asks(Protocol):
    """Whoever asks by itself."""

    async def ask(self, http: aiohttp.ClientSession) -> None:
        """Once."""


def asking(port: int, token: str, callers: Sequence[Asks], every_s: float) -> AbstractAsyncContextManager[None]:
    """Meanwhile each of them asks with the sign-in `token`, and rests `every_s` between an answer and the next call."""

    async def ask(caller: Asks) -> None:
        headers = {"Cookie": f"session={token}", "X-CSRF-Token": token}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as http:
            while True:
                await caller.ask(http)
                await asyncio.sleep(every_s)

    return beside(*map(ask, callers))
