"""The start of a class: thousands open its room within a minute, and all come again after a restart.

`python -m tests.load.join [--learners 5000] [--within 60] [--kill] [--json]`. Every page asks what a browser asks
(`tests.load.page`) at a moment of its own. *First* is the time from opening the page to the room's snapshot, *whole* to
the first beat that is acknowledged. The limit is a process that answers each of those requests and messages with ready
bytes from aiohttp alone, to as many pages in as much time. Then the server is restarted (SIGTERM, with `--kill`
SIGKILL) and everybody comes back as the pages do. Promise 6: `--learners 600 --within 10`.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp
import uvloop

from server.base.config import Settings
from tests.load import process
from tests.load.crowd import gather
from tests.load.fanout import TEXT
from tests.load.learner import Learner
from tests.load.page import Page, Told
from tests.load.plain import serve_plain
from tests.load.process import ASKING, SERVED, Process, cpu_s, stay_on
from tests.load.report import Figures, percentile_ms, show

PROBE_S = 0.02
SEED = 20
BACK_S = 120.0


class Lag:
    """How late the event loop of a server answers what needs nothing but the loop (`/healthz`), in seconds."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/healthz"
        self._task: asyncio.Task[None] | None = None
        self.found: list[float] = []

    async def __aenter__(self) -> "Lag":
        self._task = asyncio.create_task(self._probe())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()

    async def _probe(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                began = time.monotonic()
                async with http.get(self._url) as answer:
                    await answer.read()
                self.found.append(time.monotonic() - began)
                await asyncio.sleep(PROBE_S)


async def come(port: int, tokens: Sequence[str], class_id: str, within_s: float) -> tuple[list[Page], Told]:
    """All pages, opened at moments spread over `within_s` by chance; returns once all are in."""
    told, chance = Told(), random.Random(SEED)
    moments = sorted(chance.uniform(0, within_s) for _ in tokens)
    pages = [Page(port, token, class_id, told, chance) for token in tokens]
    began = time.monotonic()

    async def open(page: Page, at_s: float) -> None:
        await asyncio.sleep(max(0.0, began + at_s - time.monotonic()))
        await page.open()

    await asyncio.gather(*(open(page, at_s) for page, at_s in zip(pages, moments, strict=True)))
    return pages, told


async def come_again(
    pages: Sequence[Page], running: Process, settings: Settings, told: Told, *, kill: bool
) -> tuple[Process, float]:
    """Restart the server; the new one and the seconds until every page was back."""
    told.first, told.whole = [], []
    began = time.monotonic()
    if kill:
        running.process.kill()
    else:
        running.process.send_signal(signal.SIGTERM)
    await running.process.wait()
    running = await process.start(settings)
    async with asyncio.timeout(BACK_S):
        await asyncio.gather(*(page.home.wait() for page in pages))
    return running, time.monotonic() - began


@asynccontextmanager
async def plain_server() -> AsyncIterator[tuple[int, int]]:
    """The limit in its own process on the server's core: its port and its number."""
    command = [sys.executable, "-m", "tests.load.join", "--serve-plain"]
    limit = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert limit.stdout is not None
        yield int(await asyncio.wait_for(limit.stdout.readline(), 20)), limit.pid
    finally:
        limit.kill()
        await limit.wait()


async def limit_of(options: argparse.Namespace) -> tuple[Told, float]:
    """What pages of the limit lived through, and its processor time in seconds."""
    async with plain_server() as (port, number):
        tokens = [f"plain-{each}" for each in range(options.learners)]
        pages, told = await come(port, tokens, "any", options.within)
        used = cpu_s(number)
        for page in pages:
            page.close()
    return told, used


async def measure(options: argparse.Namespace) -> Figures:
    """Product, restart, then the limit."""
    with tempfile.TemporaryDirectory() as folder:
        crowd = await gather(Path(folder), options.learners)
        running = await process.start(crowd.settings)
        try:
            async with crowd.on_air():
                used, began = running.cpu_s, time.monotonic()
                async with Lag(crowd.settings.port) as lag:
                    pages, told = await come(crowd.settings.port, crowd.tokens, str(crowd.class_id), options.within)
                    spent, lasted = running.cpu_s - used, time.monotonic() - began
                    figures = {
                        "opening": _times(told),
                    }
                    figures["event loop (/healthz)"] = {
                        "p50 ms": percentile_ms(lag.found, 50),
                        "p99 ms": percentile_ms(lag.found, 99),
                    }
                    figures["announcement answered by all"] = {"s": await answered(pages, str(crowd.class_id))}
                faults, opened = told.faults, told.first
            running, back_s = await come_again(pages, running, crowd.settings, told, kill=options.kill)
            figures["after the restart"] = _times(told) | {"all back after s": back_s, "tries in vain": told.lost}
            for page in pages:
                page.close()
        finally:
            await running.kill()
    plain, limit_s = await limit_of(options)
    each = {"product ms": spent / options.learners * 1000, "plain ms": limit_s / options.learners * 1000}
    return figures | {
        "faults (5xx)": {"opening": faults, "all": told.faults},
        "refusals (4xx)": {"all": float(told.refused)},
        "plain answers": _times(plain),
        "first, product to plain": {
            "p50": percentile_ms(opened, 50) / percentile_ms(plain.first, 50),
            "p95": percentile_ms(opened, 95) / percentile_ms(plain.first, 95),
        },
        "processor a page": each | {"ratio": spent / limit_s, "share of the core": spent / lasted},
        "load of the machine": {"1 min": os.getloadavg()[0]},
    }


async def answered(pages: Sequence[Page], class_id: str) -> float:
    """Seconds from a post until each page has it and its beat in answer is acknowledged."""
    place = {"kind": "class", "id": class_id}
    waiting = {id(page.learner) for page in pages}
    done = asyncio.get_running_loop().create_future()

    def heard(learner: Learner, payload: bytes) -> None:
        if b'"post.published"' in payload:
            learner.beat(time.monotonic())

    def acknowledged(learner: Learner, _wait: float) -> None:
        waiting.discard(id(learner))
        if not waiting and not done.done():
            done.set_result(time.monotonic())

    for page in pages:
        page.learner.heard, page.learner.answered = heard, acknowledged
    began = time.monotonic()
    await pages[0].learner.call("post.write", {"place": place, "text": TEXT, "draft": str(uuid4())})
    took: float = await asyncio.wait_for(done, BACK_S) - began
    for page in pages:
        page.listen()
    return took


def _times(told: Told) -> dict[str, float]:
    asked = [("first", told.first, (50, 95, 99)), ("whole", told.whole, (95, 99))]
    return {f"{name} p{at} ms": percentile_ms(took, at) for name, took, ats in asked for at in ats}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--learners", type=int, default=5000)
    parser.add_argument("--within", type=float, default=60.0)
    parser.add_argument("--serve-plain", action="store_true")
    options = parser.parse_args()
    stay_on(SERVED if options.serve_plain else ASKING)
    if options.serve_plain:
        serve_plain()
        return
    show(uvloop.run(measure(options)), as_json=options.json)


if __name__ == "__main__":
    main()
