"""Whatever is pressed and whatever media says, in any order, twice or late: air stays true and the end is the end."""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from media.events import Event, EventName
from media.orders import Orders
from server.base.config import Settings
from server.base.db import Database
from server.base.files import local_files
from server.base.office import Office
from server.base.services import Services
from server.base.work import SYSTEM, Actor
from server.live import air, line, store
from server.live.store import LiveClass
from server.live.unattended import Watch
from server.migrations.run import migrate
from server.rules.air import media_ms
from server.rules.live import LIVE, State
from server.rules.policy import Policies
from server.rules.refusal import Refusal
from tests.clock import TestClock
from tests.server.live.classes import LECTURER, planned
from tests.server.live.media import news

TEACHER = Actor(LECTURER)
RUNS = st.sampled_from(["run-1", "run-1", "run-1", "run-2"])
LATE_S = st.sampled_from([0.0, 0.0, 0.0, 2.5, 40.0])
BUTTONS: list[Callable[..., Awaitable[LiveClass]]] = [
    air.open_waiting_room, air.rehearse, air.start, air.pause, air.resume, air.end,
]  # fmt: skip
SAID: list[tuple[EventName, dict[str, Any]]] = [
    ("publisher_connected", {"source": "browser"}),
    ("publisher_lost", {"reason": "silent"}),
    ("on_air", {}),
    ("still_on_air", {}),
    ("off_air", {"reason": "paused"}),
    ("off_air", {"reason": "lost"}),
    ("off_air", {"reason": "died"}),
    ("off_air", {"reason": "replaced"}),
    ("recorded", {"duration_ms": 1}),
    ("disk_full", {}),
]


class AnyOrder(RuleBasedStateMachine):
    """One class; a media process that can't be reached, so that only what is told counts."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="jiangtang-order-"))
        shutil.copy(self.template, self.folder / "db.sqlite3")
        self.clock, self.watch = TestClock(), Watch()
        self.said: list[Event] = []
        self.before: LiveClass | None = None

    def run(self, doing: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await doing

        return self.runner.run(done())

    @initialize(begun=st.booleans())
    def begin(self, begun: bool) -> None:
        self.run(self._open())
        if begun:
            self.media_says(("publisher_connected", {"source": "browser"}), "run-1", 0)
            self.press(air.start)
            self.media_says(("on_air", {}), "run-1", 0)

    async def _open(self) -> None:
        self.http = aiohttp.ClientSession()
        orders = Orders("http://127.0.0.1:9", bytes(32), self.http, lambda: 0.0)
        settings, files = Settings(data=self.folder), local_files(self.folder, bytes(32))
        services = Services(settings, Policies.shipped(), bytes(32), bytes(32), orders, files)
        db = Database(f"sqlite:///{self.folder / 'db.sqlite3'}")
        self.office = Office(db, services, clock=self.clock, chance=random.Random(7))
        self.lesson = await self.office.do(SYSTEM, planned, state=State.WAITING)

    @rule(button=st.sampled_from(BUTTONS))
    def press(self, button: Callable[..., Awaitable[LiveClass]]) -> None:
        self.run(self._press(button))

    async def _press(self, button: Callable[..., Awaitable[LiveClass]], *more: Any) -> None:
        refused = ""
        try:
            await self.office.do(TEACHER, button, self.lesson.id, *more)
        except Refusal as refusal:
            refused = refusal.code
        assert refused in {"", "class.wrong_state", "class.no_line"}

    @rule(coin=st.integers(0, 9))
    def cut(self, coin: int) -> None:
        if coin == 0:
            self.run(self._press(air.cut, "art-12", "不当内容"))

    @rule(what=st.sampled_from(SAID), run=RUNS, late_s=LATE_S)
    def media_says(self, what: tuple[EventName, dict[str, Any]], run: str, late_s: float) -> None:
        at = self.clock.now() - timedelta(seconds=late_s)
        said = news(self.lesson, what[0], at, run, **what[1])
        self.said.append(said)
        self.run(line.take(self.office, said))

    @rule(seconds=st.sampled_from([1, 5]), late_s=LATE_S)
    def media_goes_on(self, seconds: int, late_s: float) -> None:
        self.clock.pass_(seconds)
        self.media_says(("still_on_air", {}), "run-1", late_s)

    @rule(number=st.integers(0, 30))
    def media_says_it_again(self, number: int) -> None:
        if self.said:
            self.run(line.take(self.office, self.said[number % len(self.said)]))

    @rule(seconds=st.sampled_from([1, 5, 30, 700]))
    def time_passes(self, seconds: int) -> None:
        for _ in range(max(1, seconds // 100)):
            self.clock.pass_(min(seconds, 100))
        self.run(self.office.do(SYSTEM, self.watch.look))

    @invariant()
    def air_is_true(self) -> None:
        if not hasattr(self, "lesson"):
            return
        lesson, record, log = self.run(self._read())
        now_ms = media_ms(self.clock.now())
        assert all(one.until_ms <= other.from_ms for one, other in pairwise(record))
        assert all(each.from_ms <= each.until_ms <= now_ms for each in record)
        assert not any(each.open for each in record[:-1])
        self._states(lesson, record, log)
        self.before = lesson

    def _states(self, lesson: LiveClass, record: Any, log: list[str]) -> None:
        assert (lesson.state is State.INTERRUPTED) == (lesson.interrupted_since is not None)
        assert (lesson.state is State.ENDED) == (lesson.ended_at is not None)
        assert (lesson.recording == "withheld") == ("cut" in log)
        assert not record or lesson.state in LIVE | {State.ENDED}
        assert [act for act in log if act in {"end", "cut", "cancel"}][1:] in ([], ["cut"])
        if lesson.ended_at is not None:
            assert all(each.until_ms <= media_ms(lesson.ended_at) for each in record)
        if self.before is not None and self.before.state in {State.ENDED, State.CANCELLED}:
            assert (lesson.state, lesson.ended_at) == (self.before.state, self.before.ended_at)

    async def _read(self) -> tuple[LiveClass, Any, list[str]]:
        async with self.office.read() as tx:
            lesson = await store.by_id(tx, self.lesson.id)
            assert lesson is not None
            log = [each.act for each in await store.log_of(tx, self.lesson.id)]
            return lesson, await store.record_of(tx, self.lesson.id), log

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.run(self._close())
        self.runner.close()
        shutil.rmtree(self.folder)

    async def _close(self) -> None:
        await self.office.db.close()
        await self.http.close()


def test_any_order_of_presses_and_news_leaves_true_air(tmp_path: Path) -> None:
    async def make() -> None:
        db = Database(f"sqlite:///{tmp_path / 'db.sqlite3'}")
        await migrate(db)
        await db.close()

    asyncio.run(make())
    AnyOrder.template = tmp_path / "db.sqlite3"
    AnyOrder.TestCase.settings = settings(
        max_examples=25,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    AnyOrder.TestCase("runTest").runTest()
