"""Taking over and resting: the learner's choice, told to the first device, never counted twice."""

from uuid import UUID

import pytest

from server.attendance.evidence import evidence_of
from server.attendance.take import rest, take
from server.rules.evidence import replay
from server.rules.presence import Presence, Reason
from server.rules.refusal import Refusal
from tests.server.attendance.conftest import Classroom, Page


async def test_the_first_device_is_told_and_stops_earning(classroom: Classroom) -> None:
    learner = classroom.learner()
    office, phone = await classroom.page(learner, "办公电脑"), await classroom.page(learner, "手机")
    await office.watch(30)
    await classroom.take(phone)
    assert classroom.heard("stay.moved") == [{"stay": str(office.stay), "to_device": "手机"}]
    answer = await office.watch(15)
    assert answer is not None
    assert answer.verdicts[0].reason is Reason.SECOND_DEVICE
    assert answer.verdicts[0].counted_ms == 0


async def test_one_device_earns_though_the_process_that_takes_over_stamps_behind(classroom: Classroom) -> None:
    learner = classroom.learner()
    office, phone = await classroom.page(learner, "办公电脑"), await classroom.page(learner, "手机")
    await office.beat()
    behind = classroom.receiver.receipts.stamp() - 900
    await classroom.office.do(learner, take, phone.stay, behind)
    assert learner.id is not None
    async with classroom.office.read() as tx:
        left = (await evidence_of(tx, classroom.class_id, [learner.id]))[learner.id]
    policy = classroom.office.services.policies.in_force(classroom.clock.now())
    stood = [replay(each, policy, Presence(policy.speed_elective))[0] for each in left.stays]
    assert [UUID(stay.stay) for stay, state in zip(left.stays, stood, strict=True) if state.earns] == [phone.stay]


async def test_who_takes_over_behind_another_process_earns_at_once(classroom: Classroom) -> None:
    learner = classroom.learner()
    office, phone = await classroom.page(learner, "办公电脑"), await classroom.page(learner, "手机")
    ahead = classroom.receiver.receipts.stamp() + 900
    await classroom.office.do(learner, take, office.stay, ahead)
    await classroom.office.do(learner, take, phone.stay, ahead + 1)
    assert phone.stay is not None
    await classroom.receiver.seat(phone.stay)
    assert classroom.receiver.receipts.stamp() > ahead


async def test_two_devices_at_once_count_once(classroom: Classroom) -> None:
    began = classroom.clock.now()
    learner = classroom.learner()
    office, phone = await classroom.page(learner, "办公电脑"), await classroom.page(learner, "手机")
    await office.beat()
    await phone.beat()
    await _together(classroom, office, phone, 10 * 60)
    phone = await classroom.take(phone)
    await phone.beat()
    await _together(classroom, office, phone, 10 * 60)
    await classroom.end(began=began)
    await classroom.close()
    assessed = await classroom.assessed(learner)
    assert assessed.verified_ms == 20 * 60_000


async def test_a_stay_taken_back_begins_as_a_new_one(classroom: Classroom) -> None:
    learner = classroom.learner()
    office, phone = await classroom.page(learner, "办公电脑"), await classroom.page(learner, "手机")
    await office.watch(30)
    await classroom.take(phone)
    classroom.clock.pass_(1)
    back = await classroom.take(office)
    assert back.stay != office.stay
    answer = await back.watch(30)
    assert answer is not None
    assert answer.pending_ms == 60_000


async def test_taking_what_one_has_changes_nothing(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(30)
    assert await classroom.take(page) is page
    assert classroom.heard("stay.moved") == []


async def test_a_rest_is_not_counted_and_ends_when_told(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(60)
    await _rest(page, True)
    resting = await page.watch(60)
    await _rest(page, False)
    back = await page.watch(60)
    assert resting is not None
    assert back is not None
    assert resting.verdicts[-1].reason is Reason.REST
    assert (resting.pending_ms, back.pending_ms) == (60_000, 120_000)


async def test_only_the_stay_that_earns_can_rest(classroom: Classroom) -> None:
    learner = classroom.learner()
    await classroom.page(learner)
    second = await classroom.page(learner, "手机")
    with pytest.raises(Refusal, match=r"stay\.elsewhere"):
        await _rest(second, True)


async def test_nobody_takes_the_stay_of_another(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    page.actor = classroom.learner()
    with pytest.raises(Refusal, match=r"stay\.unknown"):
        await classroom.take(page)


async def _together(classroom: Classroom, one: Page, other: Page, seconds: int) -> None:
    for _ in range(seconds // 15):
        classroom.clock.pass_(15)
        await one.beat()
        await other.beat()


async def _rest(page: Page, resting: bool) -> None:
    classroom = page.classroom
    await classroom.office.do(page.actor, rest, page.stay, resting, classroom.receiver.receipts.stamp())
