"""A rolling restart under a class on air: who comes back when, what is lost, what HTTP callers notice (promise 5).

`python -m tests.faults.rolling [--sockets 300] [--json]`. Two server processes on PostgreSQL and Redis behind nginx;
each gets SIGTERM in turn, and is started again when it has ended. Pages move as browsers do. Beside it a crowd of the
same size, undisturbed for as long.
"""

import argparse
import asyncio
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import uvloop

from server.base.config import Settings
from tests.faults.front import Front, a_front
from tests.faults.page import Page
from tests.journeys.academy import free_port, until
from tests.load import process
from tests.load.crowd import Crowd, gather
from tests.load.process import Process
from tests.load.report import Figures, show
from tests.postgres import a_cluster
from tests.redis_server import a_redis

BEAT_S = 3.0
BACK_S, SHARE = 15.0, 0.15
ASK_EVERY_S = 0.02
FORGIVEN_S = 1.5
"""After so long nginx asks again a process that was not there."""


class Caller:
    """Asks through the front all the time, and counts the answers."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self.statuses: Counter[int] = Counter()
        self.lost = 0

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._ask())
        try:
            yield
        finally:
            if task.done():
                task.result()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _ask(self) -> None:
        headers = {"Cookie": f"session={self._token}", "X-CSRF-Token": self._token}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{self._port}", headers=headers) as http:
            while True:
                for method, path in (("GET", "/api/v1/me/profile"), ("GET", "/api/v1/session")):
                    try:
                        async with http.request(method, path) as answer:
                            await answer.read()
                            self.statuses[answer.status] += 1
                    except aiohttp.ClientError:
                        self.lost += 1
                await asyncio.sleep(ASK_EVERY_S)


@asynccontextmanager
async def pages_of(
    front: Front, crowd: Crowd, tokens: Sequence[str]
) -> AsyncIterator[tuple[list[Page], asyncio.Task[None]]]:
    """Everybody in class, beating through the front until the task is cancelled."""
    chance = random.Random(5)
    pages = [Page(front.port, token, str(crowd.class_id), chance) for token in tokens]
    for first in range(0, len(pages), 32):
        await asyncio.gather(*(page.come() for page in pages[first : first + 32]))

    async def beat() -> None:
        while True:
            for page in pages:
                page.beat()
                await asyncio.sleep(BEAT_S / len(pages))

    beating = asyncio.create_task(beat())
    try:
        yield pages, beating
    finally:
        if beating.done() and not beating.cancelled():
            beating.result()
        beating.cancel()
        for page in pages:
            page.go()


async def restart(running: Process, settings: Settings, pages: Sequence[Page]) -> tuple[Process, dict[str, float]]:
    """SIGTERM, wait for the end, start again; how those who were there came back."""
    before = {page: len(page.moves) for page in pages}
    began = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    code = await asyncio.wait_for(running.process.wait(), 40)
    ended = time.monotonic() - began
    again = await process.start(settings, pinned=False)
    await asyncio.sleep(FORGIVEN_S)
    await until(lambda: _all_here(pages), 30, "everybody is back")
    moved = [page.moves[-1] for page in pages if len(page.moves) > before[page]]
    waits = [back - told for told, back in moved]
    seconds = Counter(int(back - began) for _, back in moved)
    return again, {
        "moved": len(moved),
        "back within 15 s %": 100 * sum(wait <= BACK_S for wait in waits) / max(1, len(waits)),
        "last s": max(waits, default=0),
        "fullest second %": 100 * max(seconds.values(), default=0) / max(1, len(moved)),
        "ended s": ended,
        "exit code": code or 0,
        "tries refused": sum(len(page.refused) for page in pages),
    }


async def _all_here(pages: Sequence[Page]) -> bool:
    return all(page.here for page in pages)


async def _settled(pages: Sequence[Page]) -> bool:
    return all(page.settled for page in pages)


async def measure(sockets: int, *, spread_s: float = 10.0, waves: int = 2, beside: bool = True) -> Figures:
    """The restarts, and `beside` them as long a time without."""
    with a_cluster() as cluster, a_redis() as redis, tempfile.TemporaryDirectory() as place:
        crowd = await gather(Path(place) / "a", 2 * sockets, cluster.url("academy"))
        one = crowd.settings.model_copy(update={"redis_url": redis.url, "reconnect_s": spread_s, "drain_s": 1.0})
        nodes = [one, one.model_copy(update={"port": free_port()})]
        async with a_front(Path(place) / "front", [each.port for each in nodes]) as front:
            return await _measured(crowd, nodes, front, waves, beside=beside)


async def _measured(crowd: Crowd, nodes: list[Settings], front: Front, waves: int, *, beside: bool) -> Figures:
    running = [await process.start(each, pinned=False) for each in nodes]
    half = len(crowd.tokens) // 2
    through = replace(crowd, settings=crowd.settings.model_copy(update={"port": front.port}))
    caller = Caller(front.port, crowd.tokens[0])
    figures: Figures = {}
    try:
        async with through.on_air(), pages_of(front, crowd, crowd.tokens[:half]) as (pages, beating), caller.asking():
            began = time.monotonic()
            for place in range(waves):
                running[place], figures[f"restart {place + 1}"] = await restart(running[place], nodes[place], pages)
            took = time.monotonic() - began
            beating.cancel()
            await until(lambda: _settled(pages), 30, "every beat is acknowledged")
            figures["attendance with restarts"] = _lost(pages)
        if beside:
            async with through.on_air(), pages_of(front, crowd, crowd.tokens[half:]) as (pages, beating):
                await asyncio.sleep(took)
                beating.cancel()
                await until(lambda: _settled(pages), 30, "every beat is acknowledged")
                figures["attendance undisturbed"] = _lost(pages)
    finally:
        await asyncio.gather(*(each.kill() for each in running))
    answers = caller.statuses
    served = front.statuses()
    figures["HTTP calls"] = {
        "asked": answers.total() + caller.lost,
        "lost": caller.lost,
        "5xx": sum(number for status, number in answers.items() if status >= 500),
        "5xx of all answers": sum(status >= 500 for status in served),
        "all answers": len(served),
    }
    return figures | {"load of the machine": {"1 min": os.getloadavg()[0]}}


def _lost(pages: Sequence[Page]) -> dict[str, float]:
    lost = [page.lost_ms for page in pages]
    return {"learners": len(pages), "most lost ms": max(lost), "lost in all ms": sum(lost)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sockets", type=int, default=300)
    options = parser.parse_args()
    show(uvloop.run(measure(options.sockets)), as_json=options.json)


if __name__ == "__main__":
    main()
