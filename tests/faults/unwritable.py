"""A database that can't be written for a while: what is answered meanwhile, and how soon all goes on (promise 15).

`python -m tests.faults.unwritable [--postgres] [--seconds 10] [--json]`. On SQLite no file of the server may grow
(RLIMIT_FSIZE), as on a full disk; PostgreSQL is stopped at once (`-m immediate`) and started again. Learners go on
beating, one caller reads and one writes all the time.
"""

import argparse
import asyncio
import contextlib
import os
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import uvloop

from server.hours.audit import audit
from tests.faults.page import Page
from tests.journeys.academy import until
from tests.load import process
from tests.load.crowd import Crowd, gather, office_of
from tests.load.report import Figures, show
from tests.postgres import a_cluster

LEARNERS = 12
BEAT_S = 1.0
EVERY_S = 0.05
LIMIT_S = 10.0

Break = Callable[[], None]


@dataclass(slots=True)
class Caller:
    """Asks all the time; what was answered, and what came without a `Retry-After` though it had to."""

    method: str
    path: str
    answers: Counter[int] = field(default_factory=Counter)
    silent: int = 0
    last_ok: float = 0.0

    async def ask(self, http: aiohttp.ClientSession) -> None:
        body = {"answer_time_extended": self.answers.total() % 2 == 0} if self.method == "PATCH" else None
        async with http.request(self.method, self.path, json=body) as answer:
            await answer.read()
            self.answers[answer.status] += 1
            self.silent += answer.status == 503 and "Retry-After" not in answer.headers
            if answer.status == 200:
                self.last_ok = time.monotonic()

    def taken(self) -> dict[int, int]:
        """What was answered since the last time."""
        found, self.answers = dict(self.answers), Counter()
        return found


@asynccontextmanager
async def busy(crowd: Crowd, callers: list[Caller]) -> AsyncIterator[list[Page]]:
    """Learners beat, the callers ask."""
    pages = [Page(crowd.settings.port, each, str(crowd.class_id), random.Random(3)) for each in crowd.tokens]
    for first in range(0, len(pages), 32):
        await asyncio.gather(*(page.come() for page in pages[first : first + 32]))

    async def beat() -> None:
        while True:
            for page in pages:
                page.beat()
            await asyncio.sleep(BEAT_S)

    async def call(caller: Caller) -> None:
        headers = {"Cookie": f"session={crowd.tokens[0]}", "X-CSRF-Token": crowd.tokens[0]}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{crowd.settings.port}", headers=headers) as http:
            while True:
                await caller.ask(http)
                await asyncio.sleep(EVERY_S)

    tasks = [asyncio.create_task(each) for each in (beat(), *map(call, callers))]
    try:
        yield pages
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for page in pages:
            page.go()


async def measure(*, postgres: bool, seconds: float) -> Figures:
    """A database that is away for so long."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        cluster = stack.enter_context(a_cluster(durable=True)) if postgres else None
        crowd = await gather(Path(place) / "a", LEARNERS, cluster.url("academy") if cluster else "")
        running = await process.start(crowd.settings, pinned=False, quiet=True)
        pid = running.process.pid
        try:
            if cluster is not None:
                return await _measured(crowd, cluster.crash, cluster.start, seconds)
            _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            return await _measured(
                crowd,
                lambda: _limit(pid, 1, most),
                lambda: _limit(pid, most, most),
                seconds,
            )
        finally:
            await running.kill()


def _limit(pid: int, size: int, most: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))


async def _measured(crowd: Crowd, injure: Break, heal: Break, seconds: float) -> Figures:
    reads, writes = Caller("GET", "/api/v1/me/profile"), Caller("PATCH", "/api/v1/me/settings")
    async with busy(crowd, [reads, writes]) as pages:
        await until(lambda: _has(writes, 200), 30, "writes are answered")
        await until(lambda: _beaten(pages), 30, "everybody has beaten twice")
        injure()
        await until(lambda: _has(writes, 503), 30, "writes are refused")
        reads.taken(), writes.taken()
        await asyncio.sleep(seconds)
        read, written = reads.taken(), writes.taken()
        heal()
        healed = time.monotonic()
        await until(lambda: _later(writes, healed), 60, "writes are answered again")
        back_s = writes.last_ok - healed
        await until(lambda: _later(reads, healed), 60, "reads are answered")
        await until(lambda: _settled(pages), 60, "every beat is acknowledged")
        lost = [page.lost_ms for page in pages]
    async with office_of(crowd.settings) as office:
        differences = (await audit(office)).differences
    return {
        "writes meanwhile": _by_status(written) | {"503 without Retry-After": writes.silent},
        "reads meanwhile": _by_status(read),
        "recovery": {"s": back_s, "limit s": LIMIT_S},
        "learners": {"most lost ms": max(lost), "audit differences": len(differences)},
        "load of the machine": {"1 min": os.getloadavg()[0]},
    }


def _by_status(answers: dict[int, int]) -> dict[str, float]:
    by_status: dict[str, float] = {str(status): number for status, number in sorted(answers.items())}
    return {"answers": sum(answers.values())} | by_status


async def _has(caller: Caller, status: int) -> bool:
    return caller.answers[status] > 0


async def _later(caller: Caller, moment: float) -> bool:
    return caller.last_ok > moment


async def _beaten(pages: list[Page]) -> bool:
    return all(page.settled and page.counted_ms for page in pages)


async def _settled(pages: list[Page]) -> bool:
    return all(page.settled for page in pages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    show(uvloop.run(measure(postgres=options.postgres, seconds=options.seconds)), as_json=options.json)


if __name__ == "__main__":
    main()
