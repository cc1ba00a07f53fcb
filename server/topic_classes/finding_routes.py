"""Endpoints for the choices of a class teacher, and the members' list of those they learn with."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.base.api import Ask, Query, Routes, View
from server.base.shapes import Named
from server.people.views import UnitList, unit_list
from server.rules.powers import Power
from server.rules.powers import may as holds
from server.rules.topic_class import Place
from server.topic_classes import finding, store
from server.topic_classes.current import known
from server.topic_classes.targets import target_of, topic_class_target
from server.topic_classes.views import CandidateView, ClassmateView

routes = Routes("topic_class")

_ONE = "/api/v1/topic-classes/{topic_class_id}"


class CandidateQuery(Query):
    q: Annotated[str, Field(min_length=1, max_length=64)]


class CandidateList(View):
    items: list[CandidateView]


class ClassmateList(View):
    items: list[ClassmateView]


@routes.get("/api/v1/topic-class-units", power=Power.TOPIC_PLAN, title="Units for which the asker may plan")
async def units_(ask: Ask) -> UnitList:
    async with ask.read() as tx:
        return unit_list(await finding.units_to_plan_for(tx, ask.actor, ask.now))


@routes.get(f"{_ONE}/units", power=Power.TOPIC_PLAN, target=topic_class_target, title="Units it is for")
async def units_within(ask: Ask, topic_class_id: UUID) -> UnitList:
    async with ask.read() as tx:
        return unit_list(await finding.units_within(tx, await known(tx, topic_class_id)))


@routes.get(
    f"{_ONE}/candidates", power=Power.TOPIC_PLAN, target=topic_class_target,
    title="People to put on the roster, by name or staff number",
)  # fmt: skip
async def candidates(ask: Ask, topic_class_id: UUID, query: CandidateQuery) -> CandidateList:
    async with ask.read() as tx:
        found = await finding.candidates(tx, await known(tx, topic_class_id), query.q)
    return CandidateList(
        items=[
            CandidateView(
                id=each.id, name=each.name, staff_number=each.staff_number,
                unit=Named(id=each.unit_id, name=each.unit_name),
            )
            for each in found
        ]
    )  # fmt: skip


@routes.get(f"{_ONE}/members", power=Power.TOPIC_SEE, target=topic_class_target, title="Who is in it")
async def members(ask: Ask, topic_class_id: UUID) -> ClassmateList:
    """For members those who have a place, for the class teacher those who wait for one, too; nobody for others."""
    async with ask.read() as tx:
        topic = await known(tx, topic_class_id)
        mine = await store.member(tx, topic_class_id, ask.me)
        is_staff = holds(ask.actor.holdings, Power.TOPIC_PROGRESS, target_of(topic), ask.now, ask.me)
        if not is_staff and (mine is None or mine.place is not Place.ENROLLED):
            return ClassmateList(items=[])
        found = await finding.classmates(tx, topic_class_id, waiting=is_staff)
    return ClassmateList(
        items=[
            ClassmateView(id=who.id, name=who.name, unit=who.unit_name, place=each.place, since=each.since)
            for each, who in found
        ]
    )
