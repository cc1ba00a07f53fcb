"""Presence checks as the server asks them: on earning time, shown, answered, missed, asked again."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from server.attendance import store
from server.attendance.check import active, answered, shown, spoke
from server.attendance.close import recompute
from server.attendance.receive import Receiver
from server.attendance.running import tick
from server.attendance.take import rest
from server.base.outbox import Event
from server.base.work import SYSTEM
from server.rules.checks import Outcome
from server.rules.refusal import Refusal
from tests.server.attendance.conftest import Classroom, Page


async def watch(page: Page, minutes: float, *, still: bool = False) -> None:
    """Watch on with the clockwork running; `still`: nobody is in front of the screen."""
    for _ in range(int(minutes * 2)):
        await page.watch(30, every=30)
        await tick(page.classroom.receiver)
        if not still:
            await _answer_if_asked(page)


async def _answer_if_asked(page: Page) -> None:
    for asked in await waiting(page):
        await tell(page, shown, asked)
        await tell(page, answered, asked)


async def waiting(page: Page) -> list[UUID]:
    async with page.classroom.office.read() as tx:
        return [each.id for each in await store.waiting_checks(tx, 10)]


async def tell(page: Page, verb: Callable[..., object], check: UUID) -> object:
    return await page.classroom.office.do(page.actor, verb, check, page.classroom.receiver.receipts.stamp())  # type: ignore[arg-type]


async def asked(page: Page) -> list[store.AskedCheck]:
    assert page.actor.id is not None
    async with page.classroom.office.read() as tx:
        return await store.checks_of(tx, page.actor.id, page.classroom.class_id)


async def until_asked(page: Page, *, minutes: float = 31) -> UUID:
    """Watch until a check is asked."""
    for _ in range(int(minutes * 2)):
        await page.watch(30, every=30)
        await tick(page.classroom.receiver)
        if found := await waiting(page):
            return found[0]
    raise AssertionError("no check was asked")


async def test_a_check_is_asked_between_twenty_and_thirty_minutes_of_earning_time(classroom: Classroom) -> None:
    began = classroom.clock.now()
    page = await classroom.page(classroom.learner())
    check = await until_asked(page)
    passed = (classroom.clock.now() - began).total_seconds() / 60
    assert 20 <= passed <= 30.5
    told = classroom.heard("check.asked")
    assert [(each["check"], each["stay"], each["answer_s"]) for each in told] == [(str(check), str(page.stay), 120)]


async def test_hidden_time_does_not_move_the_timer(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await watch(page, 15, still=True)
    page.visible = False
    await watch(page, 30, still=True)
    assert await waiting(page) == []


async def test_a_sign_of_activity_starts_the_timer_anew(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    for _ in range(3):
        await watch(page, 15, still=True)
        place = {"kind": "class", "id": str(classroom.class_id)}
        event = Event("post.written", "", {"author": str(page.actor.id), "place": place})
        await classroom.office.do(SYSTEM, spoke, event)
    assert await asked(page) == []


async def test_an_answer_in_time_verifies_what_was_pending(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    check = await until_asked(page)
    await tell(page, shown, check)
    assert await tell(page, answered, check) is Outcome.ANSWERED
    answer = await page.watch(15)
    assert answer is not None
    assert answer.pending_ms == 15_000
    assert answer.verified_ms >= 20 * 60_000


async def test_a_missed_check_is_told_with_what_it_voids_and_asked_no_second_time(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(10 * 60)
    assert page.actor.id is not None
    await classroom.office.do(SYSTEM, active, page.actor.id, classroom.class_id, "post")
    signed = classroom.receiver.receipts.stamp()
    check = await until_asked(page)
    at = classroom.receiver.receipts.stamp()
    await tell(page, shown, check)
    await watch(page, 2.5, still=True)
    assert classroom.heard("check.missed") == [
        {"check": str(check), "stay": str(page.stay), "from_ms": signed, "until_ms": at}
    ]
    assert [each.check.outcome for each in await asked(page)] == [Outcome.MISSED]


async def test_after_a_missed_check_time_counts_once_its_dialog_is_answered(classroom: Classroom) -> None:
    began = classroom.clock.now()
    page = await classroom.page(classroom.learner())
    check = await until_asked(page)
    await tell(page, shown, check)
    await watch(page, 3, still=True)
    assert await _verified_ms(classroom, page, began) == 0
    assert await tell(page, answered, check) is Outcome.MISSED
    assert await _verified_ms(classroom, page, began) == 3 * 60_000


async def _verified_ms(classroom: Classroom, page: Page, began: datetime) -> int:
    await classroom.air((began, classroom.clock.now()))
    policy = classroom.office.services.policies.in_force(began)
    assert page.actor.id is not None
    async with classroom.office.read() as tx:
        assessment = await recompute(tx, page.actor.id, classroom.class_id, policy)
    assert assessment is not None
    return assessment.verified_ms


async def test_what_is_told_while_the_dialog_is_open_is_the_same_after_a_crash(
    classroom: Classroom, again: Callable[[], Receiver]
) -> None:
    page = await classroom.page(classroom.learner())
    check = await until_asked(page)
    await tell(page, shown, check)
    await watch(page, 3, still=True)
    before = await page.watch(15)
    again()
    after = await page.watch(15)
    assert before is not None
    assert after is not None
    assert (after.verified_ms, after.pending_ms) == (before.verified_ms, before.pending_ms + 15_000)


async def test_a_check_that_was_never_shown_is_asked_again(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    first = await until_asked(page)
    await watch(page, 2.5, still=True)
    again = await until_asked(page, minutes=1)
    assert again != first
    assert [each.check.outcome for each in await asked(page)] == [Outcome.WITHDRAWN, Outcome.WAITING]
    assert classroom.heard("check.missed") == []


async def test_a_check_open_on_a_page_that_was_left_is_asked_again_on_the_new_one(classroom: Classroom) -> None:
    learner = classroom.learner()
    page = await classroom.page(learner)
    first = await until_asked(page)
    await tell(page, shown, first)
    reloaded = Page(classroom, learner, (await classroom.open(learner, gone=True)).stay.id)
    again = await until_asked(reloaded, minutes=1)
    assert again != first
    found = await asked(page)
    assert [(each.stay, each.check.outcome) for each in found] == [
        (page.stay, Outcome.WITHDRAWN),
        (reloaded.stay, Outcome.WAITING),
    ]


async def test_a_learner_who_rests_misses_no_check(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    check = await until_asked(page)
    await tell(page, shown, check)
    stamp = classroom.receiver.receipts.stamp
    await classroom.office.do(page.actor, rest, page.stay, True, stamp())
    await watch(page, 10, still=True)
    assert [each.check.outcome for each in await asked(page)] == [Outcome.WITHDRAWN]
    await classroom.office.do(page.actor, rest, page.stay, False, stamp())
    assert await until_asked(page, minutes=1) != check


async def test_at_most_three_checks_are_asked_in_a_class(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await watch(page, 130)
    assert [each.check.outcome for each in await asked(page)] == [Outcome.ANSWERED] * 3


async def test_another_process_decides_the_check_that_the_first_asked(
    classroom: Classroom, again: Callable[[], Receiver]
) -> None:
    page = await classroom.page(classroom.learner())
    check = await until_asked(page)
    await tell(page, shown, check)
    again()
    await watch(page, 2.5, still=True)
    assert [each.check.outcome for each in await asked(page)] == [Outcome.MISSED]


async def test_nobody_answers_for_another(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    check = await until_asked(page)
    page.actor = classroom.learner()
    for verb in (shown, answered):
        with pytest.raises(Refusal, match=r"check\.unknown"):
            await tell(page, verb, check)
