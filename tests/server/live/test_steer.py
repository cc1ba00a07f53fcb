"""Orders follow the state: repeated until media obeys, never for a state that has passed."""

import pytest

from media.orders import AirCut, AirEnd, AirOpen, AirPause
from server.base.office import Office
from server.base.work import SYSTEM, Actor
from server.live import air
from server.live.steer import rehearsal_wanted, wanted
from server.rules.live import State
from tests.clock import TestClock
from tests.server.live.classes import LECTURER, ended, on_air, planned
from tests.server.live.media import FakeMedia

TEACHER = Actor(LECTURER)


async def test_what_should_be_on_air_depends_on_the_state_alone(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned)
    assert wanted(lesson) is None
    for state, order in ((State.ON_AIR, AirOpen), (State.INTERRUPTED, AirOpen), (State.PAUSED, AirPause)):
        assert isinstance(wanted(await office.do(SYSTEM, planned, state=state)), order)
    assert isinstance(wanted(await office.do(SYSTEM, ended)), AirEnd)
    assert isinstance(wanted(await office.do(SYSTEM, ended, recording="withheld")), AirCut)
    assert wanted(await office.do(SYSTEM, planned, state=State.CANCELLED)) is None
    assert isinstance(rehearsal_wanted(await office.do(SYSTEM, planned, state=State.WAITING)), AirOpen)
    assert isinstance(rehearsal_wanted(lesson), AirEnd)


async def test_an_order_that_media_was_away_for_is_given_when_it_is_back(
    studio: Office, media: FakeMedia, clock: TestClock
) -> None:
    lesson = await studio.do(SYSTEM, on_air)
    media.away = True
    await studio.do(TEACHER, air.cut, lesson.id, "art-12", "不当内容")
    await studio.outbox.drain()
    assert media.taken == []
    media.away = False
    clock.pass_(5)
    await studio.outbox.drain()
    assert media.names == ["air_cut"]
    clock.pass_(60)
    await studio.outbox.drain()
    assert media.names == ["air_cut"]


async def test_a_late_order_is_the_one_that_holds_now(studio: Office, media: FakeMedia, clock: TestClock) -> None:
    lesson = await studio.do(SYSTEM, on_air)
    media.away = True
    await studio.do(TEACHER, air.pause, lesson.id)
    await studio.do(TEACHER, air.end, lesson.id)
    media.away = False
    await studio.outbox.drain()
    assert set(media.names) == {"air_end"}


async def test_an_order_that_media_refuses_for_good_is_not_repeated(
    studio: Office, media: FakeMedia, clock: TestClock
) -> None:
    lesson = await studio.do(SYSTEM, ended)
    media.answers["air_cut"] = (410, {"code": "media.cut"})
    await studio.do(TEACHER, air.cut, lesson.id, "art-12", "不当内容")
    assert await studio.outbox.drain() == 1
    assert await studio.outbox.drain() == 0


@pytest.mark.parametrize("pause_s", [30.0])
async def test_a_media_process_that_hangs_holds_nobody_up_for_long(
    studio: Office, media: FakeMedia, pause_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = await studio.do(SYSTEM, on_air)
    media.pause_s = pause_s
    monkeypatch.setattr("server.live.steer.AT_ONCE_S", 0.1)
    over = await studio.do(TEACHER, air.end, lesson.id)
    assert over.state is State.ENDED
    media.pause_s = 0
    await studio.outbox.drain()
    assert media.names == ["air_end"]
