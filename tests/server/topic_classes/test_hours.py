"""Hours of a topic class `on_completion`: once, whole, with every condition behind them (rules §3.8)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from server.app import NOUNS
from server.attendance.close import find_due
from server.base.faults import Failpoints
from server.base.office import Office
from server.base.outbox import Event
from server.base.work import SYSTEM, Work
from server.hours.audit import audit, check_own
from server.hours.correct import decide
from server.hours.sequence import sequence
from server.hours.store import ledger, proposals
from server.hours.store.proposals import Proposal
from server.live import store as live
from server.live.schedule import cancel
from server.live.store import LiveClass
from server.people.store import Person
from server.reactions import REACTIONS
from server.rules.air import Aired
from server.rules.live import State
from server.rules.powers import Role, Scope, ScopeKind
from server.rules.refusal import Refusal
from server.rules.topic_class import Credit, Place
from server.topic_classes import enrol, modules, plan
from server.topic_classes.modules import WantedModule
from server.topic_classes.plan import Plan
from server.topic_classes.store import TopicClass
from tests.clock import TestClock
from tests.people import a_province
from tests.rules.browser import Browser
from tests.server.hours.academy import on, run_sql, studied
from tests.server.live.classes import planned
from tests.server.topic_classes.school import LATE, School
from tests.visits import a_house

DAYS = ("2026-09-15", "2026-09-16")


@pytest.fixture
async def school(office: Office, clock: TestClock) -> School:
    """A school whose events have their reactions."""
    living = Office(
        office.db, office.services, clock=clock, chance=office.chance, failpoints=office.failpoints, reactions=REACTIONS
    )
    town = await a_province(living)
    return School(living, town, await town.a(Role.CLASS_TEACHER, over=town.own, name="孙老师"))


async def opened(school: School) -> tuple[TopicClass, list[LiveClass]]:
    """Six hours on completion of two live classes of 90 minutes, on two days."""
    now = school.office.clock.now()
    wanted = Plan(
        "依法行政专题班",
        "",
        school.town.own.id,
        True,
        None,
        now,
        now + timedelta(days=9),
        Credit.ON_COMPLETION,
        Decimal(6),
    )
    made = await school.office.do(await school.teacher(), plan.plan, wanted)
    lessons = [await school.office.do(SYSTEM, _scheduled, school, day) for day in DAYS]
    named = [WantedModule(each.id, True) for each in lessons]
    await school.office.do(await school.teacher(), modules.set_modules, made.id, made.version, named)
    return await school.office.do(await school.teacher(), plan.publish, made.id), lessons


async def _scheduled(work: Work, school: School, day: str) -> LiveClass:
    begins = _instant(on("09:00:00", day), work)
    return await planned(
        work, title=f"{day} 的课", unit_path=school.town.own.path, lecturers=(school.person.id,), starts_at=begins
    )


def _instant(at_ms: int, work: Work) -> Any:
    return work.now + timedelta(milliseconds=at_ms - round(work.now.timestamp() * 1000))


async def held(work: Work, class_id: Any, who: list[Person]) -> None:
    """A live class took place as planned, and these were there all the time."""
    lesson = await live.by_id(work.tx, class_id)
    assert lesson is not None
    begin, end = round(lesson.starts_at.timestamp() * 1000), round(lesson.ends_at.timestamp() * 1000)
    over = {"state": State.ENDED, "went_on_air_at": lesson.starts_at, "ended_at": lesson.ends_at}
    await live.change(work.tx, lesson, **over)
    await live.save_record(work.tx, class_id, (), (Aired("run-1", begin, end, open=False),))
    for each in who:
        await studied(work, each, lesson, Browser(begin, begin).watch(end).end())
    work.emit(Event("class.ended", str(class_id), {"class": str(class_id)}))


async def hold(school: School, clock: TestClock, lesson: LiveClass, *who: Person) -> None:
    clock.set(lesson.ends_at)
    await school.office.do(SYSTEM, held, lesson.id, list(who))
    await settle(school, clock)


async def settle(school: School, clock: TestClock) -> None:
    await school.office.outbox.drain()
    clock.pass_(3600)
    await school.office.do(SYSTEM, find_due)
    await school.office.outbox.drain()
    await school.office.do(SYSTEM, sequence)


async def over(school: School, clock: TestClock, topic: TopicClass) -> None:
    clock.set(topic.ends_at + LATE)
    await school.office.do(SYSTEM, plan.end_due)
    await school.office.outbox.drain()
    await school.office.do(SYSTEM, sequence)


async def rows(school: School, who: Person) -> list[tuple[str, str]]:
    async with school.office.read() as tx:
        chain = await ledger.chain(tx, who.pseudonym)
    return [(each.facts.activity_kind.value, f"{each.facts.hours:.1f}") for each in chain]


async def differences(school: School) -> list[str]:
    return [str(each) for each in (await audit(school.office)).differences]


async def joins(school: School, topic: TopicClass, name: str = "王芳") -> Person:
    who = await school.town.a_learner(name)
    assert await school.asks(who, topic) is Place.ENROLLED
    await school.office.outbox.drain()
    return who


async def test_its_hours_come_once_when_the_last_condition_is_met(school: School, clock: TestClock) -> None:
    topic, lessons = await opened(school)
    who = await joins(school, topic)
    await hold(school, clock, lessons[0], who)
    assert await rows(school, who) == []
    assert await differences(school) == []
    await hold(school, clock, lessons[1], who)
    assert await rows(school, who) == [("topic_class", "6.0")]
    await over(school, clock, topic)
    assert await rows(school, who) == [("topic_class", "6.0")]
    assert await differences(school) == []
    async with school.office.read() as tx:
        checked, found = await check_own(tx, who, clock.now(), school.office.services.policies)
    assert (checked, list(found)) == (4, [])


async def test_who_has_not_completed_it_at_its_end_has_the_live_classes_own_hours(
    school: School, clock: TestClock
) -> None:
    topic, lessons = await opened(school)
    who = await joins(school, topic)
    await hold(school, clock, lessons[0], who)
    await hold(school, clock, lessons[1])
    assert await rows(school, who) == []
    await over(school, clock, topic)
    assert await rows(school, who) == [("class", "2.0")]
    assert await differences(school) == []


async def test_what_a_class_gave_before_is_subtracted(school: School, clock: TestClock) -> None:
    topic, lessons = await opened(school)
    who = await joins(school, topic)
    await hold(school, clock, lessons[0], who)
    await school.office.do(await school.town.acting(who), enrol.leave, topic.id, who.id)
    await school.office.outbox.drain()
    assert await rows(school, who) == [("class", "2.0")]
    await school.asks(who, topic)
    await hold(school, clock, lessons[1], who)
    assert await rows(school, who) == [("class", "2.0"), ("topic_class", "4.0")]
    assert await differences(school) == []


async def test_a_class_called_off_is_no_longer_asked_for(school: School, clock: TestClock) -> None:
    topic, lessons = await opened(school)
    who = await joins(school, topic)
    await hold(school, clock, lessons[0], who)
    admin = await school.town.acting(await school.town.a(Role.ACADEMY_ADMIN, at=school.town.root))
    await school.office.do(admin, cancel, lessons[1].id)
    await school.office.outbox.drain()
    assert await rows(school, who) == [("topic_class", "6.0")]
    assert await differences(school) == []


@pytest.mark.parametrize("point", ["completion.after_save", "ledger.before_insert", "ledger.after_insert"])
async def test_whatever_fails_on_the_way_the_hours_come_once(
    school: School, clock: TestClock, failpoints: Failpoints, point: str
) -> None:
    topic, lessons = await opened(school)
    who = await joins(school, topic)
    await hold(school, clock, lessons[0], who)
    failpoints.plan(f"{point}=raise@1")
    await hold(school, clock, lessons[1], who)
    assert failpoints.hits[point] == 1
    clock.pass_(60)
    await school.office.outbox.drain()
    await school.office.do(SYSTEM, sequence)
    assert await rows(school, who) == [("topic_class", "6.0")]
    assert await differences(school) == []


async def test_evidence_that_no_longer_holds_goes_to_a_person_and_the_rest_counts_by_itself(
    school: School, clock: TestClock
) -> None:
    topic, lessons = await opened(school)
    who = await joins(school, topic)
    for each in lessons:
        await hold(school, clock, each, who)
    await school.office.do(SYSTEM, _lose_beats, lessons[1])
    await settle(school, clock)
    assert await rows(school, who) == [("topic_class", "6.0")]
    (proposal,) = await waiting(school)
    assert (proposal.activity, f"{proposal.hours:.1f}") == (topic.id, "-6.0")
    assert await differences(school) == []
    officer = await school.town.acting(await school.town.a(Role.SUB_CENTRE_ADMIN, over=school.town.own))
    await school.office.do(officer, decide, proposal.id, accept=True, reason="证据已失效")
    await over(school, clock, topic)
    assert await rows(school, who) == [("topic_class", "6.0"), ("topic_class", "-6.0"), ("class", "2.0")]
    assert await differences(school) == []


async def _lose_beats(work: Work, lesson: LiveClass) -> None:
    """Of the last stay."""
    await run_sql(work, "delete from packs where stay in (select id from stays order by opened_ms desc limit 1)")
    await run_sql(work, "delete from beats where stay in (select id from stays order by opened_ms desc limit 1)")
    work.emit(Event("class.air_changed", str(lesson.id), {"class": str(lesson.id)}))


async def waiting(school: School) -> list[Proposal]:
    async with school.office.read() as tx:
        return await proposals.waiting(tx, [Scope(ScopeKind.ALL)])


async def test_it_ends_no_sooner_than_its_last_class_is_assessed(school: School, clock: TestClock) -> None:
    topic, lessons = await opened(school)
    who = await joins(school, topic)
    await hold(school, clock, lessons[0], who)
    clock.set(topic.ends_at)
    await school.office.do(SYSTEM, held, lessons[1].id, [who])
    clock.set(topic.ends_at + LATE)
    await school.office.do(SYSTEM, plan.end_due)
    await settle(school, clock)
    assert await rows(school, who) == [("topic_class", "6.0")]
    await over(school, clock, topic)
    assert await rows(school, who) == [("topic_class", "6.0")]
    assert await differences(school) == []


async def test_how_it_gives_hours_is_fixed_once_somebody_studies_for_it(school: School) -> None:
    now = school.office.clock.now()
    wanted = Plan("专题班", "", school.town.own.id, True, None, now, now + timedelta(days=9))
    draft = await school.office.do(await school.teacher(), plan.plan, wanted)
    with pytest.raises(Refusal, match=r"topic_class\.hours"):
        await school.office.do(await school.teacher(), plan.edit, draft.id, 1, {"credit": Credit.ON_COMPLETION})
    topic, _ = await opened(school)
    with pytest.raises(Refusal, match=r"topic_class\.credit_fixed"):
        await school.office.do(await school.teacher(), plan.edit, topic.id, topic.version, {"credit": Credit.BY_MODULE})


async def test_pages_say_why(school: School, clock: TestClock) -> None:
    topic, lessons = await opened(school)
    who = await joins(school, topic)
    for each in lessons:
        await hold(school, clock, each, who)
    async with a_house(school.office, NOUNS) as house:
        mine = await house.browser_of(who)
        shown = (await mine.get(f"/topic-classes/{topic.id}")).body
        assert (shown["credit"], shown["hours"], shown["credit_fixed"]) == ("on_completion", "6.0", True)
        year = (await mine.get("/hours")).body
        assert (year["elective"], [each["activity"]["title"] for each in year["entries"]]) == ("6.0", [topic.title])
        entry = (await mine.get(f"/hours/entries/{year['entries'][0]['id']}")).body
        of_topic = entry["topic_why"]
        assert (entry["why"], of_topic["hours"], of_topic["hours_by_modules"]) == (None, "6.0", "0.0")
        why = (await mine.get(f"/topic-classes/{topic.id}/why")).body
        assert why == of_topic
        assert [(each["name"], each["met"]) for each in why["conditions"]] == [
            ("needed_modules", True), ("live_share", True),
        ]  # fmt: skip
        assert [(each["attended"], each["own_hours"], each["credited_hours"]) for each in why["parts"]] == [
            (True, "2.0", "0.0"), (True, "2.0", "0.0"),
        ]  # fmt: skip
        of_class = (await mine.get(f"/classes/{lessons[0].id}/why")).body
        assert (of_class["hours"], of_class["entries"]) == ("2.0", [])
        assert of_class["counted_by"] == {"id": str(topic.id), "title": topic.title, "hours": "6.0", "own_hours": False}
        told = [(each["code"], each["data"].get("hours")) for each in (await mine.get("/me/notices")).body["items"]]
        assert ("hours.credited", "6.0") in told
        officer = await house.browser_of(await school.town.a(Role.SUB_CENTRE_ADMIN, over=school.town.own))
        assert (await officer.get(f"/people/{who.id}/topic-classes/{topic.id}/why")).body == why
        stranger = await house.browser_of(await school.town.a_learner())
        assert (await stranger.get(f"/topic-classes/{topic.id}/why")).code == "topic_class.no_member"
