"""kill -9 under a class on air: how soon the server answers again, and what the learners lose (promise 4).

`python -m tests.faults.killed [--learners 300] [--beats 30] [--down 0] [--json]`. One server process on SQLite, killed
when everybody has sent so many beats and started again after `--down` seconds. The first beat at each page makes its
seat from all the beats before; the slowest acknowledgement after the start tells what that takes.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import uvloop

from server.hours.audit import audit
from tests.faults.page import Page, beating, finish, in_class
from tests.journeys.academy import until
from tests.load import process
from tests.load.crowd import gather, office_of
from tests.load.report import Figures, show

BEAT_S = 1.0
READY_S, CREDIT_S = 5.0, 30.0


async def measure(learners: int, beats: int, down_s: float) -> Figures:
    """Killed once, in the middle of beats."""
    with tempfile.TemporaryDirectory() as place:
        crowd = await gather(Path(place) / "a", learners)
        running = await process.start(crowd.settings, pinned=False)
        try:
            async with in_class(crowd.settings.port, str(crowd.class_id), crowd.tokens) as pages:
                async with beating(pages, BEAT_S):
                    await until(lambda: _beaten(pages, beats), 120 + 2 * beats, "everybody has beaten")
                    await running.kill()
                    killed = time.monotonic()
                    await asyncio.sleep(down_s)
                    began = time.monotonic()
                    running = await process.start(crowd.settings, pinned=False)
                    ready = time.monotonic()
                    await until(lambda: _back(pages), 120, "everybody is back")
                await finish(pages)
                back = time.monotonic()
                lost = [page.lost_ms for page in pages]
        finally:
            await running.kill()
        async with office_of(crowd.settings) as office:
            differences = (await audit(office)).differences
    return {
        "killed": {"learners": learners, "beats each": beats, "down s": began - killed},
        "ready again": {"s": ready - began, "limit s": READY_S},
        "everybody back, every beat acknowledged": {"s after ready": back - ready},
        "credit": {"most lost s": max(lost) / 1000, "limit s": CREDIT_S, "audit differences": len(differences)},
        "load of the machine": {"1 min": os.getloadavg()[0]},
    }


async def _beaten(pages: Sequence[Page], beats: int) -> bool:
    return all(page.acked >= beats for page in pages)


async def _back(pages: Sequence[Page]) -> bool:
    return all(page.here and page.moves for page in pages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--beats", type=int, default=30)
    parser.add_argument("--down", type=float, default=0.0)
    options = parser.parse_args()
    figures = uvloop.run(measure(options.learners, options.beats, options.down))
    show(figures, as_json=options.json)


if __name__ == "__main__":
    main()
