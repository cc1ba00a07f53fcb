"""Two processes are one academy: what happens at one is seen at the other, and either may die."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.rules.presence import Reason
from tests.faults.driver import Driver
from tests.faults.settled import settled
from tests.journeys.academy import until
from tests.redis_server import RedisServer
from tests.server.nodes.two import Page, two_processes

Two = tuple[Driver, Driver]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
async def two(tmp_path: Path, node_url: str, redis_server: RedisServer) -> AsyncIterator[Two]:
    async with two_processes(tmp_path, node_url, redis_server.url) as found:
        yield found


async def test_a_class_is_one_class_at_both_processes(two: Two) -> None:
    one, other = two
    desk = await (await Page(one).connect(one.learners[0])).enter("办公电脑")
    phone = await (await Page(other).connect(one.learners[0])).enter("手机")
    neighbour = await (await Page(other).connect(one.learners[1])).enter("电脑")
    assert (await desk.beat())["data"]["verdicts"][0]["reason"] is None
    async with desk.beating(), neighbour.beating():
        await asyncio.gather(*(page.until_told("audience.count", here=2, earning=2) for page in (desk, neighbour)))

    said = await desk.say("向各位同志学习")
    assert said["type"] == "ack", said
    assert said["data"]["state"] == "published", said
    assert (await neighbour.until_told("post.published"))["text"] == "向各位同志学习"

    await phone.take()
    assert (await desk.until_told("stay.moved"))["to_device"] == "手机"
    for _ in range(2):
        assert (await phone.beat())["data"]["verdicts"][0]["reason"] != Reason.SECOND_DEVICE.value
        last = await desk.beat()
    assert last["data"]["verdicts"][0]["reason"] == Reason.SECOND_DEVICE.value

    await one.end_class()
    await asyncio.gather(*(page.until_told("attendance.closed") for page in (desk, neighbour)))
    for page in (desk, phone, neighbour):
        page.close()


async def test_either_process_and_redis_die_under_load_and_nothing_acknowledged_is_lost(
    two: Two, redis_server: RedisServer
) -> None:
    one, other = two
    under_load = asyncio.gather(one.work(rounds=30), other.work(rounds=30))
    await until(lambda: _worked(one, 20), 60, "both work")
    redis_server.kill()
    await until(lambda: _worked(one, 60), 60, "they work without Redis")
    redis_server.start()
    await one.kill()
    await under_load
    await other.work(rounds=8)
    await other.kill()
    await asyncio.gather(one.start(), other.start())
    await one.work(rounds=4)
    await one.end_class()
    await settled(one)
    assert await one.differences() == []


async def _worked(driver: Driver, beats: int) -> bool:
    return len(driver.history.beats) >= beats
