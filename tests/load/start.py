"""How long a later start takes until `/readyz` answers, of the server alone and of `up`; memory of an idle server.

`python -m tests.load.start [--json]`. Beside each time stands that of an interpreter which only imports the libraries
without which nothing of it works (aiohttp, SQLAlchemy, pydantic, uvloop), measured in the same run.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from server.base.config import Settings
from tests.load import process
from tests.load.crowd import gather
from tests.load.report import Figures, show

LIBRARIES = "import aiohttp.web, sqlalchemy.ext.asyncio, pydantic, uvloop"
SETTLE_S = 3.0
TARGET_S, TARGET_MB = 3.0, 200.0


async def server_s(settings: Settings) -> tuple[float, float, float]:
    """Seconds until it answered, its processor time until then, and its memory in MB once it idles."""
    running = await process.start(settings, pinned=False)
    try:
        used = running.cpu_s
        await asyncio.sleep(SETTLE_S)
        return running.ready_s, used, running.memory / 1e6
    finally:
        await running.kill()


async def up_s(settings: Settings) -> float:
    """Seconds until the whole academy answers, media included."""
    began = time.monotonic()
    command = [sys.executable, "-m", "server", "up", "--port", str(settings.port), "--data", str(settings.data)]
    parent = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, env=process.environment(settings)
    )
    try:
        await process.ready(f"http://127.0.0.1:{settings.port}", parent)
        return time.monotonic() - began
    finally:
        parent.send_signal(signal.SIGTERM)
        await parent.wait()


async def libraries_s() -> float:
    """Seconds to import what nothing works without."""
    began = time.monotonic()
    await (await asyncio.create_subprocess_exec(sys.executable, "-c", LIBRARIES)).wait()
    return time.monotonic() - began


async def middle(times: int, once: Callable[[], Awaitable[float]]) -> float:
    """The median of several runs."""
    return statistics.median([await once() for _ in range(times)])


async def measure(times: int) -> Figures:
    """A filled database, started again and again."""
    with tempfile.TemporaryDirectory() as folder:
        settings = (await gather(Path(folder), 5)).settings
        (settings.data / "VERSION").write_text("1\n")
        starts = [await server_s(settings) for _ in range(times)]
        up = await middle(times, lambda: up_s(settings))
    libraries = await middle(times, libraries_s)
    server = statistics.median(start for start, _, _ in starts)
    return {
        "server ready": {"s": server, "target s": TARGET_S, "to the libraries": server / libraries},
        "server ready, processor time": {"s": statistics.median(used for _, used, _ in starts)},
        "up ready": {"s": up, "target s": TARGET_S, "to the libraries": up / libraries},
        "libraries imported": {"s": libraries},
        "idle server": {"MB": statistics.median(held for _, _, held in starts), "target MB": TARGET_MB},
        "load of the machine": {"1 min": os.getloadavg()[0]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    show(asyncio.run(measure(options.times)), as_json=options.json)


if __name__ == "__main__":
    main()
