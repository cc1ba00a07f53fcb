"""The loads of media run, and a class does not grow in memory; how fast they are is for a quiet machine to say."""

import argparse

from tests.conftest import need
from tests.deploy.stack import NEEDED
from tests.load import edge
from tests.load.hls import measure
from tests.load.media import TOLD_AT_MINUTES, memory_run


async def test_the_hls_load_asks_product_and_limit() -> None:
    figures = await measure(seconds=0.2, rounds=1)
    assert {"playlist", "part"} <= figures.keys()
    assert all(figures[f"{what}_{of}"]["per_s"] > 0 for what in ("playlist", "part") for of in ("product", "limit"))


async def test_a_class_does_not_grow_in_memory() -> None:
    figures = await memory_run(minutes=TOLD_AT_MINUTES[0] + 10)
    assert figures["segments"] == 225
    assert figures["growth_mib"] < 8


def test_however_many_read_at_the_edge_a_part_is_asked_for_once() -> None:
    need(*NEEDED)
    options = argparse.Namespace(readers=[60], parts=6, part_s=0.4, size=5_000, plain=False)
    told = edge.measure(options)["60 edge"]
    assert told["parts read"] >= 60 * 5
    assert told["upstream requests a part"] <= 1.05
