"""A question about hours goes to whoever manages the learner, and is answered once."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from server.base.faults import FailpointError, Failpoints
from server.base.office import Office
from server.base.work import SYSTEM, Actor
from server.hours import questions
from server.hours.credit import credit
from server.hours.questions import MAX_OPEN
from server.hours.store import questions as store
from server.hours.store.ledger import Entry
from server.hours.store.questions import Question
from server.rules.powers import Power, Role, Scope, ScopeKind, may, sees
from server.rules.refusal import Refusal
from tests.clock import TestClock
from tests.server.hours.academy import judged, lesson
from tests.server.hours.conftest import Town

TEXT = "9月15日的课堂我全程在线，为什么只有1.9学时？"


async def ask(office: Office, town: Town, entry: UUID | None = None) -> Question:
    me = Actor(town.learner.id)
    return await office.do(me, questions.ask, town.learner.id, class_id=None, entry=entry, text=TEXT)


async def entry_of(office: Office, town: Town) -> Entry:
    of = await office.do(SYSTEM, lesson)
    entry = await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "1.9"))
    assert entry is not None
    return entry


async def test_a_question_is_due_at_the_end_of_the_seventh_day(office: Office, town: Town) -> None:
    entry = await entry_of(office, town)
    asked = await ask(office, town, entry.id)
    assert asked.due_at == datetime(2026, 9, 22, 16, 0, tzinfo=UTC)
    async with office.read() as tx:
        assert await store.own(tx, town.learner.id) == [asked]


async def test_it_lies_before_the_managing_authority_and_nobody_else(office: Office, town: Town) -> None:
    away = await town.province.a_learner(at=town.other_city, managed_by=town.city)
    for who in (town.learner, away):
        await office.do(Actor(who.id), questions.ask, who.id, class_id=None, entry=None, text=TEXT)
    async with office.read() as tx:
        here = await store.of_managed(tx, [Scope(ScopeKind.UNIT, town.city.path)])
        there = await store.of_managed(tx, [Scope(ScopeKind.UNIT, town.other_city.path)])
        nowhere = await store.of_managed(tx, [Scope(ScopeKind.SELF, town.city.path)])
    assert {each.account for each in here} == {town.learner.id, away.id}
    assert (there, nowhere) == ([], [])


async def test_the_power_to_answer_follows_the_managing_authority(office: Office, town: Town, clock: TestClock) -> None:
    asked = await ask(office, town)
    stranger = await town.province.acting(await town.province.a(Role.SUB_CENTRE_ADMIN, over=town.other_city))
    async with office.read() as tx:
        found = await questions.target(tx, asked.id)
        assert await questions.target(tx, town.learner.id) is None
    assert found is not None
    assert town.admin.id is not None
    assert stranger.id is not None
    assert may(town.admin.holdings, Power.HOURS_ANSWER, found, clock.now(), town.admin.id)
    assert not may(stranger.holdings, Power.HOURS_ANSWER, found, clock.now(), stranger.id)
    assert not sees(stranger.holdings, found, clock.now(), stranger.id)


async def test_a_question_is_answered_once(office: Office, town: Town, clock: TestClock) -> None:
    asked = await ask(office, town)
    clock.pass_(60)
    answered = await office.do(town.admin, questions.answer, asked.id, "中断4分钟，可补看。")
    assert (answered.answered_by, answered.answered_at) == (town.officer.id, clock.now())
    with pytest.raises(Refusal) as refused:
        await office.do(town.admin, questions.answer, asked.id, "再答一次")
    assert refused.value.code == "question.answered"
    async with office.read() as tx:
        assert await store.own(tx, town.learner.id) == [answered]


async def test_open_questions_come_before_answered_ones(office: Office, town: Town) -> None:
    first, second = await ask(office, town), await ask(office, town)
    await office.do(town.admin, questions.answer, first.id, "已核对。")
    async with office.read() as tx:
        found = await store.of_managed(tx, [Scope(ScopeKind.ALL)])
    assert [each.id for each in found] == [second.id, first.id]


async def test_another_persons_entry_does_not_exist(office: Office, town: Town) -> None:
    entry = await entry_of(office, town)
    me = Actor(town.officer.id)
    with pytest.raises(Refusal) as refused:
        await office.do(me, questions.ask, town.officer.id, class_id=None, entry=entry.id, text=TEXT)
    assert (refused.value.code, refused.value.status) == ("entry.unknown", 404)


async def test_open_questions_are_bounded(office: Office, town: Town) -> None:
    for _ in range(MAX_OPEN):
        await ask(office, town)
    with pytest.raises(Refusal) as refused:
        await ask(office, town)
    assert refused.value.code == "question.too_many"


async def test_a_failed_question_or_answer_leaves_nothing(office: Office, town: Town, failpoints: Failpoints) -> None:
    failpoints.plan("question.before_insert=raise@1,question.after_answer=raise@1")
    with pytest.raises(FailpointError):
        await ask(office, town)
    asked = await ask(office, town)
    with pytest.raises(FailpointError):
        await office.do(town.admin, questions.answer, asked.id, "已核对。")
    async with office.read() as tx:
        assert await store.own(tx, town.learner.id) == [asked]
