"""A chat message to the last of many sockets, beside a loop of raw `send()` to as many; and what beats feel of it.

`python -m tests.load.fanout [--learners 5000] [--json]`. A learner writes a post: it is screened, committed and pushed
to all who are in the class. Time counts from the writing until the last one has it. The limit is a process that does
nothing but send the same bytes to every socket when it hears from one of them, timed by the same readers.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import uvloop

from tests.load.crowd import Crowd, gather
from tests.load.flow import drain, offer
from tests.load.learner import Learner, gather_learners
from tests.load.process import ASKING, SERVED, server, stay_on
from tests.load.rawsend import serve_raw
from tests.load.report import Figures, show
from tests.load.wire import Wire

TEXT = "老师，基层治理里的网格员怎么和社区干部分工？"
PAUSE_S = 0.5
BEATS_PER_S = 1000.0


class Count:
    """When the last of many has heard."""

    def __init__(self, wanted: int) -> None:
        self._left = wanted
        self.done: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def heard(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.done.set_result(time.monotonic())


async def posts(crowd: Crowd, learners: Sequence[Learner], times: int) -> list[float]:
    """Seconds from writing to the last socket, of several posts one after the other."""
    count = Count(0)

    def heard(_learner: Learner, payload: bytes) -> None:
        if b'"post.published"' in payload:
            count.heard()

    for each in learners:
        each.heard = heard
    found = []
    for number in range(times):
        await asyncio.sleep(PAUSE_S)
        count = Count(len(learners))
        began = time.monotonic()
        place = {"kind": "class", "id": str(crowd.class_id)}
        await learners[number].call("post.write", {"place": place, "text": TEXT, "draft": str(uuid4())})
        found.append(await asyncio.wait_for(count.done, 30) - began)
    return found


async def raw(size: int, sockets: int, times: int) -> list[float]:
    """Seconds from asking to the last socket of a process that only sends so many bytes to each."""
    count = Count(0)
    async with raw_server(size) as port:
        wires = [
            await Wire.connect("127.0.0.1", port, "", lambda _wire, _payload: count.heard()) for _ in range(sockets)
        ]
        found = []
        for number in range(times):
            await asyncio.sleep(PAUSE_S)
            count = Count(sockets)
            began = time.monotonic()
            wires[number].send(b"{}")
            found.append(await asyncio.wait_for(count.done, 30) - began)
        for wire in wires:
            wire.close()
    return found


@asynccontextmanager
async def raw_server(size: int) -> AsyncIterator[int]:
    """The limit in its own process on the server's core; its port."""
    command = [sys.executable, "-m", "tests.load.fanout", "--serve-raw", str(size)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield int(await asyncio.wait_for(process.stdout.readline(), 20))
    finally:
        process.kill()
        await process.wait()


async def beside_beats(learners: Sequence[Learner], seconds: float, work: Callable[[], Awaitable[object]]) -> float:
    """The 99th percentile (ms) of acknowledgements while `work` goes on."""
    working = asyncio.ensure_future(work())
    flow = await offer(learners, BEATS_PER_S, seconds)
    await working
    return flow.percentile_ms(99)


async def measure(sockets: int, times: int) -> Figures:
    """Product first, then the limit with as many sockets and as many bytes."""
    with tempfile.TemporaryDirectory() as folder:
        crowd = await gather(Path(folder), sockets)
        async with server(crowd.settings), crowd.on_air():
            learners = await gather_learners(crowd.settings.port, crowd.tokens, str(crowd.class_id))
            await drain(learners)
            for each in learners:
                await each.call("topic.join", {"topic": f"class:{crowd.class_id}"})
            await posts(crowd, learners, 2)  # the first ones load the word lists
            product = await posts(crowd, learners, times)
            seconds = times * (PAUSE_S + statistics.median(product))
            rest = await beside_beats(learners, seconds, lambda: asyncio.sleep(0))
            meanwhile = await beside_beats(learners, seconds, lambda: posts(crowd, learners, times))
            for each in learners:
                each.go()
    limit = await raw(700, sockets, times)
    slow, quick = statistics.median(product), statistics.median(limit)
    return {
        f"post to the last of {sockets}": {"p50 ms": slow * 1000, "max ms": max(product) * 1000},
        "raw send() to the last": {"p50 ms": quick * 1000, "max ms": max(limit) * 1000},
        "ratio": {"post to raw": slow / quick, "target": 2.5},
        f"p99 of beats at {BEATS_PER_S:,.0f}/s": {"rest ms": rest, "meanwhile ms": meanwhile},
        "ratio of p99": {"meanwhile to rest": meanwhile / rest, "target": 2.0},
        "load of the machine": {"1 min": os.getloadavg()[0]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--learners", type=int, default=5000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--serve-raw", type=int, default=0)
    options = parser.parse_args()
    stay_on(SERVED if options.serve_raw else ASKING)
    if options.serve_raw:
        serve_raw(options.serve_raw)
        return
    show(uvloop.run(measure(options.learners, options.times)), as_json=options.json)


if __name__ == "__main__":
    main()
