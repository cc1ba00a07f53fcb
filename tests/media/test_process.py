"""The media process killed, stopped and started again in the middle of a class."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from media.orders import Orders
from tests.media.academy import CLASS, SECRET, Academy
from tests.media.class_on_air import Make, on_air, until_discontinuous
from tests.media.process import Process
from tests.media.waiting import until


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[tuple[Process, Academy]]:
    process = Process(tmp_path)
    async with aiohttp.ClientSession() as http:
        await process.serve_events()
        await process.start(http)
        orders = Orders(process.url, SECRET, http, time.time)
        try:
            yield process, Academy(process.url, http, process.server, None, orders)  # type: ignore[arg-type]
        finally:
            await process.close()


async def test_a_kill_in_the_middle_is_told_and_the_class_goes_on(
    process: tuple[Process, Academy], lecturers: Make
) -> None:
    media, house = process
    await on_air(house, lecturers())
    await asyncio.sleep(6)
    await media.signal(signal.SIGKILL)
    await media.start(house.http)
    await until(lambda: bool(house.server.named("off_air")))
    died, began = house.server.named("off_air")[0], house.server.named("on_air")[0]
    assert died.data == {"reason": "died"}
    assert began.at_ms < died.at_ms <= began.at_ms + 7_000
    await on_air(house, lecturers())
    await until(lambda: len(house.server.named("on_air")) == 2)
    assert house.server.named("on_air")[1].at_ms > died.at_ms
    live = await until_discontinuous(house)
    assert live.segments[0].duration > 1


async def test_events_put_while_the_server_was_away_come_after_a_kill_of_media(
    process: tuple[Process, Academy], lecturers: Make
) -> None:
    media, house = process
    await house.publish(lecturers())
    await media.hide()
    await house.orders.air_open(CLASS, rehearsal=False, low_latency=True)
    await asyncio.sleep(2)
    await media.signal(signal.SIGKILL)
    await media.serve_events()
    await media.start(house.http)
    await until(lambda: [e.name for e in house.server.events if "air" in e.name] == ["on_air", "off_air"])


async def test_a_stop_closes_parts_and_posts_what_is_left(process: tuple[Process, Academy], lecturers: Make) -> None:
    media, house = process
    await on_air(house, lecturers())
    await asyncio.sleep(1)
    assert await media.signal(signal.SIGTERM) == 0
    assert [e.data["reason"] for e in house.server.named("off_air")] == ["died"]
    assert (media.data / "media" / "journal" / "events.jsonl").exists()
