"""The clock opens, loses, ends and calls off; it reminds once, and never before it has listened a while."""

from datetime import timedelta
from typing import Any

from server.base.bus import Message
from server.base.office import Office
from server.base.work import SYSTEM
from server.live import line, store
from server.live.store import LiveClass
from server.live.unattended import Watch, forget
from server.rules.live import State
from tests.clock import TestClock
from tests.server.live.classes import on_air, planned
from tests.server.live.media import news


async def watched(office: Office, clock: TestClock, lesson: LiveClass, seconds: int, watch: Watch | None = None) -> Any:
    """The class after the clock was looked at every five seconds for so long."""
    watch = watch or Watch()
    for _ in range(seconds // 5):
        clock.pass_(5)
        await office.do(SYSTEM, watch.look)
    async with office.read() as tx:
        return await store.by_id(tx, lesson.id)


async def test_a_waiting_room_opens_by_itself(office: Office, clock: TestClock) -> None:
    lesson = await office.do(SYSTEM, planned, starts_at=clock.now() + timedelta(minutes=15, seconds=12))
    assert (await watched(office, clock, lesson, 10)).state is State.SCHEDULED
    found = await watched(office, clock, lesson, 5)
    assert found.state is State.WAITING
    async with office.read() as tx:
        [line_of_log] = await store.log_of(tx, lesson.id)
    assert (line_of_log.act, line_of_log.actor) == ("open", None)


async def test_media_that_falls_silent_interrupts_the_class_and_ends_it_after_the_grace(
    office: Office, clock: TestClock
) -> None:
    lesson = await office.do(SYSTEM, on_air)
    watch = Watch()
    assert (await watched(office, clock, lesson, 20, watch)).state is State.ON_AIR
    assert (await watched(office, clock, lesson, 10, watch)).state is State.INTERRUPTED
    grace = office.services.policies.in_force(clock.now()).live_grace_s
    assert (await watched(office, clock, lesson, grace - 10, watch)).state is State.INTERRUPTED
    over = await watched(office, clock, lesson, 15, watch)
    assert over.state is State.ENDED
    async with office.read() as tx:
        assert [(each.act, each.reason) for each in await store.log_of(tx, lesson.id)] == [
            ("lose", None), ("end", "no_source"),
        ]  # fmt: skip


async def test_a_class_of_which_media_speaks_goes_on(office: Office, clock: TestClock) -> None:
    lesson = await office.do(SYSTEM, on_air)
    watch = Watch()
    for _ in range(12):
        found = await watched(office, clock, lesson, 5, watch)
        await line.take(office, news(lesson, "still_on_air", clock.now()))
    assert found.state is State.ON_AIR


async def test_a_server_that_was_away_listens_before_it_calls_a_line_lost(office: Office, clock: TestClock) -> None:
    lesson = await office.do(SYSTEM, on_air)
    clock.pass_(90)
    watch = Watch()
    assert (await watched(office, clock, lesson, 15, watch)).state is State.ON_AIR
    assert (await watched(office, clock, lesson, 15, watch)).state is State.INTERRUPTED
    await line.take(office, news(lesson, "still_on_air", clock.now()))
    assert (await watched(office, clock, lesson, 5, watch)).state is State.ON_AIR


async def test_a_class_that_nobody_holds_is_cancelled(office: Office, clock: TestClock) -> None:
    lesson = await office.do(SYSTEM, planned, state=State.WAITING, planned_minutes=10)
    clock.pass_(20 * 60 + 595)
    assert (await watched(office, clock, lesson, 5)).state is State.CANCELLED


async def test_the_staff_is_reminded_of_the_planned_end_once(office: Office, clock: TestClock) -> None:
    lesson = await office.do(SYSTEM, on_air, planned_minutes=10)
    told: list[Message] = []
    office.bus.listen(f"class:{lesson.id}:staff", told.append)
    clock.pass_(10 * 60 - 12)
    await line.take(office, news(lesson, "still_on_air", clock.now()))
    await watched(office, clock, lesson, 20)
    assert [message.type for message in told] == ["class.time_up"]


async def test_old_notes_of_news_are_forgotten(office: Office, clock: TestClock) -> None:
    lesson = await office.do(SYSTEM, on_air)
    said = news(lesson, "disk_full", clock.now())
    await line.take(office, said)
    clock.pass_(8 * 24 * 3600)
    await office.do(SYSTEM, forget)
    await line.take(office, said)
    async with office.read() as tx:
        assert [each.act for each in await store.log_of(tx, lesson.id)] == ["disk_full", "disk_full"]
