"""Opening a stay: only in a class that has begun, and at most one stay earns."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from server.attendance.open import open_stay
from server.rules.live import State
from server.rules.refusal import Refusal
from tests.server.attendance.conftest import Classroom


async def test_the_first_stay_earns_at_once(classroom: Classroom) -> None:
    opened = await classroom.open(classroom.learner())
    assert (opened.earning, opened.other) == (True, None)


async def test_a_second_device_does_not_earn_and_is_told_of_the_first(classroom: Classroom) -> None:
    learner = classroom.learner()
    first = await classroom.page(learner, "办公电脑")
    await first.watch(30)
    second = await classroom.open(learner, "手机")
    assert second.earning is False
    assert second.other is not None
    assert second.other.device == "办公电脑"


async def test_a_device_not_heard_of_for_the_late_window_is_no_rival(classroom: Classroom) -> None:
    learner = classroom.learner()
    first = await classroom.page(learner)
    await first.watch(30)
    classroom.clock.pass_(151)
    assert (await classroom.open(learner, "手机")).earning is True


async def test_a_page_opened_again_in_the_same_browser_takes_the_place_of_the_one_that_is_gone(
    classroom: Classroom,
) -> None:
    learner = classroom.learner()
    first = await classroom.page(learner)
    await first.watch(30)
    assert (await classroom.open(learner, gone=True)).earning is True


async def test_a_stay_that_has_ended_is_no_rival(classroom: Classroom) -> None:
    learner = classroom.learner()
    first = await classroom.page(learner)
    await first.watch(30)
    await first.beat(ended=True)
    assert (await classroom.open(learner, "手机")).earning is True


@pytest.mark.parametrize("state", [State.SCHEDULED, State.WAITING, State.CANCELLED])
async def test_a_class_that_has_not_begun_takes_no_stay(empty_classroom: Classroom, state: State) -> None:
    await empty_classroom.put(state)
    with pytest.raises(Refusal, match=r"activity\.closed"):
        await empty_classroom.open(empty_classroom.learner())


async def test_a_class_whose_year_is_over_takes_no_stay(classroom: Classroom) -> None:
    await classroom.end(began=classroom.clock.now())
    classroom.clock.set(datetime(2026, 11, 30, 16, 0, tzinfo=UTC))
    with pytest.raises(Refusal, match=r"activity\.closed") as refusal:
        await classroom.open(classroom.learner())
    assert refusal.value.data == {"state": "year_over"}


async def test_there_is_no_stay_in_a_class_that_does_not_exist(classroom: Classroom) -> None:
    stamp = classroom.receiver.receipts.stamp()
    with pytest.raises(Refusal, match=r"class\.unknown"):
        await classroom.office.do(classroom.learner(), open_stay, uuid4(), "电脑", "s", stamp, lambda _stay: False)


async def test_stays_of_one_learner_in_one_class_are_bounded(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.attendance.open.MAX_STAYS", 3)
    learner = classroom.learner()
    for _ in range(3):
        await classroom.open(learner)
    with pytest.raises(Refusal, match=r"stay\.too_many"):
        await classroom.open(learner)


async def test_two_devices_that_open_at_the_same_moment_do_not_both_earn(classroom: Classroom) -> None:
    for _ in range(5):
        learner = classroom.learner()
        opened = await asyncio.gather(*(classroom.open(learner, device) for device in ("电脑", "手机", "平板")))
        assert sorted(each.earning for each in opened) == [False, False, True]
