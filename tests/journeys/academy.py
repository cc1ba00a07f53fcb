"""A whole academy for a journey: its own data folder, server and media as their parent starts them."""

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import aiohttp

from server.base.config import Settings
from server.base.db import Database
from server.base.office import Office
from server.migrations.run import migrate
from server.serve import services_of

T = TypeVar("T")

POLICY = """
[policy]
version = "journey-1"
effective = 2020-01-01
[december]
value = "next_year"
[live_repair_days]
value = 0
[minutes_per_hour]
value = 0.5
[heartbeat_interval_s]
value = 3
[late_beat_s]
value = 8
[live_grace_s]
value = 20
[live_min_ratio]
value = 0.4
[live_full_ratio]
value = 0.7
"""
"""A class of a minute gives two hours, studying is possible whatever the day, seconds that a busy machine loses
decide nothing."""


def policy_with(**values: object) -> str:
    """The journey's policy with other values in some fields."""
    text = POLICY
    for name, value in values.items():
        text = re.sub(rf"\[{name}\]\nvalue = .*\n", "", text) + f"[{name}]\nvalue = {value}\n"
    return text


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Academy:
    """A running academy; `url` is its one address."""

    data: Path
    port: int = field(default_factory=free_port)
    policy: str = POLICY
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        return Settings(data=self.data, port=self.port)

    async def prepare(self) -> None:
        """An empty migrated database and the journey's policy."""
        (self.data / "policies").mkdir(parents=True, exist_ok=True)
        (self.data / "policies" / "journey.toml").write_text(self.policy)
        db = Database(self.settings.database)
        await migrate(db)
        await db.close()

    @asynccontextmanager
    async def office(self) -> AsyncIterator[Office]:
        """An office on the academy's own database, for filling it and for looking afterwards."""
        async with services_of(self.settings) as services:
            db = Database(self.settings.database)
            yield Office(db, services)
            await db.close()

    async def start(self) -> None:
        """Start server and media under their parent, and wait until they answer."""
        command = [sys.executable, "-m", "server", "up", "--data", str(self.data), "--port", str(self.port), "--empty"]
        log = (self.data / "journey.log").open("ab")
        env = os.environ | {"JIANGTANG_LOG_LEVEL": "INFO"}
        self.process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log, env=env)
        log.close()
        await until(self._answers, 120, "the academy answers")

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self.process.wait(), 30)

    async def _answers(self) -> bool:
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as http, http.get(f"{self.url}/readyz") as answer:
                ready = answer.status == 200
            async with aiohttp.ClientSession() as http, http.get(f"{self.url}/media/live/x/index.m3u8") as media:
                return ready and media.status != 503
        return False

    def log(self) -> str:
        return (self.data / "journey.log").read_text(errors="replace")


async def until(check: Callable[[], Awaitable[T]], seconds: float, what: str) -> T:
    """Wait for `check` to give something true; fail with `what` after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := await check():
            return found
        await asyncio.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")
