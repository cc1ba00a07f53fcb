"""The loads of media run, and a class does not grow in memory; how fast they are is for a quiet machine to say."""

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
