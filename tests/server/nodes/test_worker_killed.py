"""A worker that is killed in the middle of a job: the job is done by another, once."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.driver import Driver
from tests.faults.settled import settled
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@asynccontextmanager
async def a_worker(driver: Driver, failpoints: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m server work` beside the driver's server."""
    env = os.environ | {
        "JIANGTANG_FAILPOINTS": failpoints, "DATABASE_URL": driver.database_url, "REDIS_URL": driver.redis_url,
        "JIANGTANG_LOG_LEVEL": "WARNING", "MEDIA_URL": "http://127.0.0.1:9",
    }  # fmt: skip
    command = [sys.executable, "-m", "server", "work", "--data", str(driver.data)]
    with (driver.data / "work.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


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
