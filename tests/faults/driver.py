"""Starts a real server, works it over real sockets, lets it be killed at a named point, and starts it again."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, TypeVar
from uuid import UUID, uuid4

import aiohttp

from server.base.config import Settings
from server.base.db import Database
from server.base.office import Office
from server.base.schedule import leases
from server.base.work import SYSTEM, Work
from server.migrations.run import migrate
from server.people.store import Person
from server.serve import services_of
from tests.faults import planted
from tests.faults.history import History
from tests.journeys.academy import free_port, until
from tests.load.wire import Wire
from tests.people import a_province
from tests.server.live.classes import ms

T = TypeVar("T")

LEARNERS = 4
MEMBERS = 2
"""Of the learners so many study for a topic class that gives its hours on completion."""

POLICY = """
[policy]
version = "faults-1"
effective = 2020-01-01
[december]
value = "next_year"
[live_repair_days]
value = 0
[minutes_per_hour]
value = 0.01
[live_min_ratio]
value = 0.001
[late_beat_s]
value = 3
"""
"""So that what a learner studies in a second already gives hours."""


ANSWER_S = 4
"""An answer that takes longer does not come."""

Answers = asyncio.Queue[dict[str, Any] | None]
"""What came back; None when the line is lost."""


@dataclass(slots=True)
class Learner:
    """Somebody at a socket, with what was acknowledged."""

    person: Person
    cookie: str
    stay: UUID | None = None
    seq: int = 0


@dataclass(slots=True)
class Driver:
    """One academy on a database of its own; the server process is killed and started at will."""

    data: Path
    database_url: str
    port: int = field(default_factory=free_port)
    redis_url: str = ""
    class_id: UUID = field(default_factory=uuid4)
    begins_ms: int = 0
    learners: list[Learner] = field(default_factory=list)
    history: History = field(default_factory=History)
    process: asyncio.subprocess.Process | None = None

    async def prepare(self) -> None:
        """A class on air for two minutes, learners with their sign-ins, some of them in a topic class."""
        (self.data / "policies").mkdir(parents=True, exist_ok=True)
        (self.data / "policies" / "faults.toml").write_text(POLICY)
        db = Database(self._settings().database)
        await migrate(db)
        await db.close()
        await self.within(self._fill)

    async def within(self, act: Callable[[Office], Awaitable[T]]) -> T:
        """Run `act(office)` on the database, in this process."""
        async with services_of(self._settings()) as services:
            db = Database(services.settings.database)
            try:
                return await act(Office(db, services))
            finally:
                await db.close()

    async def _fill(self, office: Office) -> None:
        town = await a_province(office)
        for _ in range(LEARNERS):
            person = await town.a_learner()
            token = token_urlsafe(24)
            await office.do(SYSTEM, planted.signed_in, person, token)
            self.learners.append(Learner(person, f"session={token}"))
        lesson = await office.do(SYSTEM, planted.on_air, town.root.path)
        self.class_id, self.begins_ms = lesson.id, ms(lesson.starts_at)
        await office.do(SYSTEM, planted.topic_class, town, lesson, [each.person for each in self.learners[:MEMBERS]])

    async def start(self, failpoints: str = "") -> None:
        """Start the server, armed with `failpoints`, and wait until it is ready."""
        if self.killed:
            await self.end_lease()
        env = os.environ | {
            "JIANGTANG_FAILPOINTS": failpoints, "DATABASE_URL": self.database_url, "JIANGTANG_LOG_LEVEL": "WARNING",
            "MEDIA_URL": "http://127.0.0.1:9", "REDIS_URL": self.redis_url,
        }  # fmt: skip
        command = [sys.executable, "-m", "server", "serve", "--data", str(self.data), "--port", str(self.port)]
        with (self.data / "server.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(*command, env=env, stdout=log, stderr=log)
        await until(self._ready, 120, "the server is ready")

    async def _ready(self) -> bool:
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        assert self.process is not None
        return self.process.returncode is not None

    async def end_lease(self) -> None:
        """As if the time was over for which what happens by the clock is left to a process that was killed."""

        async def verb(work: Work) -> None:
            await work.tx.execute(leases.update().values(until=work.now - timedelta(seconds=1)))

        await self.within(lambda office: office.do(SYSTEM, verb))

    async def kill(self) -> None:
        """SIGKILL, at whatever it is doing."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()

    @property
    def killed(self) -> bool:
        """Whether it ended by SIGKILL."""
        return self.process is not None and self.process.returncode == -signal.SIGKILL

    async def work(self, rounds: int) -> None:
        """All learners beat and speak for some rounds; a server that dies ends it."""
        lost = await asyncio.gather(*(self._study(learner, rounds) for learner in self.learners))
        if any(lost) and self.process is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), ANSWER_S)

    async def _study(self, learner: Learner, rounds: int) -> bool:
        """Whether the line was lost, or an answer never came."""
        answers: Answers = asyncio.Queue()

        def heard(_wire: Wire, payload: bytes) -> None:
            message = json.loads(payload)
            if message["type"] in {"ack", "refusal"}:
                answers.put_nowait(message)

        with suppress(ConnectionError, TimeoutError, OSError):
            wire = await Wire.connect("127.0.0.1", self.port, learner.cookie, heard)
            wire.lost = lambda: answers.put_nowait(None)
            try:
                await self._open(wire, learner, answers)
                for _ in range(rounds):
                    await self._beat(wire, learner, answers)
                    await self._speak(wire, learner, answers)
                return False
            finally:
                wire.close()
        return True

    async def _ask(self, wire: Wire, answers: Answers, type: str, data: dict[str, Any]) -> dict[str, Any]:
        self.history.sent += 1
        wire.send(json.dumps({"v": 1, "type": type, "id": "1", "data": data}).encode())
        answer = await asyncio.wait_for(answers.get(), ANSWER_S)
        if answer is None:
            raise ConnectionError("the line is lost")
        return answer

    async def _open(self, wire: Wire, learner: Learner, answers: Answers) -> None:
        activity = {"kind": "class", "id": str(self.class_id)}
        opened = await self._ask(wire, answers, "stay.open", {"activity": activity, "device": "test"})
        assert opened["type"] == "ack", opened
        stay = opened["data"]["stay"]
        taken = await self._ask(wire, answers, "stay.take", {"stay": stay})
        assert taken["type"] == "ack", taken
        learner.stay, learner.seq = UUID(taken["data"]["stay"]), 0

    async def _beat(self, wire: Wire, learner: Learner, answers: Answers) -> None:
        assert learner.stay is not None
        learner.seq += 1
        beat = {
            "seq": learner.seq, "position_ms": self.begins_ms + learner.seq * 50, "rate": 1.0, "since_previous_ms": 50,
            "playing": True, "visible": True, "ended": False,
        }  # fmt: skip
        answer = await self._ask(wire, answers, "beat.send", {"stay": str(learner.stay), "beats": [beat]})
        if answer["type"] == "ack":
            self.history.beats.add((learner.stay, learner.seq))

    async def _speak(self, wire: Wire, learner: Learner, answers: Answers) -> None:
        draft = uuid4()
        place = {"kind": "class", "id": str(self.class_id)}
        said = {"place": place, "text": f"心得 {learner.seq}", "draft": str(draft)}
        if (await self._ask(wire, answers, "post.write", said))["type"] == "ack":
            self.history.posts.add(draft)

    async def end_class(self) -> None:
        """Media's last word, and the end of the class: what gives hours follows by itself."""
        await self.within(lambda office: office.do(SYSTEM, planted.ended, self.class_id))

    async def differences(self) -> list[str]:
        """What is wrong afterwards."""
        accounts = [learner.person.id for learner in self.learners]
        return await self.within(lambda office: self.history.check(office, self.class_id, accounts))

    def _settings(self) -> Settings:
        return Settings.model_validate({"data": self.data, "port": self.port, "DATABASE_URL": self.database_url})
