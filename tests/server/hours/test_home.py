"""The first screen of a learner: what comes next, what waits for an answer, what is under way, how the year stands."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.hours.credit import credit
from server.hours.home import routes as home
from server.live.store import LiveClass
from server.moderation import decide, review, write
from server.moderation.store import Post
from server.moderation.write import Place, Speaker
from server.people.routes import NOUNS
from server.rules.conduct import Mode, PostAction
from server.rules.powers import Role
from server.rules.topic_class import Place as Seat
from server.topic_classes import store as topics
from server.topic_classes.store import Member, Module, TopicClass, TopicState
from tests.clock import TestClock
from tests.server.hours.academy import judged, lesson
from tests.server.hours.conftest import Town
from tests.server.hours.test_audit import delivering
from tests.server.live.classes import planned
from tests.visits import House, a_house

__all__ = ["delivering"]


@pytest.fixture
async def house(delivering: Office) -> AsyncIterator[House]:
    async with a_house(delivering, (*NOUNS, home)) as found:
        yield found


async def credited(office: Office, town: Town, hours: str) -> LiveClass:
    of = await office.do(SYSTEM, lesson, recording="ready")
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours))
    return of


async def refused(office: Office, town: Town) -> Post:
    """A post of the learner that a moderator has removed."""
    learner = town.learner
    speaker = Speaker(learner.id, "learner", learner.unit_path, learner.authority_path)
    place = Place("board", uuid4(), "学习体会", Mode.AFTER, "board:x")
    said = await office.do(await town.province.acting(learner), write.submit, place, speaker, "太差了", uuid4())
    moderator = await town.province.acting(await town.province.a(Role.MODERATOR, over=town.province.root))
    grounds = ("abuse", "art-12", "请就事论事")
    await office.do(moderator, decide.decide, said.id, said.version, PostAction.REMOVE, *grounds)
    return said


async def a_topic_class(work: Work, town: Town, modules: list[LiveClass]) -> TopicClass:
    now = work.now
    made = TopicClass(
        work.id(), "依法行政专题班", "", town.officer.id, town.city.id, town.city.path, True, None,
        now - timedelta(days=20), now + timedelta(days=9), TopicState.PUBLISHED, 1,
    )  # fmt: skip
    await topics.add(work.tx, made)
    await topics.set_modules(
        work.tx, made.id, [Module(each.id, made.id, place, True) for place, each in enumerate(modules)]
    )
    await topics.add_members(work.tx, [Member(made.id, town.learner.id, Seat.ENROLLED, 1, now)])
    return made


async def test_the_first_screen_tells_what_comes_next(office: Office, town: Town, house: House) -> None:
    await office.do(SYSTEM, planned, title="十分钟后")
    await credited(office, town, "0")
    mine = await house.browser_of(town.learner)
    shown = (await mine.get("/me/home")).body
    assert [each["title"] for each in shown["soon"]] == ["十分钟后"]
    assert shown["year"]["total"] == "0.0"
    assert [each["class"]["title"] for each in shown["gaps"]] == ["基层治理"]
    assert (shown["on_air"], shown["next"], shown["entries"]) == ([], [], [])
    assert (shown["appeals"], shown["topics"]) == ([], [])


async def test_it_knows_the_first_day_and_when_study_counts(
    office: Office, town: Town, house: House, clock: TestClock
) -> None:
    mine = await house.browser_of(town.learner)
    shown = (await mine.get("/me/home")).body
    assert (shown["first_day"], shown["counts_for"], shown["counts_again"]) == (True, 2026, None)
    await credited(office, town, "2.0")
    assert (await mine.get("/me/home")).body["first_day"] is False
    clock.set(datetime(2026, 12, 5, tzinfo=UTC))
    mine = await house.browser_of(town.learner)
    shown = (await mine.get("/me/home")).body
    assert (shown["counts_for"], shown["counts_again"]) == (None, "2027-01-01")


async def test_a_removed_post_waits_for_its_author_until_the_time_for_a_review_is_over(
    office: Office, town: Town, house: House, clock: TestClock
) -> None:
    said = await refused(office, town)
    mine = await house.browser_of(town.learner)
    (appeal,) = (await mine.get("/me/home")).body["appeals"]
    assert (appeal["post"], appeal["place"], appeal["asked"]) == (str(said.id), "学习体会", False)
    clock.set(datetime.fromisoformat(appeal["until"]))
    mine = await house.browser_of(town.learner)
    assert (await mine.get("/me/home")).body["appeals"] == []


async def test_a_review_that_was_asked_is_shown_until_it_is_settled(office: Office, town: Town, house: House) -> None:
    said = await refused(office, town)
    asked = await office.do(await town.province.acting(town.learner), review.ask, said.id, "是建议")
    mine = await house.browser_of(town.learner)
    assert [each["asked"] for each in (await mine.get("/me/home")).body["appeals"]] == [True]
    second = await town.province.acting(await town.province.a(Role.MODERATOR, over=town.province.root))
    await office.do(second, review.settle, asked.id, overturn=False, reason="维持")
    assert (await mine.get("/me/home")).body["appeals"] == []


async def test_a_topic_class_under_way_names_the_module_that_still_asks_for_attendance(
    office: Office, town: Town, house: House
) -> None:
    done, missed = await credited(office, town, "2.0"), await office.do(SYSTEM, lesson, "没有录像", recording="none")
    coming = await office.do(SYSTEM, planned, title="第三讲", audience_path="nobody")
    made = await office.do(SYSTEM, a_topic_class, town, [done, missed, coming])
    mine = await house.browser_of(town.learner)
    (shown,) = (await mine.get("/me/home")).body["topics"]
    assert (shown["id"], shown["attended"], shown["modules"]) == (str(made.id), 1, 3)
    assert (shown["complete"], shown["next"]["title"]) == (False, "第三讲")


async def test_a_topic_class_is_no_longer_there_once_it_is_over_or_left(
    office: Office, town: Town, house: House, clock: TestClock
) -> None:
    of = await credited(office, town, "2.0")
    made = await office.do(SYSTEM, a_topic_class, town, [of])
    mine = await house.browser_of(town.learner)
    assert [each["complete"] for each in (await mine.get("/me/home")).body["topics"]] == [True]
    await office.do(SYSTEM, _leave, made, town)
    assert (await mine.get("/me/home")).body["topics"] == []


async def _leave(work: Work, made: TopicClass, town: Town) -> None:
    found = await topics.member(work.tx, made.id, town.learner.id)
    assert found is not None
    await topics.change_member(work.tx, replace(found), place=Seat.WAITING.value)
