"""Looks at another person's record: written before the record is shown, and shown to that person (rules §8)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Work
from server.people.tables import looks


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked at what, and when."""

    id: UUID
    person: UUID
    by: UUID
    what: str
    at: datetime


async def note(work: Work, person: UUID, what: str) -> None:
    """Write that the actor looks at `what` (profile, roles, hours, why …) of `person`; one's own is no look."""
    if work.actor.id is None or work.actor.id == person:
        return
    row = {"id": work.id(), "person": person, "by": work.actor.id, "what": what, "at": work.now}
    await work.tx.execute(looks.insert().values(row))


async def at(tx: AsyncConnection, person: UUID, *, before: UUID | None, limit: int) -> list[Look]:
    """The looks at a person's record, newest first, older than `before`."""
    query = sa.select(looks).where(looks.c.person == person)
    if before is not None:
        query = query.where(looks.c.id < before)
    rows = await tx.execute(query.order_by(looks.c.id.desc()).limit(limit))
    return [Look(**row._mapping) for row in rows]
