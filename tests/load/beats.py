"""Durable acknowledged beats through the whole server (socket, JSON, rules, commit, ack), beside one commit for each.

`python -m tests.load.beats [--learners 5000] [--postgres] [--kills 3] [--json]`. One server process on the first core,
thousands of learners on the second, each with a sign-in and a stay of its own in a class on air. The limit is one
commit a beat through an ORM on the same disk. A busy machine makes every time worse; the processor time a beat and the
ratios hold better.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import uvloop

from tests.load.crowd import gather
from tests.load.flow import Flow, drain, offer, saturate
from tests.load.kills import lost_in_kills
from tests.load.learner import Learner, gather_learners
from tests.load.naive import Naive, naive
from tests.load.packed import packed_bytes
from tests.load.process import ASKING, Process, server, stay_on
from tests.load.report import Figures, show
from tests.postgres import a_cluster

AT_ONCE = 1000
"""Beats on their way while the server is saturated."""

WRITERS = (1, 10)
"""Writers of the limit at a time, in turn."""

RATES = {1000: 60.0, 5000: 120.0}
"""Beats a second that are offered, and the wanted 99th percentile in ms."""


class Place(NamedTuple):
    """A folder, and the URL of an empty database; empty text for SQLite in the folder."""

    folder: Path
    url: str


Places = dict[str, Place]
NAMES = ("crowd", "naive", "packed", "kills")


@contextlib.contextmanager
def places_of(*, postgres: bool) -> Iterator[Places]:
    """A place for each part, removed afterwards."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        cluster = stack.enter_context(a_cluster(durable=True)) if postgres else None
        places = {name: Place(Path(folder) / name, cluster.url(name) if cluster else "") for name in NAMES}
        for place in places.values():
            place.folder.mkdir()
        yield places


async def through(places: Places, options: argparse.Namespace) -> Figures:
    """All that one crowd shows."""
    learners: int = options.learners
    crowd = await gather(places["crowd"].folder, learners, places["crowd"].url)
    async with server(crowd.settings) as running, crowd.on_air():
        empty, used = running.memory, running.cpu_s
        here = await gather_learners(crowd.settings.port, crowd.tokens, str(crowd.class_id))
        await drain(here)
        came = {"ms of processor each": (running.cpu_s - used) / learners * 1000}
        memory = {"kB": (running.memory - empty) / learners / 1000, "target kB": 30.0}
        figures: Figures = {"coming in": came, "memory a learner": memory}
        async with naive(places["naive"].folder, places["naive"].url) as limit:
            figures |= await _saturated(running, here, limit, options.seconds)
        for rate, target in RATES.items():
            flows = [await offer(here, rate, 1.0) for _ in range(round(options.seconds))]
            best = min(flow.percentile_ms(99) for flow in flows)
            figures[f"ack at {rate:,}/s"] = {"best second p99 ms": best} | _waits(all_of(flows)) | {"target": target}
        return figures


async def _saturated(running: Process, here: list[Learner], limit: Naive, seconds: float) -> Figures:
    """Product and limit in turn; the best second of either is that with the fewest others on the machine."""
    flows, naives, used = [], [], 0.0
    for turn in range(round(seconds)):
        before = running.cpu_s
        flows.append(await saturate(here, AT_ONCE, 1.0))
        used += running.cpu_s - before
        naives.append(await limit.rate(WRITERS[turn % len(WRITERS)], 1.0))
    best = max(flow.per_s for flow in flows)
    waits = all_of(flows)
    return {
        "saturated": {"best second beats/s": best, "mean beats/s": waits.per_s, "target": 8000.0} | _waits(waits),
        "processor time": {
            "us a beat": used / len(waits.waits) * 1e6,
            "beats/s of a whole core": len(waits.waits) / used,
        },
        "one commit a beat, ORM": {"best second beats/s": max(naives)},
        "product to limit": {"best seconds": best / max(naives), "target": 10.0},
    }


def all_of(flows: Sequence[Flow]) -> Flow:
    """Several flows as one."""
    return Flow([wait for flow in flows for wait in flow.waits], statistics.mean(flow.per_s for flow in flows))


def _waits(flow: Flow) -> dict[str, float]:
    return {"p50 ms": flow.percentile_ms(50), "p99 ms": flow.percentile_ms(99)}


async def measure(options: argparse.Namespace) -> Figures:
    """Crowd, limit, packing and kills on one kind of database."""
    with places_of(postgres=options.postgres) as places:
        figures = await through(places, options)
        packed = await packed_bytes(*places["packed"])
        figures["evidence after packing"] = {"bytes a beat": packed, "target": 5.0}
        acked, lost = await lost_in_kills(*places["kills"], options.kills)
        figures[f"{options.kills} kill -9"] = {"acknowledged": acked, "lost": lost}
    return figures | {"load of the machine": {"1 min": os.getloadavg()[0]}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--learners", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    stay_on(ASKING)
    show(uvloop.run(measure(options)), as_json=options.json)


if __name__ == "__main__":
    main()
