"""Two real server processes on one PostgreSQL and one Redis, and pages of theirs that keep all they are told."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tests.faults.beside import beside
from tests.faults.driver import Driver, Learner
from tests.journeys.academy import free_port
from tests.load.wire import Wire


class Page:
    """One socket of a learner at one process, with what it was told."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.told: list[dict[str, Any]] = []
        self.stay: UUID | None = None
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._ids = count(1)
        self._seq = count(1)
        self._news = asyncio.Event()
        self._wire: Wire | None = None
        self._position_ms = driver.begins_ms
        self._beat_at = asyncio.get_running_loop().time()

    async def connect(self, learner: Learner) -> "Page":
        self._wire = await Wire.connect("127.0.0.1", self.driver.port, learner.cookie, self._heard)
        return self

    def close(self) -> None:
        assert self._wire is not None
        self._wire.close()

    def _heard(self, _wire: Wire, payload: bytes) -> None:
        frame = json.loads(payload)
        if frame.get("id") in self._answers:
            self._answers.pop(frame["id"]).set_result(frame)
        else:
            self.told += frame["data"] if frame["type"] == "batch" else [frame]
            self._news.set()

    async def ask(self, type: str, **data: Any) -> dict[str, Any]:
        """The answer to a message, an `ack` or a `refusal`."""
        assert self._wire is not None
        id = str(next(self._ids))
        answer = self._answers[id] = asyncio.get_running_loop().create_future()
        self._wire.send(json.dumps({"v": 1, "type": type, "id": id, "data": data}).encode())
        return await asyncio.wait_for(answer, 20)

    async def until_told(self, type: str, **wanted: Any) -> dict[str, Any]:
        """The data of the first such message."""
        try:
            async with asyncio.timeout(30):
                return await self._told(type, wanted)
        except TimeoutError:
            raise AssertionError(f"never told {type} {wanted}, but {self.told}") from None

    async def _told(self, type: str, wanted: dict[str, Any]) -> dict[str, Any]:
        while True:
            self._news.clear()
            for each in self.told:
                if each["type"] == type and wanted.items() <= each["data"].items():
                    found: dict[str, Any] = each["data"]
                    return found
            await self._news.wait()

    async def enter(self, device: str) -> "Page":
        """Open a stay in the class and listen to its room."""
        class_id = str(self.driver.class_id)
        opened = await self.ask("stay.open", activity={"kind": "class", "id": class_id}, device=device)
        self.stay = UUID(opened["data"]["stay"])
        assert (await self.ask("topic.join", topic=f"class:{class_id}"))["type"] == "ack"
        return self

    async def take(self) -> None:
        self.stay = UUID((await self.ask("stay.take", stay=str(self.stay)))["data"]["stay"])
        self._seq = count(1)

    async def beat(self) -> dict[str, Any]:
        now = asyncio.get_running_loop().time()
        since_ms, self._beat_at = round((now - self._beat_at) * 1000), now
        self._position_ms += since_ms
        beat = {
            "seq": next(self._seq), "position_ms": self._position_ms, "rate": 1.0, "since_previous_ms": since_ms,
            "playing": True, "visible": True, "ended": False,
        }  # fmt: skip
        return await self.ask("beat.send", stay=str(self.stay), beats=[beat])

    def beating(self) -> AbstractAsyncContextManager[None]:
        """Meanwhile a beat every second, as a browser sends them."""

        async def go_on() -> None:
            while True:
                await self.beat()
                await asyncio.sleep(1)

        return beside(go_on())

    async def say(self, text: str) -> dict[str, Any]:
        place = {"kind": "class", "id": str(self.driver.class_id)}
        return await self.ask("post.write", place=place, text=text, draft=str(uuid4()))


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


@asynccontextmanager
async def two_processes(data: Path, database_url: str, redis_url: str) -> AsyncIterator[tuple[Driver, Driver]]:
    """One academy with a class on air, served by two processes, with a worker for what takes long."""
    one = Driver(data, database_url, redis_url=redis_url)
    await one.prepare()
    other = replace(one, port=free_port(), process=None, learners=[replace(each) for each in one.learners])
    async with a_worker(one):
        try:
            await asyncio.gather(one.start(), other.start())
            yield one, other
        finally:
            await asyncio.gather(one.kill(), other.kill())
