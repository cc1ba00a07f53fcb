"""Endpoints of the schedule: list, plan, edit, cancel, staff."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from server.base.api import Ask, Body, Query, Routes, View
from server.base.shapes import Moment, Version
from server.live import lists, schedule, staff
from server.live.routes.shapes import People, shown
from server.live.schedule import LONGEST_TITLE, Plan
from server.live.targets import class_target, lesson_of
from server.live.views import ClassView, views_of
from server.rules.conduct import Mode
from server.rules.powers import Power
from server.rules.refusal import Refusal
from server.rules.words import Family

routes = Routes("class")

LONGEST_LIST = timedelta(days=100)
LIST_BEFORE, LIST_AFTER = timedelta(days=1), timedelta(days=14)
_MAY_BE_EMPTY = {"topic", "audience_unit", "min_kbps"}

Title = Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
Topic = Annotated[str, Field(max_length=60)]
Minutes = Annotated[int, Field(ge=10, le=480)]
Kbps = Annotated[int, Field(ge=200, le=3000)]


class ListQuery(Query):
    """Classes whose planned begin lies in a stretch of time; `mine`: only those that the asker runs."""

    model_config = ConfigDict(populate_by_name=True)

    begin: Moment | None = Field(None, alias="from")
    until: Moment | None = None
    mine: bool = False


class ClassList(View):
    items: list[ClassView]


class PlanBody(Body):
    title: Title
    lecturer: UUID
    family: Family
    topic: Topic | None = None
    starts_at: Moment
    planned_minutes: Minutes
    audience_unit: UUID | None = None
    speaking: bool = True
    mode: Mode | None = None
    min_kbps: Kbps | None = None


class EditBody(Body):
    """Only the fields that change, and the version that was seen; null empties what may be empty."""

    version: Version
    title: Title | None = None
    lecturer: UUID | None = None
    family: Family | None = None
    topic: Topic | None = None
    starts_at: Moment | None = None
    planned_minutes: Minutes | None = None
    audience_unit: UUID | None = None
    speaking: bool | None = None
    mode: Mode | None = None
    min_kbps: Kbps | None = None


class StaffBody(Body):
    lecturers: People
    assistants: People


@routes.get("/api/v1/classes", power=Power.LIVE_SEE, title="Classes that the asker may see, by their begin")
async def listed(ask: Ask, query: ListQuery) -> ClassList:
    begin, until = _between(query, ask.now)
    async with ask.read() as tx:
        found = await lists.between(tx, ask.actor, ask.now, begin, until, mine=query.mine)
        return ClassList(items=await views_of(tx, found, ask.actor, ask.now, ask.services.policies))


@routes.get("/api/v1/classes/{class_id}", power=Power.LIVE_SEE, target=class_target, title="One class")
async def one(ask: Ask, class_id: UUID) -> ClassView:
    return await shown(ask, lesson_of(ask))


@routes.post("/api/v1/classes", power=Power.LIVE_PLAN, status=201, title="Plan a class")
async def plan(ask: Ask, body: PlanBody) -> ClassView:
    policy = ask.services.policies.in_force(body.starts_at)
    values = body.model_dump() | {"mode": body.mode or Mode(policy.live_place_mode)}
    return await shown(ask, await ask.do(schedule.plan, Plan(**values)))


@routes.patch("/api/v1/classes/{class_id}", power=Power.LIVE_PLAN, target=class_target, title="Change a plan")
async def edit(ask: Ask, class_id: UUID, body: EditBody) -> ClassView:
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set - {"version"}}
    for name, value in changes.items():
        if value is None and name not in _MAY_BE_EMPTY:
            raise Refusal("field.invalid", status=422, field=name)
    return await shown(ask, await ask.do(schedule.edit, class_id, body.version, changes))


@routes.post("/api/v1/classes/{class_id}/cancel", power=Power.LIVE_PLAN, target=class_target, title="Call a class off")
async def cancel(ask: Ask, class_id: UUID) -> ClassView:
    return await shown(ask, await ask.do(schedule.cancel, class_id))


@routes.put("/api/v1/classes/{class_id}/staff", power=Power.LIVE_STAFF, target=class_target, title="Name the staff")
async def name_staff(ask: Ask, class_id: UUID, body: StaffBody) -> ClassView:
    return await shown(ask, await ask.do(staff.name, class_id, body.lecturers, body.assistants))


def _between(query: ListQuery, now: datetime) -> tuple[datetime, datetime]:
    begin = query.begin or now - LIST_BEFORE
    until = query.until or begin + LIST_BEFORE + LIST_AFTER
    if not begin < until <= begin + LONGEST_LIST:
        raise Refusal("field.invalid", status=422, field="until")
    return begin, until
