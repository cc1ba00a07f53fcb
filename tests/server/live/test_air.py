"""Going on air and off it: the table, one effect of two presses, a cut that withholds."""

import asyncio
from datetime import timedelta

import pytest

from server.base.faults import FailpointError
from server.base.office import Office
from server.base.work import SYSTEM, Actor, Work
from server.live import air, line, store
from server.live.store import LiveClass
from server.rules.live import State
from server.rules.refusal import Refusal
from tests.clock import TestClock
from tests.server.live.classes import ASSISTANT, LECTURER, ended, on_air, planned
from tests.server.live.media import FakeMedia, news

TEACHER, HELPER = Actor(LECTURER), Actor(ASSISTANT)


async def found(office: Office, lesson: LiveClass) -> LiveClass:
    async with office.read() as tx:
        now = await store.by_id(tx, lesson.id)
    assert now is not None
    return now


async def acts(office: Office, lesson: LiveClass) -> list[str]:
    async with office.read() as tx:
        return [each.act for each in await store.log_of(tx, lesson.id)]


async def connect(office: Office, lesson: LiveClass, run: str = "run-1") -> None:
    await line.take(office, news(lesson, "publisher_connected", office.clock.now(), run, source="browser"))


async def test_a_class_goes_from_the_waiting_room_to_its_end(studio: Office, media: FakeMedia) -> None:
    lesson = await studio.do(SYSTEM, planned)
    assert (await studio.do(TEACHER, air.open_waiting_room, lesson.id)).state is State.WAITING
    await connect(studio, lesson)
    assert (await studio.do(TEACHER, air.start, lesson.id)).state is State.ON_AIR
    assert (await studio.do(TEACHER, air.pause, lesson.id)).state is State.PAUSED
    assert (await studio.do(TEACHER, air.resume, lesson.id)).state is State.ON_AIR
    over = await studio.do(HELPER, air.end, lesson.id)
    assert (over.state, over.ended_at, over.recording) == (State.ENDED, studio.clock.now(), "none")
    assert over == await found(studio, lesson)
    assert media.names == ["air_open", "air_pause", "air_open", "air_end"]
    assert await acts(studio, lesson) == ["open", "start", "pause", "resume", "end"]


async def test_a_rehearsal_is_over_when_the_class_begins(studio: Office, media: FakeMedia) -> None:
    lesson = await studio.do(SYSTEM, planned, state=State.WAITING)
    assert (await studio.do(TEACHER, air.rehearse, lesson.id)).state is State.WAITING
    await connect(studio, lesson)
    await studio.do(TEACHER, air.start, lesson.id)
    name = str(lesson.id)
    said = [(order.name, getattr(order, "stream", "").removeprefix(name)) for order in media.taken]
    assert said == [("air_open", ""), ("air_open", ""), ("air_end", ".rehearsal")]
    assert [getattr(order, "rehearsal", None) for order in media.taken] == [True, False, None]


async def test_nothing_starts_without_a_picture_on_the_line(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned, state=State.WAITING)
    with pytest.raises(Refusal) as refused:
        await office.do(TEACHER, air.start, lesson.id)
    assert refused.value.code == "class.no_line"
    assert (await found(office, lesson)).state is State.WAITING


async def test_two_who_end_at_once_both_get_the_ended_class(office: Office) -> None:
    lesson = await office.do(SYSTEM, on_air)
    one, other = await asyncio.gather(office.do(TEACHER, air.end, lesson.id), office.do(HELPER, air.end, lesson.id))
    assert one == other == await found(office, lesson)
    assert one.state is State.ENDED
    assert await acts(office, lesson) == ["end"]


async def test_a_step_that_the_table_does_not_have_is_refused(office: Office) -> None:
    lesson = await office.do(SYSTEM, ended)
    for verb in (air.open_waiting_room, air.rehearse, air.start, air.pause, air.resume):
        with pytest.raises(Refusal) as refused:
            await office.do(TEACHER, verb, lesson.id)
        assert refused.value.code == "class.wrong_state"
    assert await found(office, lesson) == lesson


async def test_a_break_says_when_it_is_over_and_forgets_it_afterwards(office: Office) -> None:
    lesson = await office.do(SYSTEM, on_air)
    await connect(office, lesson)
    paused = await office.do(TEACHER, air.pause, lesson.id, 10)
    assert paused.resumes_at == office.clock.now() + timedelta(minutes=10)
    assert (await office.do(TEACHER, air.resume, lesson.id)).resumes_at is None


async def test_a_cut_withholds_the_recording_and_says_who_and_why(studio: Office, media: FakeMedia) -> None:
    lesson = await studio.do(SYSTEM, on_air)
    gone = await studio.do(Actor(ASSISTANT), air.cut, lesson.id, "art-12", "不当内容")
    assert (gone.state, gone.recording) == (State.ENDED, "withheld")
    assert media.names == ["air_cut"]
    async with studio.read() as tx:
        [line_of_log] = await store.log_of(tx, lesson.id)
    assert (line_of_log.act, line_of_log.actor, line_of_log.basis) == ("cut", ASSISTANT, "art-12")
    assert line_of_log.reason == "不当内容"


async def test_a_cut_a_moment_after_the_end_still_withholds_the_recording(studio: Office, media: FakeMedia) -> None:
    lesson = await studio.do(SYSTEM, ended)
    for _ in range(2):
        gone = await studio.do(Actor(ASSISTANT), air.cut, lesson.id, "art-12", "不当内容")
    assert (gone.state, gone.recording, gone.ended_at) == (State.ENDED, "withheld", lesson.ended_at)
    assert media.names == ["air_cut"]
    assert await acts(studio, lesson) == ["cut"]


async def test_a_cut_reaches_media_within_two_seconds_though_the_outbox_waits(
    studio: Office, media: FakeMedia, clock: TestClock
) -> None:
    lesson = await studio.do(SYSTEM, on_air)
    await asyncio.wait_for(studio.do(TEACHER, air.cut, lesson.id, "art-12", "不当内容"), 2)
    assert media.names == ["air_cut"]


async def test_a_start_that_fails_half_way_leaves_the_class_as_it_was(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned)
    office.failpoints.plan("air.after_change=raise@1")
    with pytest.raises(FailpointError):
        await office.do(TEACHER, air.open_waiting_room, lesson.id)
    office.failpoints.plan("")
    assert await found(office, lesson) == lesson
    assert await acts(office, lesson) == []


async def test_everybody_in_the_room_is_told_the_same(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned)
    told: list[dict[str, object]] = []
    office.bus.listen(f"class:{lesson.id}", lambda message: told.append({"type": message.type, **message.data}))
    await office.do(TEACHER, air.open_waiting_room, lesson.id)
    [change] = told
    assert (change["type"], change["state"], change["id"]) == ("class.changed", "waiting", str(lesson.id))
    assert "may" not in change


async def test_an_unknown_class_is_unknown(office: Office) -> None:
    async def opened(work: Work) -> None:
        await air.open_waiting_room(work, LECTURER)

    with pytest.raises(Refusal) as refused:
        await office.do(TEACHER, opened)
    assert (refused.value.code, refused.value.status) == ("class.unknown", 404)
