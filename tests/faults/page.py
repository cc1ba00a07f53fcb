"""A browser page as far as a moved or broken line concerns it: it beats, keeps what nobody acknowledged, comes back.

The waits are those of `web/src/net/channel-model.ts`: as the server tells it plus up to 0.5 s, or 1, 2, 5 s ±20 %.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from tests.faults.beside import beside
from tests.journeys.academy import until
from tests.load.wire import Wire

BEHIND_MS = 1500
AT_ONCE = 32
"""So many come at the same moment."""
_WAITS_S = (1.0, 2.0, 5.0)
TRIES = 8
"""How often a page that was told that the server is busy asks again."""


class Busy(RuntimeError):
    """The server asks to come again."""


class Page:
    """One learner's page, which finds the academy at `port`; `moves` are (told or lost, back) in monotonic seconds."""

    def __init__(self, port: int, token: str, class_id: str, chance: random.Random) -> None:
        self.port, self.token, self.class_id, self.chance = port, token, class_id, chance
        self.moves: list[tuple[float, float]] = []
        self.refused: list[str] = []
        self.first_ms = self.last_ms = self.counted_ms = self.acked = 0
        self.behind_ms = BEHIND_MS
        self.news: list[dict[str, Any]] = []
        self._wire: Wire | None = None
        self._stay = ""
        self._seq = 0
        self._kept: dict[int, dict[str, Any]] = {}
        self._beat_at = 0.0
        self._since = 0.0
        self._task: asyncio.Task[None] | None = None
        self._opened: asyncio.Future[str] | None = None

    @property
    def here(self) -> bool:
        return self._wire is not None

    @property
    def settled(self) -> bool:
        """Whether every beat is acknowledged."""
        return not self._kept and self.here

    @property
    def lost_ms(self) -> int:
        """Of what was played, what did not count."""
        return self.last_ms - self.first_ms - self.counted_ms

    async def come(self) -> None:
        """Open the line and a stay."""
        await self._connect()
        for _ in range(TRIES):
            try:
                self._stay = await self._enter()
                self.join()
                return
            except Busy:
                await asyncio.sleep(self.chance.random())
        raise Busy

    async def _enter(self) -> str:
        """The stay that was opened."""
        self._opened = asyncio.get_running_loop().create_future()
        self._send("open", "stay.open", {"activity": {"kind": "class", "id": self.class_id}, "device": "page"})
        return await asyncio.wait_for(self._opened, 30)

    def join(self) -> None:
        """Listen to the class."""
        self._send("join", "topic.join", {"topic": f"class:{self.class_id}"})

    def beat(self) -> None:
        """What is played goes on whether or not there is a line."""
        now = time.monotonic()
        since = round((now - self._beat_at) * 1000) if self._beat_at else 0
        self._beat_at = now
        self.last_ms = int(time.time() * 1000) - self.behind_ms
        self.first_ms = self.first_ms or self.last_ms
        self._seq += 1
        self._kept[self._seq] = {
            "seq": self._seq, "position_ms": self.last_ms, "rate": 1, "since_previous_ms": since, "playing": True,
            "visible": True, "ended": False,
        }  # fmt: skip
        self._tell(sorted(self._kept))

    def go(self) -> None:
        if self._task is not None:
            self._task.cancel()
        if self._wire is not None:
            self._wire.close()

    def _tell(self, numbers: list[int]) -> None:
        if self.here and numbers:
            beats = [self._kept[number] for number in numbers]
            self._send(f"b{numbers[-1]}", "beat.send", {"stay": self._stay, "beats": beats})

    def _send(self, id: str, type: str, data: dict[str, Any]) -> None:
        assert self._wire is not None
        self._wire.send(json.dumps({"v": 1, "type": type, "id": id, "data": data}).encode())

    async def _connect(self) -> None:
        wire = await Wire.connect("127.0.0.1", self.port, f"session={self.token}", self._heard)
        wire.lost, self._wire = self._lost, wire

    def _heard(self, wire: Wire, payload: bytes) -> None:
        frame = json.loads(payload)
        if wire is not self._wire and self._wire is not None:
            return
        if frame["type"] == "server.reconnect":
            self._leave(frame["data"]["after_ms"] / 1000 + 0.5 * self.chance.random())
        elif frame["type"] == "refusal":
            self.refused.append(frame["data"]["code"])
            if frame["id"] == "open" and self._opened is not None:
                self._opened.set_exception(Busy(frame["data"]["code"]))
        elif frame.get("id") == "open" and self._opened is not None:
            self._opened.set_result(frame["data"]["stay"])
        elif str(frame.get("id", "")).startswith("b"):
            self._acked(frame["data"])
        elif "event" in frame:
            self.news += frame["data"] if frame["type"] == "batch" else [frame]

    def _acked(self, data: dict[str, Any]) -> None:
        self.acked = data["acked_seq"]
        self._kept = {seq: beat for seq, beat in self._kept.items() if seq > data["acked_seq"]}
        self.counted_ms = data["verified_ms"] + data["pending_ms"]

    def _lost(self) -> None:
        self._wire = None
        if self._task is None or self._task.done():
            self._leave(_WAITS_S[0] * self.chance.uniform(0.8, 1.2))

    def _leave(self, after_s: float) -> None:
        self._since = time.monotonic()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._return(after_s))

    async def _return(self, after_s: float) -> None:
        """Wait, close what is still open, connect until it works, send again what nobody acknowledged."""
        tries = 0
        while True:
            await asyncio.sleep(after_s)
            if self._wire is not None:
                self._wire.close()
                self._wire = None
            try:
                await self._connect()
                break
            except (OSError, TimeoutError) as error:
                tries += 1
                self.refused.append(str(error))
                after_s = _WAITS_S[min(tries, 2)] * self.chance.uniform(0.8, 1.2)
        self.moves.append((self._since, time.monotonic()))
        self.join()
        self._tell(sorted(self._kept))


@asynccontextmanager
async def in_class(port: int, class_id: str, tokens: Sequence[str]) -> AsyncIterator[list[Page]]:
    """The pages of everybody, in class."""
    chance = random.Random(5)
    pages = [Page(port, token, class_id, chance) for token in tokens]
    for first in range(0, len(pages), AT_ONCE):
        await asyncio.gather(*(page.come() for page in pages[first : first + AT_ONCE]))
    try:
        yield pages
    finally:
        for page in pages:
            page.go()


def beating(pages: Sequence[Page], every_s: float) -> AbstractAsyncContextManager[None]:
    """Meanwhile every page beats once in `every_s`, one after the other."""

    async def beat() -> None:
        while True:
            for page in pages:
                page.beat()
                await asyncio.sleep(every_s / len(pages))

    return beside(beat())


async def finish(pages: Sequence[Page]) -> None:
    """A last beat of every page, with all that nobody acknowledged; returns when everything is."""
    for page in pages:
        page.beat()
    await until(lambda: _settled(pages), 60, "every beat is acknowledged")


async def _settled(pages: Sequence[Page]) -> bool:
    return all(page.settled for page in pages)
