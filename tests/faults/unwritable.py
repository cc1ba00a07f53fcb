"""A database that can't be written for a while: what is answered meanwhile, and how soon all goes on (promise 15).

`python -m tests.faults.unwritable [--postgres] [--seconds 10] [--json]`. On SQLite no file of the server may grow
(RLIMIT_FSIZE), as on a full disk; PostgreSQL is stopped at once (`-m immediate`) and started again. Learners go on
beating, one caller reads and one writes all the time, one plays the class from a real media process.
"""

import argparse
import asyncio
import contextlib
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import uvloop

from server.hours.audit import audit
from tests.faults.caller import Caller, asking
from tests.faults.page import Page, beating, finish, in_class
from tests.faults.player import playing, share_secret
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


async def measure(*, postgres: bool, seconds: float) -> Figures:
    """A database that is away for so long."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        cluster = stack.enter_context(a_cluster(durable=True)) if postgres else None
        share_secret(Path(place) / "a")
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
    reads = Caller("GET", "/api/v1/me/profile")
    writes = Caller("PATCH", "/api/v1/me/settings", lambda asked: {"answer_time_extended": asked % 2 == 0})
    port, token = crowd.settings.port, crowd.tokens[0]
    async with playing(crowd) as player, in_class(port, str(crowd.class_id), crowd.tokens) as pages:
        async with beating(pages, BEAT_S), asking(port, token, [reads, writes, player], EVERY_S):
            await until(lambda: _has(writes, 200), 30, "writes are answered")
            await until(lambda: _beaten(pages), 30, "everybody has beaten")
            await until(player.plays, 30, "the class plays")
            injure()
            await until(lambda: _has(writes, 503), 30, "writes are refused")
            reads.taken(), writes.taken(), player.taken()
            await asyncio.sleep(seconds)
            read, written, played = reads.taken(), writes.taken(), player.taken()
            heal()
            healed = time.monotonic()
            await until(lambda: _later(writes, healed), 60, "writes are answered again")
            back_s = writes.last_ok - healed
            await until(lambda: _later(reads, healed), 60, "reads are answered")
        await finish(pages)
        lost = [page.lost_ms for page in pages]
    async with office_of(crowd.settings) as office:
        differences = (await audit(office)).differences
    return {
        "writes meanwhile": _by_status(written) | {"503 without Retry-After": writes.silent},
        "reads meanwhile": _by_status(read),
        "playing meanwhile": played,
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
    return all(page.counted_ms for page in pages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    show(uvloop.run(measure(postgres=options.postgres, seconds=options.seconds)), as_json=options.json)


if __name__ == "__main__":
    main()
