"""Before a process stops it says so to whoever sends it visitors, and goes on answering meanwhile."""

import asyncio
import signal
from pathlib import Path

import aiohttp
import pytest

from server.base.config import Settings
from tests.faults.driver import Driver
from tests.journeys.academy import until

pytestmark = pytest.mark.slow


async def test_readiness_is_off_before_the_door_is_closed(
    tmp_path: Path, node_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIANGTANG_DRAIN_S", "3")
    assert Settings().drain_s == 3
    driver = Driver(tmp_path, node_url)
    await driver.prepare()
    await driver.start()
    assert driver.process is not None
    driver.process.send_signal(signal.SIGTERM)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{driver.port}") as http:

        async def stopping() -> bool:
            async with http.get("/readyz") as answer:
                return answer.status == 503

        await until(stopping, 3, "it says that it stops")
        async with http.get("/healthz") as answer:
            assert answer.status == 200
            assert answer.headers["Connection"] == "close"
    assert await asyncio.wait_for(driver.process.wait(), 30) == 0
