"""Who and what a journey's academy holds before it begins."""

from dataclasses import dataclass
from uuid import UUID

from server.base.office import Office
from server.base.work import SYSTEM
from server.people.store import Person
from server.rules.powers import Role
from tests.journeys.academy import Academy
from tests.people import a_province
from tests.server.live.classes import planned

TITLE = "乡村治理现代化"


@dataclass(frozen=True, slots=True)
class School:
    """People who have signed in before, and a class of a minute that begins now, held for everybody."""

    academy: Academy
    lecturer: Person
    assistant: Person
    teacher: Person
    wang: Person
    li: Person
    moderator: Person
    second_moderator: Person
    lesson: UUID


async def a_school(academy: Academy, office: Office) -> School:
    town = await a_province(office)
    lecturer = await town.a(Role.LECTURER, over=town.own, name="李明教授")
    assistant = await town.a_learner("周助教")
    teacher = await town.a(Role.CLASS_TEACHER, over=town.root, name="方立新")
    await town.gives(teacher, Role.LECTURER, over=town.root)
    lesson = await office.do(
        SYSTEM, planned, title=TITLE, starts_at=office.clock.now(), planned_minutes=1, unit_path=town.root.path,
        lecturers=(lecturer.id,), assistants=(assistant.id,),
    )  # fmt: skip
    return School(
        academy=academy,
        lecturer=lecturer,
        assistant=assistant,
        teacher=teacher,
        wang=await town.a_learner("王芳", at=town.below),
        li=await town.a_learner("李娜"),
        moderator=await town.a(Role.MODERATOR, over=town.root, name="陈立"),
        second_moderator=await town.a(Role.MODERATOR, over=town.root, name="赵磊"),
        lesson=lesson.id,
    )
