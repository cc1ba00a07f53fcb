"""The organisation tree: units, and the sub-centres that keep rosters for their subtrees (Articles 8, 16)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Work
from server.people.tables import units


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the tree; `path` holds the ids from the root down, each closed by a slash."""

    id: UUID
    parent: UUID | None
    path: str
    name: str
    kind: str
    is_sub_centre: bool
    telephone: str | None


async def unit(tx: AsyncConnection, unit_id: UUID) -> Unit | None:
    row = (await tx.execute(sa.select(units).where(units.c.id == unit_id))).first()
    return Unit(**row._mapping) if row else None


_ROOT = sa.select(units).where(units.c.parent.is_(None)).order_by(units.c.id)


async def root(tx: AsyncConnection) -> Unit | None:
    """The province."""
    row = (await tx.execute(_ROOT)).first()
    return Unit(**row._mapping) if row else None


async def named(tx: AsyncConnection, text: str) -> list[Unit]:
    """The units of that name, or the one of that id."""
    try:
        found = await unit(tx, UUID(text))
    except ValueError:
        return await listed(tx, units.c.name == text)
    return [found] if found else []


async def listed(tx: AsyncConnection, where: Any) -> list[Unit]:
    """Units in the order of the tree."""
    rows = await tx.execute(sa.select(units).where(where).order_by(units.c.path))
    return [Unit(**row._mapping) for row in rows]


async def names_of(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those of the units that exist."""
    rows = await tx.execute(sa.select(units.c.id, units.c.name).where(units.c.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


async def sub_centres(tx: AsyncConnection) -> list[Unit]:
    """All sub-centres in the order of the tree."""
    return await listed(tx, units.c.is_sub_centre)


async def sub_centre_of(tx: AsyncConnection, path: str) -> Unit | None:
    """The nearest sub-centre at or above a unit path."""
    tops = ["/".join(path.split("/")[: depth + 1]) + "/" for depth in range(path.count("/"))]
    query = sa.select(units).where(units.c.path.in_(tops), units.c.is_sub_centre).order_by(units.c.path.desc())
    row = (await tx.execute(query)).first()
    return Unit(**row._mapping) if row else None


async def add(
    work: Work, name: str, kind: str, parent: Unit | None, *, is_sub_centre: bool = False, telephone: str | None = None
) -> Unit:
    """A new unit below `parent`."""
    id = work.id()
    path = f"{parent.path if parent else ''}{id.hex}/"
    made = Unit(id, parent.id if parent else None, path, name, kind, is_sub_centre, telephone)
    await work.tx.execute(units.insert().values({name: getattr(made, name) for name in Unit.__slots__}))
    return made
