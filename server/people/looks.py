"""Looks at another person's record: written before the record is shown, and shown to that person (rules §8)."""

from collections.abc import Iterable
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


async def note(work: Work, persons: Iterable[UUID], what: str) -> None:
    """Write that the actor looks at `what` (profile, roles, hours, why …) of `persons`; one's own is no look."""
    by = work.actor.id
    seen = [each for each in persons if by is not None and each != by]
    if seen:
        rows = [{"id": work.id(), "person": each, "by": by, "what": what, "at": work.now} for each in seen]
        await work.tx.execute(looks.insert(), rows)


async def at(tx: AsyncConnection, person: UUID, *, before: UUID | None, limit: int) -> list[Look]:
    """The looks at a person's record, newest first, older than `before`."""
    query = sa.select(looks).where(looks.c.person == person)
    if before is not None:
        query = query.where(looks.c.id < before)
    rows = await tx.execute(query.order_by(looks.c.id.desc()).limit(limit))
    return [Look(**row._mapping) for row in rows]
