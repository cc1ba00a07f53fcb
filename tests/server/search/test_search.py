"""One field for everything: Chinese words are found in classes, topic classes and posts, and only in what I may see."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from server.app import NOUNS
from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.forum import boards, write
from server.live import store as live
from server.people.store import Person
from server.rules.conduct import Mode
from server.rules.live import State
from server.rules.powers import Role
from server.topic_classes import enrol, modules, plan
from server.topic_classes import store as topics
from server.topic_classes.modules import WantedModule
from server.topic_classes.plan import Plan
from server.topic_classes.store import TopicClass
from tests.people import Province, a_province
from tests.server.live.classes import planned
from tests.visits import House, a_house


@dataclass(frozen=True)
class School:
    """A province with a class teacher and a learner of the city."""

    office: Office
    town: Province
    teacher: Person
    learner: Person
    house: House

    async def found(self, who: Person, q: str, **params: Any) -> dict[str, list[str]]:
        """The titles that somebody finds, by kind."""
        browser = await self.house.browser_of(who)
        answer = await browser.get("/search", params={"q": q, **params})
        assert answer.status == 200, answer.body
        return {kind: [each["title"] for each in group["items"]] for kind, group in answer.body.items() if group}

    async def topic_class(self, *, open_: bool) -> TopicClass:
        """A published topic class with one live class, both about cadres of the country."""
        teacher = await self.town.acting(self.teacher)
        now = self.office.clock.now()
        wanted = Plan("乡村振兴专题班", "两次直播课堂", self.town.own.id, open_, None, now, now + timedelta(days=20))
        made = await self.office.do(teacher, plan.plan, wanted)
        of = {"unit_path": self.town.own.path, "lecturers": (self.teacher.id,)}
        lesson = await self.office.do(SYSTEM, planned, title="乡村治理第一讲", **of)
        await self.office.do(teacher, modules.set_modules, made.id, made.version, [WantedModule(lesson.id, True)])
        return await self.office.do(teacher, plan.publish, made.id)


@pytest.fixture
async def school(office: Office) -> AsyncIterator[School]:
    town = await a_province(office)
    teacher = await town.a(Role.CLASS_TEACHER, over=town.own, name="孙老师")
    async with a_house(office, NOUNS) as house:
        yield School(office, town, teacher, await town.a_learner("王芳"), house)


async def test_one_word_finds_classes_topic_classes_and_posts(school: School) -> None:
    await school.office.do(SYSTEM, planned, title="乡村治理现代化")
    await school.office.do(SYSTEM, planned, title="保密知识")
    await school.topic_class(open_=True)
    board = await school.office.do(SYSTEM, boards.open_board, "学习体会", "", Mode.AFTER, 0)
    author = await school.town.acting(school.learner)
    await school.office.do(author, _write, board.id, "谈谈乡村的路灯")
    assert await school.found(school.learner, "乡村") == {
        "classes": ["乡村治理现代化"], "topics": ["乡村振兴专题班"], "posts": ["谈谈乡村的路灯"],
    }  # fmt: skip
    assert await school.found(school.learner, "直播课堂") == {"classes": [], "topics": ["乡村振兴专题班"], "posts": []}


async def test_a_reserved_class_is_found_by_its_members_and_staff_alone(school: School) -> None:
    made = await school.topic_class(open_=False)
    nothing: dict[str, list[str]] = {"classes": [], "topics": [], "posts": []}
    assert await school.found(school.learner, "乡村") == nothing
    await school.office.do(await school.town.acting(school.teacher), enrol.put, made.id, [school.learner.id], None)
    both = {"classes": ["乡村治理第一讲"], "topics": ["乡村振兴专题班"], "posts": []}
    assert await school.found(school.learner, "乡村") == both
    assert await school.found(school.teacher, "乡村") == both
    assert await school.found(await school.town.a_learner(), "乡村") == nothing


async def test_what_is_hidden_takes_no_place_on_a_page(school: School) -> None:
    for number in range(3):
        await school.office.do(SYSTEM, planned, title=f"乡村 {number}")
    for number in range(8):
        elsewhere = {"audience_unit": school.town.sibling.id, "audience_path": school.town.sibling.path}
        await school.office.do(SYSTEM, planned, title=f"乡村之外 {number}", **elsewhere)
    assert (await school.found(school.learner, "乡村"))["classes"] == ["乡村 2", "乡村 1", "乡村 0"]


async def test_a_renamed_class_is_found_by_its_new_title_and_a_cancelled_one_not_at_all(school: School) -> None:
    lesson = await school.office.do(SYSTEM, planned, title="乡村治理")
    await school.office.do(SYSTEM, _change, lesson, {"title": "数字政府"})
    assert (await school.found(school.learner, "乡村", kind="classes")) == {"classes": []}
    assert (await school.found(school.learner, "数字", kind="classes")) == {"classes": ["数字政府"]}
    await school.office.do(SYSTEM, _change, await _now(school, lesson), {"state": State.CANCELLED.value})
    assert (await school.found(school.learner, "数字", kind="classes")) == {"classes": []}


async def test_of_all_kinds_a_few_are_shown_and_of_one_kind_pages(school: School) -> None:
    for number in range(32):
        await school.office.do(SYSTEM, planned, title=f"电梯 {number}")
    assert len((await school.found(school.learner, "电梯"))["classes"]) == 5
    mine = await school.house.browser_of(school.learner)
    first = (await mine.get("/search", params={"q": "电梯", "kind": "classes"})).body["classes"]
    rest = (await mine.get("/search", params={"q": "电梯", "kind": "classes", "before": first["next"]})).body["classes"]
    assert [each["title"] for each in first["items"][:2]] == ["电梯 31", "电梯 30"]
    assert ([each["title"] for each in rest["items"]], rest["next"]) == (["电梯 1", "电梯 0"], None)


async def test_a_draft_is_found_by_whoever_plans_it_alone(school: School) -> None:
    made = await school.topic_class(open_=True)
    await school.office.do(SYSTEM, _draft, made)
    assert (await school.found(school.learner, "振兴"))["topics"] == []
    assert (await school.found(school.teacher, "振兴"))["topics"] == ["乡村振兴专题班"]


async def _write(work: Work, board: Any, title: str) -> None:
    await write.start(work, board, title, "晚上走路方便多了。", work.id())


async def _change(work: Work, lesson: live.LiveClass, values: dict[str, Any]) -> None:
    assert await live.change(work.tx, lesson, **values)


async def _now(school: School, lesson: live.LiveClass) -> live.LiveClass:
    async with school.office.read() as tx:
        found = await live.by_id(tx, lesson.id)
    assert found is not None
    return found


async def _draft(work: Work, made: TopicClass) -> None:
    await topics.change(work.tx, made, state=topics.TopicState.DRAFT.value)
