"""A school for tests of endpoints: who plans, teaches, assists, studies and is on duty, each at a browser."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.base.office import Office
from server.base.work import SYSTEM
from server.live import store
from server.live.store import LiveClass
from server.people.store import Person
from server.rules.live import State
from server.rules.powers import Role
from tests.people import Province
from tests.server.live.classes import planned
from tests.visits import Browser, House


@dataclass(slots=True)
class School:
    """Everybody works in the city `town.own`; the academy's administrator plans for all."""

    house: House
    town: Province
    lecturer: Person
    assistant: Person
    learner: Person
    admin: Browser
    teaches: Browser
    assists: Browser
    studies: Browser
    on_duty: Browser

    @property
    def office(self) -> Office:
        return self.house.office

    def plan(self, **other: Any) -> dict[str, Any]:
        """The body of `POST /classes`: tomorrow, 90 minutes, for everybody."""
        starts_at = self.office.clock.now() + timedelta(days=1)
        body = {
            "title": "乡村治理现代化", "lecturer": str(self.lecturer.id), "family": "capability",
            "starts_at": starts_at.isoformat(), "planned_minutes": 90, "audience_unit": None, "speaking": True,
            "mode": "after",
        }  # fmt: skip
        return body | other

    async def a_class(self, state: State = State.WAITING, **other: Any) -> LiveClass:
        """A class of this school's lecturer and assistant, held by the province."""
        staff = {"lecturers": (self.lecturer.id,), "assistants": (self.assistant.id,)}
        return await self.office.do(
            SYSTEM, planned, state=state, **{"unit_path": self.town.root.path, **staff, **other}
        )

    async def now(self, class_id: UUID | str) -> LiveClass:
        """The class as the database has it."""
        async with self.office.read() as tx:
            found = await store.by_id(tx, UUID(str(class_id)))
        assert found is not None
        return found


async def a_school(house: House, town: Province) -> School:
    """A school whose people are signed in."""
    lecturer = await town.a(Role.LECTURER, at=town.own, name="李明")
    assistant, learner = await town.a_learner("周静"), await town.a_learner("王芳")
    admin = await town.a(Role.ACADEMY_ADMIN, at=town.root, name="孙海燕")
    on_duty = await town.a(Role.MODERATOR, at=town.root, name="陈立")
    browsers = [await house.browser_of(person) for person in (admin, lecturer, assistant, learner, on_duty)]
    return School(house, town, lecturer, assistant, learner, *browsers)
