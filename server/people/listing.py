"""Lists of units and persons, bounded by what the asker's powers reach."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Actor
from server.people import store, units
from server.people.store import Person
from server.people.tables import accounts
from server.people.tables import units as unit_table
from server.people.units import Unit
from server.rules.powers import Power, Scope, ScopeKind, reach, within
from server.rules.refusal import unknown
from server.rules.words import Category

_MARKS = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


class Sort(StrEnum):
    """Order of a list; the id is always the last key."""

    NAME = "name"
    NAME_DOWN = "-name"
    STAFF_NUMBER = "staff_number"
    STAFF_NUMBER_DOWN = "-staff_number"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which persons: in a unit's subtree, with `q` in name or staff number, in a state, of a category."""

    unit: UUID | None = None
    q: str = ""
    state: str | None = None
    category: Category | None = None
    sort: Sort = Sort.NAME


async def units_seen(tx: AsyncConnection, actor: Actor, now: datetime) -> list[Unit]:
    """The units over which the actor may see, in the order of the tree."""
    tops = _tops(reach(actor.holdings, Power.UNITS_SEE, now))
    return await units.listed(tx, sa.true() if tops is None else _below(unit_table.c.path, tops))


async def people_seen(
    tx: AsyncConnection, actor: Actor, now: datetime, wanted: Wanted, *, offset: int, limit: int
) -> tuple[list[Person], int]:
    """One page of the persons whom the actor may see, and the number of all; `unit.unknown` beyond the reach."""
    where = [_seen(reach(actor.holdings, Power.PEOPLE_SEE, now))]
    if wanted.unit is not None:
        where.append(await _in_unit(tx, actor, now, wanted.unit))
    if wanted.q.strip():
        where.append(named(wanted.q))
    if wanted.state is not None:
        where.append(accounts.c.state == wanted.state)
    if wanted.category is not None:
        where.append(accounts.c.category == wanted.category.value)
    return await store.listed(tx, where, [_order(tx, wanted.sort)], offset=offset, limit=limit)


def named(q: str) -> Any:
    """People whose name or staff number holds `q`."""
    text = f"%{q.strip().translate(_MARKS)}%"
    return sa.or_(_like(accounts.c.name, text), _like(accounts.c.staff_number, text.upper()))


def _seen(scopes: tuple[Scope, ...]) -> Any:
    """As `powers.may` answers for `PEOPLE_SEE`: by unit or by who manages, an authority's scope by the latter."""
    if any(scope.kind is ScopeKind.ALL for scope in scopes):
        return sa.true()
    managed = _below(store.AUTHORITY.c.path, [scope.path for scope in scopes])
    return sa.or_(managed, _below(unit_table.c.path, [scope.path for scope in scopes if scope.kind is ScopeKind.UNIT]))


async def _in_unit(tx: AsyncConnection, actor: Actor, now: datetime, unit_id: UUID) -> Any:
    unit = await units.unit(tx, unit_id)
    tops = _tops(reach(actor.holdings, Power.PEOPLE_SEE, now))
    if unit is None or not (tops is None or any(within(unit.path, top) for top in tops)):
        raise unknown("unit")
    return _below(unit_table.c.path, [unit.path])


def _tops(scopes: tuple[Scope, ...]) -> list[str] | None:
    """The tops of the subtrees reached; None for everything."""
    return None if any(scope.kind is ScopeKind.ALL for scope in scopes) else [scope.path for scope in scopes]


def _below(path: Any, tops: list[str]) -> Any:
    # Paths hold hexadecimal digits and slashes only, nothing that LIKE would read as a pattern.
    return sa.or_(sa.false(), *(path.like(f"{top}%") for top in tops if top))


def _like(column: Any, text: str) -> Any:
    return column.like(text, escape="\\")


def _order(tx: AsyncConnection, sort: Sort) -> Any:
    column: Any = accounts.c[sort.value.removeprefix("-")]
    if tx.dialect.name == "postgresql":
        column = column.collate("C")
    return column.desc() if sort.value.startswith("-") else column
