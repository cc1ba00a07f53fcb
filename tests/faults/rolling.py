"""A rolling restart under a class on air: who comes back when, what is lost, what HTTP callers notice (promise 5).

`python -m tests.faults.rolling [--sockets 300] [--json]`. Two server processes on PostgreSQL and Redis behind nginx;
each gets SIGTERM in turn, and is started again when it has ended. Pages move as browsers do. Beside it a crowd of the
same size, undisturbed for as long.
"""

import argparse
import asyncio
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import uvloop

from server.base.config import Settings
from tests.faults.caller import LOST, Caller, asking
from tests.faults.front import Front, a_front
from tests.faults.page import Page, beating, finish, in_class
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
    callers = [Caller("GET", path) for path in ("/api/v1/me/profile", "/api/v1/session")]
    class_id, figures = str(crowd.class_id), Figures()
    try:
        async with through.on_air(), in_class(front.port, class_id, crowd.tokens[:half]) as pages:
            async with beating(pages, BEAT_S), asking(front.port, crowd.tokens[0], callers, ASK_EVERY_S):
                began = time.monotonic()
                for place in range(waves):
                    running[place], figures[f"restart {place + 1}"] = await restart(running[place], nodes[place], pages)
                took = time.monotonic() - began
            figures["attendance with restarts"] = await _lost(pages)
        if beside:
            async with through.on_air(), in_class(front.port, class_id, crowd.tokens[half:]) as pages:
                async with beating(pages, BEAT_S):
                    await asyncio.sleep(took)
                figures["attendance undisturbed"] = await _lost(pages)
    finally:
        await asyncio.gather(*(each.kill() for each in running))
    answers = callers[0].answers + callers[1].answers
    served = front.statuses()
    figures["HTTP calls"] = {
        "asked": answers.total(),
        "lost": answers[LOST],
        "5xx": sum(number for status, number in answers.items() if status >= 500),
        "5xx of all answers": sum(status >= 500 for status in served),
        "all answers": len(served),
    }
    return figures | {"load of the machine": {"1 min": os.getloadavg()[0]}}


async def _lost(pages: Sequence[Page]) -> dict[str, float]:
    """What did not count once every beat is acknowledged."""
    await finish(pages)
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
