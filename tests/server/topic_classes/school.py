"""A school: a province, its class teacher, and topic classes of theirs."""

from datetime import timedelta
from typing import Any

from server.base.office import Office
from server.base.work import SYSTEM, Actor
from server.people.store import Person
from server.rules.powers import Role
from server.rules.topic_class import Place
from server.topic_classes import enrol, plan, store
from server.topic_classes.modules import WantedModule, set_modules
from server.topic_classes.plan import Plan
from server.topic_classes.store import TopicClass
from tests.people import Province, a_province
from tests.server.live.classes import planned

LATE = timedelta(seconds=150)
"""Beats of a lost line may come so late."""


class School:
    """A province, a class teacher, and topic classes of theirs."""

    def __init__(self, office: Office, town: Province, teacher: Person) -> None:
        self.office, self.town, self.person = office, town, teacher

    async def teacher(self) -> Actor:
        return await self.town.acting(self.person)

    async def lesson(self, title: str = "基层治理") -> Any:
        return await self.office.do(
            SYSTEM, planned, title=title, unit_path=self.town.own.path, lecturers=(self.person.id,)
        )

    async def opened(self, capacity: int | None = None, modules: int = 1) -> tuple[TopicClass, list[Any]]:
        """The same, published."""
        made, lessons = await self.drafted(capacity, modules)
        return await self.office.do(await self.teacher(), plan.publish, made.id), lessons

    async def drafted(self, capacity: int | None = None, modules: int = 1) -> tuple[TopicClass, list[Any]]:
        """A plan of a topic class that anybody of the city may enrol in, with needed live classes."""
        now = self.office.clock.now()
        wanted = Plan("乡村振兴专题班", "", self.town.own.id, True, capacity, now, now + timedelta(days=20))
        made = await self.office.do(await self.teacher(), plan.plan, wanted)
        lessons = [await self.lesson(f"第{number + 1}讲") for number in range(modules)]
        named = [WantedModule(each.id, True) for each in lessons]
        return await self.office.do(await self.teacher(), set_modules, made.id, made.version, named), lessons

    async def asks(self, who: Person, topic: TopicClass) -> Place:
        return (await self.office.do(await self.town.acting(who), enrol.enrol, topic.id)).place

    async def place_of(self, who: Person, topic: TopicClass) -> Place | None:
        async with self.office.read() as tx:
            found = await store.member(tx, topic.id, who.id)
        return found.place if found else None


async def a_school(office: Office) -> School:
    """Plant a province and enrol its class teacher."""
    town = await a_province(office)
    return School(office, town, await town.a(Role.CLASS_TEACHER, over=town.own, name="孙老师"))
