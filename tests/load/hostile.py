"""What one hostile client costs the others (promise 7), printed beside the same minutes without it.

`python -m tests.load.hostile [--seconds 20] [--json]`. Honest learners read their room and send beats at a steady pace,
first alone, then while another process, at the same time: holds 1,000 connections open that send a byte every 5 s,
sends WebSocket frames of 4 MiB, writes 200 chat messages a second as one learner, and tries 100 sign-ins a second.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from tests.load.attacker import LORISES, attack
from tests.load.crowd import gather
from tests.load.flow import Flow, drain, offer
from tests.load.learner import Learner, gather_learners
from tests.load.page import Asker, Told
from tests.load.process import ASKING, Process, server, stay_on
from tests.load.report import Figures, show

READERS = 10
BEATS_PER_S, READS_PER_S = 100.0, 5.0
"""Beats of all honest learners together, and snapshots of the room by each of the readers."""

SETTLE_S = 3.0
MORE, EXTRA_MS, GROWTH_MIB = 1.2, 50.0, 100.0
"""What the promise allows: so much more than alone, and so much memory."""


async def read(asker: Asker, class_id: str, seconds: float) -> Flow:
    """One reader's snapshots; each is due at its time, whether or not the one before was answered in time."""
    flow, began = Flow(), time.monotonic()
    for number in range(round(seconds * READS_PER_S)):
        due = began + number / READS_PER_S
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await asker.ask("GET", f"/api/v1/classes/{class_id}/room")
        flow.waits.append(time.monotonic() - due)
    return flow


async def honest(learners: Sequence[Learner], askers: Sequence[Asker], class_id: str, seconds: float) -> list[Flow]:
    """Waits of snapshots and of acknowledged beats."""
    beating = asyncio.create_task(offer(learners, BEATS_PER_S, seconds))
    reads = await asyncio.gather(*(read(each, class_id, seconds) for each in askers))
    return [Flow([wait for flow in reads for wait in flow.waits]), await beating]


@asynccontextmanager
async def attacked(
    port: int, tokens: Sequence[str], class_id: str, seconds: float, lorises: int
) -> AsyncIterator[dict[str, int]]:
    """The attack goes on inside, from a process of its own; afterwards the dictionary says what it sent."""
    told: dict[str, int] = {}
    asked = {"port": port, "tokens": list(tokens), "class_id": class_id, "seconds": seconds, "lorises": lorises}
    order = json.dumps(asked)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.load.hostile", "--attack", order, stdout=asyncio.subprocess.PIPE
    )
    try:
        await asyncio.sleep(SETTLE_S)
        yield told
        assert process.stdout is not None
        told |= json.loads(await asyncio.wait_for(process.stdout.readline(), seconds + 60))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _signs_in(port: int) -> None:
    """As people do all day: hashing takes the memory that it keeps from the first time on."""
    asker = Asker(port, "", Counter())
    await asker.ask("POST", "/api/v1/session", {"account": "L00001", "password": "mistyped-1"})
    asker.close()


async def highest(running: Process) -> int:
    """The most memory (bytes) that was seen until cancelled."""
    most = running.memory
    try:
        while True:
            await asyncio.sleep(0.1)
            most = max(most, running.memory)
    except asyncio.CancelledError:
        return most


async def measure(seconds: float, honest_learners: int = 200, lorises: int = LORISES) -> Figures:
    """Alone, then under attack."""
    with tempfile.TemporaryDirectory() as folder:
        crowd = await gather(Path(folder), honest_learners + 2)
        class_id, port = str(crowd.class_id), crowd.settings.port
        good, bad = crowd.tokens[2:], crowd.tokens[:2]
        async with server(crowd.settings) as running, crowd.on_air():
            learners = await gather_learners(port, good, class_id)
            await drain(learners)
            told = Told()
            askers = [Asker(port, token, told.statuses) for token in good[:READERS]]
            await honest(learners, askers, class_id, 2.0)
            used = [running.cpu_s]
            alone = await honest(learners, askers, class_id, seconds)
            used.append(running.cpu_s)
            await asyncio.gather(_signs_in(port), _signs_in(port))
            before = running.memory
            watching = asyncio.create_task(highest(running))
            async with attacked(port, bad, class_id, seconds + SETTLE_S, lorises) as sent:
                used.append(running.cpu_s)
                beside = await honest(learners, askers, class_id, seconds)
                used.append(running.cpu_s)
            watching.cancel()
            growth = (await watching - before) / 2**20
            for each in learners:
                each.go()
            for asker in askers:
                asker.close()
    figures: Figures = {"sent": {name: float(number) for name, number in sent.items()}}
    for name, calm, hit in zip(("snapshot of the room", "beat"), alone, beside, strict=True):
        limit = MORE * calm.percentile_ms(95) + EXTRA_MS
        figures[name] = {
            "alone p95 ms": calm.percentile_ms(95), "beside p95 ms": hit.percentile_ms(95), "limit ms": limit,
        }  # fmt: skip
    return figures | {
        "processor of the server": {"alone s": used[1] - used[0], "beside s": used[3] - used[2]},
        "memory": {"growth MiB": growth, "limit MiB": GROWTH_MIB},
        "answers to the honest": {"5xx": float(told.faults), "4xx": float(told.refused)},
        "load of the machine": {"1 min": os.getloadavg()[0]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--attack", default="")
    options = parser.parse_args()
    stay_on(ASKING)
    if options.attack:
        uvloop.run(attack(**json.loads(options.attack)))
        return
    show(uvloop.run(measure(options.seconds)), as_json=options.json)


if __name__ == "__main__":
    main()
