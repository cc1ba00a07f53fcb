"""A topic class from plan to completion: roster, places, reserved live classes, conditions."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from server.base.clock import rfc3339
from server.base.outbox import Event, outbox
from server.base.work import SYSTEM
from server.live import schedule
from server.live import store as live
from server.live.targets import target_of as live_target
from server.notices import told_topic_class
from server.people.store import Person
from server.rules.powers import Power, Role, may
from server.rules.refusal import Refusal
from server.rules.topic_class import Place
from server.rules.words import Category
from server.topic_classes import announce, completion, enrol, finding, modules, plan, remind, store
from server.topic_classes.modules import WantedModule
from server.topic_classes.plan import Plan
from server.topic_classes.store import TopicClass, TopicState
from tests.clock import TestClock
from tests.server.hours.academy import judged
from tests.server.topic_classes.school import LATE, School
from tests.visits import House


async def test_two_who_ask_at_once_for_the_last_place_get_one_place(school: School) -> None:
    topic, _ = await school.opened(capacity=1)
    who = [await school.town.a_learner() for _ in range(2)]
    got = await asyncio.gather(*(school.asks(each, topic) for each in who))
    assert sorted(got) == [Place.ENROLLED, Place.WAITING]


async def test_whoever_waits_longest_moves_up_when_somebody_leaves(school: School) -> None:
    topic, _ = await school.opened(capacity=1)
    first, second, third = [await school.town.a_learner() for _ in range(3)]
    for each in (first, second, third):
        await school.asks(each, topic)
    await school.office.do(await school.town.acting(first), enrol.leave, topic.id, first.id)
    assert [await school.place_of(each, topic) for each in (first, second, third)] == [
        None, Place.ENROLLED, Place.WAITING,
    ]  # fmt: skip


async def test_more_places_let_those_who_wait_move_up(school: School) -> None:
    topic, _ = await school.opened(capacity=1)
    first, second = [await school.town.a_learner() for _ in range(2)]
    for each in (first, second):
        await school.asks(each, topic)
    await school.office.do(await school.teacher(), plan.edit, topic.id, topic.version, {"capacity": 5})
    assert await school.place_of(second, topic) is Place.ENROLLED


async def test_asking_twice_changes_nothing_and_strangers_are_refused(school: School) -> None:
    topic, _ = await school.opened()
    who, stranger = await school.town.a_learner(), await school.town.a_learner(at=school.town.other)
    assert [await school.asks(who, topic) for _ in range(2)] == [Place.ENROLLED] * 2
    with pytest.raises(Refusal, match=r"topic_class\.closed"):
        await school.asks(stranger, topic)


async def test_a_unit_is_put_on_the_roster_and_nobody_from_outside(school: School) -> None:
    topic, _ = await school.opened()
    who = await school.town.a_learner(at=school.town.below)
    await school.office.do(await school.teacher(), enrol.put, topic.id, [], school.town.below.id)
    assert await school.place_of(who, topic) is Place.ENROLLED
    stranger = await school.town.a_learner(at=school.town.other)
    with pytest.raises(Refusal, match=r"person\.unknown"):
        await school.office.do(await school.teacher(), enrol.put, topic.id, [stranger.id])
    for elsewhere in (school.town.other.id, topic.id):
        with pytest.raises(Refusal, match=r"unit\.unknown"):
            await school.office.do(await school.teacher(), enrol.put, topic.id, [], elsewhere)


async def test_more_people_of_a_unit_than_are_put_there_at_once_are_refused_and_nobody_is_left_out_silently(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, _ = await school.opened(capacity=1)
    who = [await school.town.a_learner(at=school.town.below) for _ in range(3)]
    monkeypatch.setattr(enrol, "AT_ONCE", 2)
    with pytest.raises(Refusal, match=r"topic_class\.too_many") as refused:
        await school.office.do(await school.teacher(), enrol.put, topic.id, [], school.town.below.id)
    assert refused.value.data == {"number": 3, "most": 2}
    monkeypatch.setattr(enrol, "AT_ONCE", 3)
    await school.office.do(await school.teacher(), enrol.put, topic.id, [], school.town.below.id)
    assert sorted([str(await school.place_of(each, topic)) for each in who]) == ["enrolled", "waiting", "waiting"]


async def test_a_class_teacher_who_leaves_as_a_learner_stays_its_class_teacher(school: School) -> None:
    topic, lessons = await school.opened()
    await school.asks(school.person, topic)
    await school.office.do(await school.teacher(), enrol.leave, topic.id, school.person.id)
    held = {(each.role, each.scope.class_id) for each in (await school.teacher()).holdings}
    assert {(Role.CLASS_TEACHER, topic.id), (Role.CLASS_TEACHER, lessons[0].id)} <= held
    assert not {(Role.LEARNER, topic.id), (Role.LEARNER, lessons[0].id)} & held
    assert (await school.office.do(await school.teacher(), plan.publish, topic.id)).id == topic.id


async def test_a_live_class_of_a_topic_class_is_for_its_members_only(school: School) -> None:
    topic, lessons = await school.opened()
    inside, outside = [await school.town.a_learner() for _ in range(2)]
    await school.asks(inside, topic)
    async with school.office.read() as tx:
        reserved = await live.by_id(tx, lessons[0].id)
    assert reserved is not None
    for who, expected in ((inside, True), (outside, False), (school.person, True)):
        holdings = (await school.town.acting(who)).holdings
        seen = may(holdings, Power.LIVE_SEE, live_target(reserved), school.office.clock.now(), who.id)
        assert seen is expected
    await school.office.do(await school.town.acting(inside), enrol.leave, topic.id, inside.id)
    holdings = (await school.town.acting(inside)).holdings
    assert not may(holdings, Power.ATTEND, live_target(reserved), school.office.clock.now(), inside.id)


async def test_its_live_plan_does_not_open_a_reserved_class_to_others(school: School) -> None:
    _, lessons = await school.opened()
    admin = await school.town.acting(await school.town.a(Role.ACADEMY_ADMIN, at=school.town.root))
    async with school.office.read() as tx:
        reserved = await live.by_id(tx, lessons[0].id)
    assert reserved is not None
    wider = {"audience_unit": school.town.own.id}
    with pytest.raises(Refusal, match=r"class\.reserved"):
        await school.office.do(admin, schedule.edit, reserved.id, reserved.version, wider)
    changes = {"title": "新题", "audience_unit": None}
    changed = await school.office.do(admin, schedule.edit, reserved.id, reserved.version, changes)
    assert (changed.title, changed.audience_path) == ("新题", reserved.audience_path)


async def test_a_live_class_belongs_to_one_topic_class_only(school: School) -> None:
    _, lessons = await school.opened()
    other, _ = await school.opened()
    teacher, wanted = await school.teacher(), [WantedModule(lessons[0].id, True)]
    with pytest.raises(Refusal, match=r"topic_class\.module_taken"):
        await school.office.do(teacher, modules.set_modules, other.id, other.version, wanted)


async def _closed(school: School, who: Person, lesson: Any, hours: str) -> None:
    await school.office.do(SYSTEM, judged, who, lesson, hours)
    event = Event("attendance.closed", str(lesson.id), {"account": str(who.id), "class": str(lesson.id)})
    await school.office.do(SYSTEM, completion.attendance_closed, event)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_completion_comes_once_with_the_last_condition(school: School, order: tuple[int, int]) -> None:
    topic, lessons = await school.opened(modules=2)
    who = await school.town.a_learner()
    await school.asks(who, topic)
    await _closed(school, who, lessons[order[0]], "2.0")
    assert await _completed_at(school, who, topic) is None
    await _closed(school, who, lessons[order[1]], "2.0")
    first = await _completed_at(school, who, topic)
    assert first is not None
    await _closed(school, who, lessons[order[0]], "2.0")
    assert await _completed_at(school, who, topic) == first


async def _completed_at(school: School, who: Person, topic: TopicClass) -> Any:
    async with school.office.read() as tx:
        found = await store.member(tx, topic.id, who.id)
    assert found is not None
    return found.completed_at


async def test_a_topic_class_ends_by_its_date_and_takes_no_more_changes(school: School, clock: TestClock) -> None:
    topic, _ = await school.opened()
    clock.set(topic.ends_at + LATE)
    await school.office.do(SYSTEM, plan.end_due)
    async with school.office.read() as tx:
        over = await store.by_id(tx, topic.id)
    assert over is not None
    assert over.state is TopicState.ENDED
    with pytest.raises(Refusal, match=r"topic_class\.ended"):
        await school.office.do(await school.teacher(), plan.edit, topic.id, over.version, {"title": "新"})


async def test_an_empty_announcement_is_refused(school: School) -> None:
    topic, _ = await school.opened()
    with pytest.raises(Refusal, match=r"topic_class\.no_text"):
        await school.office.do(await school.teacher(), announce.announce, topic.id, "  ", uuid4())


async def test_an_announcement_sent_twice_is_told_once(school: School) -> None:
    """Its answer was lost; the second is answered with the first, and is not told again."""
    (topic, _), (other, _) = await school.opened(), await school.opened()
    teacher, draft = await school.teacher(), uuid4()
    made = await school.office.do(teacher, announce.announce, topic.id, "周五开班", draft)
    assert await school.office.do(teacher, announce.announce, topic.id, "周五开班", draft) == made
    with pytest.raises(Refusal, match=r"post\.draft_used"):
        await school.office.do(teacher, announce.announce, other.id, "周五开班", draft)
    async with school.office.read() as tx:
        assert await store.announcements_of(tx, topic.id) == [made]
        assert await store.announcements_of(tx, other.id) == []
        told = sa.select(outbox.c.subject).where(outbox.c.name == "topic_class.announced")
        assert (await tx.execute(told)).scalars().all() == [str(topic.id)]


async def test_a_draft_without_a_module_is_not_published(school: School) -> None:
    now = school.office.clock.now()
    wanted = Plan("空班", "", school.town.own.id, False, None, now, now + timedelta(days=9))
    made = await school.office.do(await school.teacher(), plan.plan, wanted)
    with pytest.raises(Refusal, match=r"topic_class\.no_module"):
        await school.office.do(await school.teacher(), plan.publish, made.id)


async def test_a_draft_is_taken_back_with_its_reservations_and_a_published_one_is_not(
    house: House, school: School
) -> None:
    topic, lessons = await school.drafted()
    open_one, _ = await school.opened()
    desk = await house.browser_of(school.person)
    assert (await desk.ask("DELETE", f"/topic-classes/{open_one.id}")).code == "topic_class.published"
    assert (await desk.ask("DELETE", f"/topic-classes/{topic.id}")).status == 204
    assert (await desk.get(f"/topic-classes/{topic.id}")).status == 404
    assert [each["id"] for each in (await desk.get("/search?q=专题班")).body["topics"]["items"]] == [str(open_one.id)]
    async with school.office.read() as tx:
        freed = await live.by_id(tx, lessons[0].id)
    assert freed is not None
    assert freed.audience_path == topic.unit_path
    assert topic.id not in {each.scope.class_id for each in (await school.teacher()).holdings}


async def test_another_year_or_a_foreign_unit_is_refused(school: School) -> None:
    now = school.office.clock.now()
    late = Plan("跨年班", "", school.town.own.id, False, None, now, now + timedelta(days=180))
    with pytest.raises(Refusal):
        await school.office.do(await school.teacher(), plan.plan, late)
    foreign = Plan("外市班", "", school.town.sibling.id, False, None, now, now + timedelta(days=9))
    with pytest.raises(Refusal, match=r"unit\.unknown"):
        await school.office.do(await school.teacher(), plan.plan, foreign)


async def test_dates_that_stay_are_not_judged_again(school: School, clock: TestClock) -> None:
    topic, _ = await school.opened()
    clock.set(topic.ends_at)
    changed = await school.office.do(await school.teacher(), plan.edit, topic.id, topic.version, {"title": "新题"})
    assert (changed.title, changed.ends_at) == ("新题", topic.ends_at)
    moved = {"begins_at": topic.begins_at + timedelta(hours=1)}
    with pytest.raises(Refusal, match=r"topic_class\.dates"):
        await school.office.do(await school.teacher(), plan.edit, topic.id, changed.version, moved)


async def test_pages_of_teacher_and_learner(house: House, school: School) -> None:
    topic, lessons = await school.opened(capacity=30)
    who = await school.town.a_learner("王芳")
    desk, mine = await house.browser_of(school.person), await house.browser_of(who)
    at = f"/topic-classes/{topic.id}"
    assert (await mine.post(f"{at}/enrolment")).body["place"] == "enrolled"
    assert (await desk.post(f"{at}/announcements", {"text": "周五开班", "draft": str(uuid4())})).status == 201
    assert [each["text"] for each in (await mine.get(f"{at}/announcements")).body["items"]] == ["周五开班"]
    assert (await mine.get(f"/classes/{lessons[0].id}")).status == 200
    assert (await mine.get(f"{at}/progress")).code == "power.missing"
    await _closed(school, who, lessons[0], "2.0")
    (line,) = (await desk.get(f"{at}/progress")).body["items"]
    assert (line["name"], line["complete"], line["shares"]) == ("王芳", True, {str(lessons[0].id): "1.0000"})
    (own,) = (await mine.get(f"{at}/completion")).body["items"]
    assert [(each["name"], each["met"]) for each in own["conditions"]] == [
        ("needed_modules", True), ("live_share", True),
    ]  # fmt: skip
    assert UUID((await mine.get("/topic-classes")).body["items"][0]["id"]) == topic.id
    event = Event("topic_class.announced", str(topic.id), {"topic_class": str(topic.id)})
    await school.office.do(SYSTEM, told_topic_class.to_members, event)
    told = (await mine.get("/me/notices")).body["items"]
    assert [(each["code"], each["data"]) for each in told] == [("topic_class.announced", {"title": topic.title})]
    looked = (await mine.get("/me/looks")).body["items"]
    assert [each["what"] for each in looked] == ["topic_class"]


async def test_a_teacher_finds_whom_to_put_on_the_roster_and_members_see_each_other(
    house: House, school: School
) -> None:
    topic, _ = await school.opened()
    wang, li = await school.town.a_learner("王芳", at=school.town.below), await school.town.a_learner("李娜")
    await school.town.a_learner("王远方", at=school.town.other)
    desk, mine, others = [await house.browser_of(each) for each in (school.person, wang, li)]
    at = f"/topic-classes/{topic.id}"
    assert [each["name"] for each in (await desk.get(f"{at}/candidates?q=王")).body["items"]] == ["王芳"]
    assert (await mine.get(f"{at}/candidates?q=王")).code == "power.missing"
    below = [each["name"] for each in (await desk.get("/topic-class-units")).body["items"]]
    assert below == [each["name"] for each in (await desk.get(f"{at}/units")).body["items"]] == ["合肥市", "肥东县"]
    await mine.post(f"{at}/enrolment")
    assert (await desk.get(f"{at}/candidates?q={wang.staff_number}")).body["items"] == []
    (seen,) = (await mine.get(f"{at}/members")).body["items"]
    assert (seen["id"], seen["name"], seen["unit"], seen["place"]) == (str(wang.id), "王芳", "肥东县", "enrolled")
    assert (await desk.get(f"{at}/members")).body["items"] == [seen]
    assert (await others.get(f"{at}/members")).body["items"] == []
    (module,) = (await mine.get(f"{at}/modules")).body["items"]
    assert (module["lecturer"], module["recording"], module["min_share"]) == ("孙老师", "none", "0.8")


async def test_who_is_on_the_roster_hides_nobody_who_is_not(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    topic, _ = await school.opened()
    first, second = [await school.town.a_learner(f"周{number}") for number in range(2)]
    await school.asks(first, topic)
    monkeypatch.setattr(finding, "AT_ONCE", 1)
    async with school.office.read() as tx:
        assert [each.id for each in await finding.candidates(tx, topic, "周")] == [second.id]


async def test_the_class_teacher_is_told_how_many_got_a_place_and_how_many_wait(house: House, school: School) -> None:
    topic, _ = await school.opened(capacity=2)
    await school.asks(await school.town.a_learner(), topic)
    for _ in range(3):
        await school.town.a_learner(at=school.town.below)
    desk, at = await house.browser_of(school.person), f"/topic-classes/{topic.id}/roster"
    answers = [(await desk.post(at, {"unit": str(school.town.below.id)})).body for _ in range(2)]
    assert answers == [{"enrolled": 1, "waiting": 2}, {"enrolled": 0, "waiting": 0}]


async def test_only_the_class_teacher_sees_who_waits(house: House, school: School) -> None:
    topic, _ = await school.opened(capacity=1)
    first, second = [await school.town.a_learner() for _ in range(2)]
    for each in (first, second):
        await school.asks(each, topic)
    desk, mine = await house.browser_of(school.person), await house.browser_of(first)
    at = f"/topic-classes/{topic.id}/members"
    assert [each["place"] for each in (await mine.get(at)).body["items"]] == ["enrolled"]
    assert [each["place"] for each in (await desk.get(at)).body["items"]] == ["enrolled", "waiting"]


async def test_who_misses_something_is_reminded_once_in_a_week(school: School, clock: TestClock) -> None:
    topic, lessons = await school.opened()
    done, missing = await school.town.a_learner("王芳"), await school.town.a_learner("张伟")
    for each in (done, missing):
        await school.asks(each, topic)
    await _closed(school, done, lessons[0], "2.0")
    assert await school.office.do(await school.teacher(), remind.remind, topic.id) == 1
    clock.pass_(6 * 86_400)
    with pytest.raises(Refusal, match=r"topic_class\.reminded"):
        await school.office.do(await school.teacher(), remind.remind, topic.id, [missing.id])
    clock.pass_(86_400)
    assert await school.office.do(await school.teacher(), remind.remind, topic.id, [missing.id, done.id]) == 1


async def test_a_topic_class_for_some_categories_takes_nobody_else_by_themselves(school: School) -> None:
    topic, _ = await school.opened()
    only = {"categories": (Category.VILLAGE,)}
    await school.office.do(await school.teacher(), plan.edit, topic.id, topic.version, only)
    official = await school.town.a_learner()
    cadre = await school.town.a_learner(at=school.town.below, category=Category.VILLAGE)
    with pytest.raises(Refusal, match=r"topic_class\.category"):
        await school.asks(official, topic)
    await school.office.do(await school.teacher(), enrol.put, topic.id, [], school.town.own.id)
    assert [await school.place_of(each, topic) for each in (official, cadre)] == [None, Place.ENROLLED]


async def test_of_two_windows_the_slower_one_is_told_who_changed_the_plan_and_when(
    house: House, school: School, clock: TestClock
) -> None:
    topic, lessons = await school.opened()
    second = await school.town.a(Role.ACADEMY_ADMIN, at=school.town.root, name="陈立")
    desk, other = await house.browser_of(school.person), await house.browser_of(second)
    at = f"/topic-classes/{topic.id}"
    shown = (await desk.get(f"{at}/modules")).body
    assert shown["version"] == topic.version
    sent = {"version": shown["version"], "modules": [{"class_id": str(lessons[0].id), "needed": False}]}
    clock.pass_(60)
    taken = await other.ask("PUT", f"{at}/modules", sent)
    assert taken.status == 200, taken.body
    assert taken.body["version"] == topic.version + 1
    when = rfc3339(clock.now())
    for method, path, body in (("PUT", "modules", sent), ("PATCH", "plan", {"version": topic.version, "title": "新"})):
        refused = await desk.ask(method, f"{at}/{path}", body)
        assert (refused.status, refused.code) == (412, "topic_class.changed"), path
        assert refused.body["data"] == {"version": topic.version + 1, "by": "陈立", "at": when}, path
    assert (await desk.get(at)).body["changed"] == {"by": {"id": str(second.id), "name": "陈立"}, "at": when}
    (kept,) = (await desk.get(f"{at}/modules")).body["items"]
    assert kept["needed"] is False
    learner = await house.browser_of(await school.town.a_learner())
    assert (await learner.get(at)).body["changed"] is None


async def test_a_list_of_topic_classes_names_seats_and_units_of_each(house: House, school: School) -> None:
    full, _ = await school.opened(capacity=1)
    other, _ = await school.opened()
    wang, li = await school.town.a_learner("王芳"), await school.town.a_learner("李娜")
    for each in (wang, li):
        await school.asks(each, full)
    items = (await (await house.browser_of(li)).get("/topic-classes")).body["items"]
    found = {each["id"]: (each["enrolled"], each["waiting"], each["my_place"], each["unit"]["name"]) for each in items}
    assert found == {str(full.id): (1, 1, "waiting", "合肥市"), str(other.id): (0, 0, None, "合肥市")}


async def test_who_looks_at_it_is_told_of_its_live_classes_and_its_plan_on_one_topic(
    house: House, school: School
) -> None:
    topic, lessons = await school.opened(modules=2)
    mine = await house.browser_of(await school.town.a_learner())
    socket = await mine.socket()
    await socket.send_json({"v": 1, "type": "topic.join", "id": "a", "data": {"topic": f"topic_class:{topic.id}"}})
    while (await socket.receive_json(timeout=10))["type"] != "ack":
        pass
    admin = await school.town.acting(await school.town.a(Role.ACADEMY_ADMIN, at=school.town.root))
    await school.office.do(admin, schedule.cancel, lessons[1].id)
    await school.office.do(admin, plan.edit, topic.id, topic.version, {"title": "新题"})
    told: list[dict[str, Any]] = []
    while not told or told[-1]["type"] != "topic_class.changed":
        heard = await socket.receive_json(timeout=10)
        told += heard["data"] if heard["type"] == "batch" else [heard]
    (module,) = [each["data"] for each in told if each["type"] == "module.changed"]
    assert module == {
        "class_id": str(lessons[1].id), "title": "第2讲", "lecturer": "孙老师", "planned_minutes": 90,
        "starts_at": rfc3339(lessons[1].starts_at), "state": "cancelled", "recording": "none", "nominal_hours": "2.0",
    }  # fmt: skip
    assert told[-1]["data"] == {"id": str(topic.id)}
    assert not any(each["type"] == "class.changed" for each in told)
    await socket.close()
