"""Whom and what a class teacher chooses from: units to plan for, people to put on the roster; and who is in a class."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Actor
from server.people import store as people
from server.people import units
from server.people.listing import named
from server.people.store import Person
from server.people.tables import accounts
from server.people.tables import units as unit_table
from server.people.units import Unit
from server.rules.powers import Power, ScopeKind, reach
from server.rules.topic_class import Place
from server.topic_classes import store
from server.topic_classes.store import Member, TopicClass

AT_ONCE = 20
"""People found by one search."""


async def units_to_plan_for(tx: AsyncConnection, actor: Actor, now: datetime) -> list[Unit]:
    """The units over which the actor may plan a topic class, in the order of the tree."""
    scopes = reach(actor.holdings, Power.TOPIC_PLAN, now)
    if any(each.kind is ScopeKind.ALL for each in scopes):
        return await units.listed(tx, sa.true())
    tops = [each.path for each in scopes if each.kind is ScopeKind.UNIT and each.path]
    return await units.listed(tx, sa.or_(sa.false(), *(_within(top) for top in tops)))


async def units_within(tx: AsyncConnection, found: TopicClass) -> list[Unit]:
    """The units whose people the topic class is for, in the order of the tree."""
    return await units.listed(tx, _within(found.unit_path))


async def candidates(tx: AsyncConnection, found: TopicClass, q: str) -> list[Person]:
    """People whose name or staff number holds `q`, who may join and are not on the roster yet."""
    absent = accounts.c.id.not_in(store.accounts_of(found.id))
    where = (_within(found.unit_path), accounts.c.state == "active", named(q), absent)
    persons, _ = await people.listed(tx, where, (accounts.c.name,), offset=0, limit=AT_ONCE)
    return persons


async def classmates(tx: AsyncConnection, id: UUID, *, waiting: bool) -> list[tuple[Member, Person]]:
    """Who has a place, by name, for nobody is ranked; then, if asked for, who waits for one, in the order of asking."""
    roster = await store.members_of(tx, id)
    persons = await people.many(tx, [each.account for each in roster])
    found = [(each, persons[each.account]) for each in roster]
    seated = [each for each in found if each[0].place is Place.ENROLLED]
    seated.sort(key=lambda each: (each[1].name, each[1].id))
    return seated + [each for each in found if waiting and each[0].place is Place.WAITING]


def _within(path: str) -> sa.ColumnElement[bool]:
    return unit_table.c.path.startswith(path, autoescape=True)
