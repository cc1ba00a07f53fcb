"""Durable acknowledged beats through the whole server (socket, JSON, rules, commit, ack), beside one commit for each.

`python -m tests.load.beats [--learners 5000] [--postgres] [--kills 3] [--json]`. One server process on the first core,
thousands of learners on the second, each with a sign-in and a stay of its own in a class on air. The limit is one
commit a beat through an ORM on the same disk. A busy machine makes every time worse; the processor time a beat and the
ratios hold better.
"""

import argparse
import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import uvloop

from tests.load.crowd import gather
from tests.load.flow import Flow, drain, offer, saturate
from tests.load.kills import lost_in_kills
from tests.load.learner import Learner, gather_learners
from tests.load.naive import naive_per_s
from tests.load.packed import packed_bytes
from tests.load.process import ASKING, Process, server, stay_on
from tests.load.report import Figures, show
from tests.postgres import Postgres, binaries

AT_ONCE = 1000
"""Beats on their way while the server is saturated."""

RATES = {1000: 60.0, 5000: 120.0}
"""Beats a second that are offered, and the wanted 99th percentile in ms."""


@contextlib.contextmanager
def databases(*, postgres: bool) -> Iterator[list[str]]:
    """URLs of empty databases for crowd, limit, packing and kills; empty text for SQLite in the data folder."""
    names = ("load", "naive", "packed", "kills")
    if not postgres:
        yield ["" for _ in names]
        return
    folder = binaries()
    if folder is None:
        raise SystemExit("PostgreSQL is not there")
    cluster = Postgres(folder, durable=True)
    try:
        yield [cluster.url(name) for name in names]
    finally:
        cluster.stop()


async def through(data: Path, url: str, learners: int, seconds: float) -> Figures:
    """All that one crowd shows."""
    crowd = await gather(data, learners, url)
    async with server(crowd.settings) as running, crowd.on_air():
        empty, used = running.memory, running.cpu_s
        here = await gather_learners(crowd.settings.port, crowd.tokens, str(crowd.class_id))
        await drain(here)
        came = {"ms of processor each": (running.cpu_s - used) / learners * 1000}
        memory = {"kB": (running.memory - empty) / learners / 1000, "target kB": 30.0}
        figures: Figures = {"coming in": came, "memory a learner": memory}
        figures |= await _saturated(running, here, seconds)
        for rate, target in RATES.items():
            flow = await offer(here, rate, seconds)
            figures[f"ack at {rate:,}/s"] = _waits(flow) | {"target p99 ms": target}
        return figures


async def _saturated(running: Process, here: list[Learner], seconds: float) -> Figures:
    used = running.cpu_s
    flow = await saturate(here, AT_ONCE, seconds)
    each = (running.cpu_s - used) / len(flow.waits)
    busy = (running.cpu_s - used) / seconds
    return {
        "saturated": {"beats/s": flow.per_s, "target": 8000.0, "server busy": busy} | _waits(flow),
        "processor time": {"us a beat": each * 1e6, "beats/s of a whole core": 1 / each},
    }


def _waits(flow: Flow) -> dict[str, float]:
    return {"p50 ms": flow.percentile_ms(50), "p99 ms": flow.percentile_ms(99)}


async def measure(options: argparse.Namespace) -> Figures:
    """Crowd, limit, packing and kills on one kind of database."""
    with databases(postgres=options.postgres) as urls, tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("crowd", "naive", "packed", "kills")]
        for place in places:
            place.mkdir()
        figures = await through(places[0], urls[0], options.learners, options.seconds)
        naive = await naive_per_s(places[1], urls[1], options.seconds)
        figures["one commit a beat, ORM"] = {"beats/s": naive}
        ratio = {name: figures[row][name] / naive for row, name in _RATIOS}
        figures["against one commit a beat"] = ratio | {"target": 10.0}
        figures["evidence after packing"] = {"bytes a beat": await packed_bytes(places[2], urls[2]), "target": 5.0}
        acked, lost = await lost_in_kills(places[3], urls[3], options.kills)
        figures[f"{options.kills} kill -9"] = {"acknowledged": acked, "lost": lost}
    return figures | {"load of the machine": {"1 min": os.getloadavg()[0]}}


_RATIOS = (("saturated", "beats/s"), ("processor time", "beats/s of a whole core"))


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
