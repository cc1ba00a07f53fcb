"""Two server processes beside one, on one PostgreSQL and Redis: beats a second, and a post to the last socket.

`python -m tests.load.nodes [--learners 1000] [--json]`. On two cores the processes share them with PostgreSQL, Redis
and the crowd that asks, so two can't be twice as fast here. What holds on any machine is the processor time that a
server needs for a beat (what the second process adds to it is the price of being several) and that of a post which
has to cross from one process to the other, beside one that stays at home.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import uuid4

import uvloop

from server.base.config import Settings
from tests.journeys.academy import free_port
from tests.load import process
from tests.load.crowd import Crowd, gather
from tests.load.fanout import posts
from tests.load.flow import drain, saturate
from tests.load.learner import Learner, gather_learners
from tests.load.process import Process
from tests.load.report import Figures, show
from tests.postgres import a_cluster
from tests.redis_server import a_redis

AT_ONCE = 200


@contextlib.asynccontextmanager
async def processes(settings: Settings, number: int, redis_url: str) -> AsyncIterator[list[tuple[Process, int]]]:
    """So many server processes of one academy, with their ports; the first on the port of the settings."""
    ports = [settings.port, *(free_port() for _ in range(number - 1))]
    several = [settings.model_copy(update={"port": port, "redis_url": redis_url}) for port in ports]
    running = [await process.start(each, pinned=False) for each in several]
    try:
        yield list(zip(running, ports, strict=True))
    finally:
        await asyncio.gather(*(each.kill() for each in running))


async def of_crowd(crowd: Crowd, number: int, redis_url: str, options: argparse.Namespace) -> dict[str, float]:
    """The figures of a crowd that is spread over so many processes."""
    async with processes(crowd.settings, number, redis_url) as running, crowd.on_air():
        here = await _spread(crowd, [port for _, port in running])
        await drain(here)
        used = sum(each.cpu_s for each, _ in running)
        flow = await saturate(here, AT_ONCE, options.seconds)
        used = sum(each.cpu_s for each, _ in running) - used
        for each in here:
            await each.call("topic.join", {"topic": f"class:{crowd.class_id}"})
        waits = await posts(crowd, here, options.posts)
    return {
        "beats/s": flow.per_s,
        "us of processor a beat": used / len(flow.waits) * 1e6,
        "p99 ms": flow.percentile_ms(99),
        "post to the last ms": statistics.median(waits) * 1000,
    }


async def _spread(crowd: Crowd, ports: Sequence[int]) -> list[Learner]:
    """All learners, in turn at one process and the next."""
    shares = [crowd.tokens[place :: len(ports)] for place in range(len(ports))]
    groups = [
        await gather_learners(port, share, str(crowd.class_id)) for port, share in zip(ports, shares, strict=True)
    ]
    return [learner for group in groups for learner in group]


async def measure(options: argparse.Namespace) -> Figures:
    """One process alone, one that could share, two that do."""
    figures: Figures = {}
    with a_cluster(durable=True) as cluster, a_redis() as redis:
        for name, number, url in (("one", 1, ""), ("one with Redis", 1, redis.url), ("two", 2, redis.url)):
            with tempfile.TemporaryDirectory() as data:
                crowd = await gather(Path(data), options.learners, cluster.url(f"n{uuid4().hex}"))
                figures[name] = await of_crowd(crowd, number, url, options)
    one, two = figures["one"], figures["two"]
    figures["two to one"] = {each: two[each] / one[each] for each in one}
    return figures | {"load of the machine": {"1 min": os.getloadavg()[0]}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--learners", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--posts", type=int, default=10)
    options = parser.parse_args()
    show(uvloop.run(measure(options)), as_json=options.json)


if __name__ == "__main__":
    main()
