"""Brings a class on air and reads it as a player does."""

import asyncio
from collections.abc import Callable

import m3u8

from tests.media.academy import CLASS, Academy
from tests.media.lecturer import Lecturer
from tests.media.waiting import until

Make = Callable[[], Lecturer]


async def on_air(house: Academy, lecturer: Lecturer, session: str = "s1", stream: str = CLASS) -> None:
    await house.publish(lecturer, house.grant(session=session, stream=stream), stream)
    await house.orders.air_open(stream, rehearsal=False, low_latency=True)
    await until(lambda: bool(house.server.named("on_air", stream)))


async def playlist(house: Academy) -> m3u8.M3U8:
    response = await house.read("video.m3u8")
    assert response.status == 200
    return m3u8.loads(await response.text())


async def until_discontinuous(house: Academy) -> m3u8.M3U8:
    """The playlist as soon as the second run is in it."""
    for _ in range(50):
        live = await playlist(house)
        if any(segment.discontinuity for segment in live.segments):
            return live
        await asyncio.sleep(0.1)
    raise AssertionError("the second run never came")
