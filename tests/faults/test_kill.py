"""Promise 1: what was acknowledged survives SIGKILL at any named point, and the audit finds no difference."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.driver import Driver
from tests.faults.settled import settled

POINTS = [
    "stay.before_commit=kill@2",
    "beats.after_insert=kill@2",
    "beats.before_commit=kill@4",
    "posts.before_commit=kill@5",
    "outbox.after_reaction=kill@3",
]
REPEATED = ["beats.before_commit", "posts.before_commit"]
REACHED = 4
"""Hits that a run of all learners makes at least."""

ENDING = [
    "closing.after_classes=kill@1",
    "assessment.after_save=kill@1",
    "assessment.before_commit=kill@1",
    "pack.after_stay=kill@2",
    "completion.after_save=kill@1",
    "ledger.before_insert=kill@1",
    "ledger.after_insert=kill@2",
    "sequence.before_insert=kill@1",
    "sequence.after_insert=kill@1",
]


@pytest.fixture
async def driver(tmp_path: Path, database_url: str) -> Driver:
    made = Driver(tmp_path, database_url)
    await made.prepare()
    return made


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_nothing_acknowledged_is_lost_whichever_point_the_server_dies_at(driver: Driver) -> None:
    try:
        for point in POINTS:
            await driver.start(point)
            await driver.work(rounds=8)
            assert driver.killed, f"{point} was not reached"
        await driver.start()
        await driver.work(rounds=8)
        await driver.end_class()
        await driver.kill()
        for point in ENDING:
            await driver.start(point)
            await _dies(driver, point)
        await driver.start()
        await settled(driver)
    finally:
        await driver.kill()
    assert driver.history.beats
    assert driver.history.posts
    assert await driver.differences() == []


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_nothing_acknowledged_is_lost_at_whichever_hit_of_a_point_the_server_dies(driver: Driver) -> None:
    """The N-th hit for N = 1, 2, 4 … until a run ends without having reached it."""
    try:
        for point in REPEATED:
            hit = 1
            while await _killed_at(driver, point, hit):
                hit *= 2
            assert hit > REACHED, f"{point} was reached {hit // 2} times only"
        await driver.end_class()
        await driver.start()
        await settled(driver)
    finally:
        await driver.kill()
    assert await driver.differences() == []


async def _killed_at(driver: Driver, point: str, hit: int) -> bool:
    await driver.start(f"{point}=kill@{hit}")
    await driver.work(rounds=4)
    killed = driver.killed
    await driver.kill()
    return killed


async def _dies(driver: Driver, point: str) -> None:
    assert driver.process is not None
    with suppress(TimeoutError):
        await asyncio.wait_for(driver.process.wait(), 60)
    assert driver.killed, f"{point} was not reached"
