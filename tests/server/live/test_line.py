"""What media says becomes air time and state: lost and back, died, said twice, said late, recorded."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from media.events import Event, EventName
from server.base.bus import Message
from server.base.faults import FailpointError
from server.base.office import Office
from server.base.outbox import outbox
from server.base.work import SYSTEM, Actor
from server.live import air, line, publish_store, store
from server.live.store import LiveClass
from server.live.streams import class_of, stream_of
from server.rules.live import State
from server.rules.refusal import Refusal
from server.rules.stretches import Stretch
from tests.clock import TestClock
from tests.server.live.classes import LECTURER, ended, ms, on_air, planned
from tests.server.live.media import FakeMedia, news

TEACHER = Actor(LECTURER)


class Lesson:
    """A class and the media process that speaks of it, on one clock."""

    def __init__(self, office: Office, clock: TestClock, lesson: LiveClass) -> None:
        self.office, self.clock, self.id, self._lesson = office, clock, lesson.id, lesson
        self.zero = ms(clock.now())

    async def says(self, name: EventName, run: str = "run-1", *, after_s: float = 0, **data: Any) -> Event:
        """Media says so once `after_s` more seconds have passed."""
        self.clock.pass_(after_s)
        said = news(self._lesson, name, self.clock.now(), run, **data)
        await line.take(self.office, said)
        return said

    async def now(self) -> LiveClass:
        async with self.office.read() as tx:
            found = await store.by_id(tx, self.id)
        assert found is not None
        return found

    async def state(self) -> State:
        return (await self.now()).state

    async def air(self) -> list[tuple[float, float]]:
        """The stretches of air in seconds since the test began."""
        async with self.office.read() as tx:
            stretches = await store.air_of(tx, self.id)
        return [((each.from_ms - self.zero) / 1000, (each.until_ms - self.zero) / 1000) for each in stretches]


@pytest.fixture
async def begun(studio: Office, clock: TestClock) -> Lesson:
    """A class that was started a moment ago, its publisher connected, nothing on air yet."""
    lesson = Lesson(studio, clock, await studio.do(SYSTEM, planned, state=State.WAITING))
    await lesson.says("publisher_connected", source="browser")
    await studio.do(TEACHER, air.start, lesson.id)
    return lesson


async def test_the_first_picture_sets_when_the_class_went_on_air(begun: Lesson) -> None:
    assert (await begun.now()).went_on_air_at is None
    await begun.says("on_air", after_s=1.5)
    await begun.says("still_on_air", after_s=5)
    found = await begun.now()
    assert (found.state, found.went_on_air_at) == (State.ON_AIR, begun.clock.now() - timedelta(seconds=5))
    assert await begun.air() == [(1.5, 6.5)]


async def test_a_line_that_is_lost_and_comes_back_goes_on_with_the_same_class(begun: Lesson) -> None:
    await begun.says("on_air")
    await begun.says("off_air", after_s=30, reason="lost")
    await begun.says("publisher_lost", reason="silent")
    lost = await begun.now()
    assert (lost.state, lost.interrupted_since) == (State.INTERRUPTED, begun.clock.now())
    await begun.says("publisher_connected", "run-2", after_s=40, source="browser")
    assert await begun.state() is State.INTERRUPTED
    await begun.says("on_air", "run-2")
    await begun.says("off_air", "run-2", after_s=20, reason="paused")
    back = await begun.now()
    assert (back.state, back.interrupted_since) == (State.ON_AIR, None)
    assert await begun.air() == [(0, 30), (70, 90)]


async def test_media_is_told_again_what_is_wanted_when_a_publisher_comes(begun: Lesson, media: FakeMedia) -> None:
    await begun.says("on_air")
    media.taken.clear()
    await begun.says("off_air", after_s=10, reason="died")
    await begun.says("publisher_connected", "run-2", after_s=3, source="browser")
    assert media.names == ["air_open"]


async def test_the_death_of_media_leaves_its_last_word_as_the_end_of_air(begun: Lesson) -> None:
    await begun.says("on_air")
    await begun.says("still_on_air", after_s=5)
    begun.clock.pass_(7)
    async with begun.office.read() as tx:
        record = await store.record_of(tx, begun.id)
    died = Event("x" * 32, stream_of(begun.id), "run-1", "off_air", record[-1].until_ms + 1200, {"reason": "died"})
    await line.take(begun.office, died)
    assert await begun.state() is State.INTERRUPTED
    assert await begun.air() == [(0, 6.2)]
    async with begun.office.read() as tx:
        assert await publish_store.sending(tx, [begun.id], begun.clock.now()) == set()


async def test_a_publisher_that_was_replaced_does_not_interrupt_the_one_who_took_over(begun: Lesson) -> None:
    await begun.says("on_air")
    await begun.says("publisher_connected", "run-2", after_s=10, source="browser")
    await begun.says("off_air", "run-1", reason="replaced")
    await begun.says("on_air", "run-2", after_s=1)
    await begun.says("publisher_lost", "run-1", reason="closed")
    await begun.says("still_on_air", "run-2", after_s=9)
    assert await begun.state() is State.ON_AIR
    assert await begun.air() == [(0, 10), (11, 20)]


async def test_news_taken_twice_has_the_effect_of_once(begun: Lesson) -> None:
    said = [await begun.says("on_air"), await begun.says("off_air", after_s=10, reason="lost")]
    before = await begun.now(), await begun.air()
    for each in [*said, *reversed(said)]:
        await line.take(begun.office, each)
    assert (await begun.now(), await begun.air()) == before


async def test_news_whose_taking_failed_is_taken_the_next_time(begun: Lesson) -> None:
    said = await begun.says("on_air")
    lost = news(await begun.now(), "off_air", begun.clock.now() + timedelta(seconds=4), reason="lost")
    begun.office.failpoints.plan("line.after_news=raise@1")
    with pytest.raises(FailpointError):
        await line.take(begun.office, lost)
    assert await begun.state() is State.ON_AIR
    await line.take(begun.office, lost)
    assert await begun.state() is State.INTERRUPTED
    assert said.run == lost.run


async def test_what_is_said_after_the_end_counts_only_up_to_it(begun: Lesson) -> None:
    await begun.says("on_air")
    await begun.says("still_on_air", after_s=5)
    begun.clock.pass_(3)
    await begun.office.do(TEACHER, air.end, begun.id)
    await begun.says("off_air", after_s=2, reason="ended")
    assert await begun.air() == [(0, 8)]
    await begun.says("on_air", "run-9", after_s=5)
    assert await begun.air() == [(0, 8)]
    async with begun.office.read() as tx:
        names = set((await tx.execute(sa.select(outbox.c.name))).scalars())
    assert {"class.ended", "class.air_changed"} <= names


async def test_a_class_that_ended_before_its_first_picture_was_never_on_air(begun: Lesson) -> None:
    over = await begun.office.do(TEACHER, air.end, begun.id)
    await begun.says("on_air", after_s=0.2)
    await begun.says("off_air", after_s=0.1, reason="ended")
    assert await begun.now() == over
    assert (over.went_on_air_at, await begun.air()) == (None, [])


async def test_nothing_said_before_the_class_began_is_air(studio: Office, clock: TestClock) -> None:
    lesson = Lesson(studio, clock, await studio.do(SYSTEM, planned, state=State.WAITING))
    await lesson.says("on_air")
    await lesson.says("still_on_air", after_s=5)
    assert await lesson.air() == []


async def test_a_rehearsal_never_becomes_air(studio: Office, clock: TestClock) -> None:
    lesson = Lesson(studio, clock, await studio.do(SYSTEM, on_air))
    for name in ("on_air", "still_on_air"):
        await lesson.says(name, "run-r", after_s=5, rehearsal=True)
    await lesson.says("publisher_lost", "run-r", rehearsal=True, reason="closed")
    assert await lesson.state() is State.ON_AIR
    assert await lesson.air() == []


async def test_the_recording_is_ready_once_media_says_so(begun: Lesson) -> None:
    told: list[Message] = []
    begun.office.bus.listen(f"class:{begun.id}", told.append)
    await begun.says("recorded", duration_ms=1, segments=1, gap_ms=0)
    assert (await begun.now()).recording == "none"
    await begun.office.do(TEACHER, air.end, begun.id)
    await begun.says("recorded", duration_ms=90, segments=1, gap_ms=0)
    assert (await begun.now()).recording == "ready"
    assert "recording.ready" in [message.type for message in told]


async def test_a_withheld_recording_is_never_called_ready(studio: Office, clock: TestClock) -> None:
    lesson = Lesson(studio, clock, await studio.do(SYSTEM, ended, recording="withheld"))
    await lesson.says("recorded", duration_ms=90, segments=1, gap_ms=0)
    assert (await lesson.now()).recording == "withheld"


async def test_the_staff_hears_of_the_line_and_of_a_full_disk(begun: Lesson) -> None:
    told: list[Message] = []
    begun.office.bus.listen(f"class:{begun.id}:staff", told.append)
    await begun.says("line", kbps=1900, fps=25, loss=0.0, width=1280, height=720)
    await begun.says("disk_full", error="no space")
    await begun.says("publisher_lost", reason="silent")
    assert [message.type for message in told] == ["line.changed", "disk.full", "publisher.changed"]
    assert told[0].data == {
        "kbps": 1900, "fps": 25, "loss": 0.0, "width": 1280, "height": 720, "rehearsal": False,
    }  # fmt: skip
    assert told[2].data == {"connected": False, "source": "browser", "rehearsal": False}
    assert await begun.state() is State.INTERRUPTED


async def test_a_publisher_of_whom_media_says_nothing_any_more_holds_no_place(begun: Lesson) -> None:
    async def sends() -> bool:
        async with begun.office.read() as tx:
            return begun.id in await publish_store.sending(tx, [begun.id], begun.clock.now())

    for _ in range(6):
        await begun.says("line", after_s=5, kbps=1900)
    begun.clock.pass_(14)
    assert await sends()
    begun.clock.pass_(1)
    assert not await sends()
    await begun.says("line", "run-9", kbps=1900)
    assert not await sends()


async def test_a_stream_of_nobody_is_unknown(begun: Lesson) -> None:
    for stream in (str(LECTURER), "no-class", str(begun.id).upper()):
        with pytest.raises(Refusal) as refused:
            await line.take(begun.office, Event("1", stream, "r", "on_air", 1, {}))
        assert refused.value.code == "class.unknown"


async def test_a_clock_of_media_that_lies_back_gives_no_instant_twice(begun: Lesson) -> None:
    await begun.says("on_air")
    await begun.says("off_air", after_s=20, reason="lost")
    early = Event("early", stream_of(begun.id), "run-2", "on_air", begun.zero + 5_000, {})
    await line.take(begun.office, early)
    await line.take(begun.office, Event("late", stream_of(begun.id), "run-2", "off_air", begun.zero + 25_000, {}))
    async with begun.office.read() as tx:
        assert await store.air_of(tx, begun.id) == (Stretch(begun.zero, begun.zero + 25_000),)


def test_a_stream_names_its_class_and_whether_it_is_the_rehearsal() -> None:
    assert class_of(stream_of(LECTURER)) == (LECTURER, False)
    assert class_of(stream_of(LECTURER, rehearsal=True)) == (LECTURER, True)
