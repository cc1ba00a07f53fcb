"""A worker that is killed in the middle of a job: the job is done by another, once."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.faults.driver import Driver
from tests.faults.settled import settled
from tests.redis_server import RedisServer
from tests.server.nodes.two import a_worker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


async def test_what_a_killed_worker_had_begun_is_done_once_by_another(
    tmp_path: Path, node_url: str, redis_server: RedisServer
) -> None:
    driver = Driver(tmp_path, node_url, redis_url=redis_server.url)
    await driver.prepare()
    async with a_worker(driver, "assessment.after_save=kill@1") as killed:
        await driver.start()
        try:
            await driver.work(rounds=6)
            await driver.end_class()
            assert await asyncio.wait_for(killed.wait(), 60) == -signal.SIGKILL
            async with a_worker(driver):
                await settled(driver)
        finally:
            await driver.kill()
    assert driver.history.beats
    assert await driver.differences() == []
