"""Air time in SQL: what media said of a class, as the rules keep it."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.live.tables import air_stretches
from server.rules.air import Aired, Record, stretches
from server.rules.stretches import Stretches


async def record_of(tx: AsyncConnection, class_id: UUID) -> Record:
    """What media said was on air, rehearsals never in it."""
    rows = (await tx.execute(_OF_ONE, {"class_id": class_id})).all()
    return tuple(Aired(row.run, row.from_ms, row.until_ms, row.open) for row in rows)


_OF_ONE = (
    sa.select(air_stretches)
    .where(air_stretches.c.class_id == sa.bindparam("class_id"))
    .order_by(air_stretches.c.number)
)


async def records_of(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Record]:
    """The records of several classes; those that were never on air are left out."""
    found: dict[UUID, Record] = {}
    for row in (await tx.execute(_OF_SOME, {"ids": list(ids)})).all() if ids else ():
        aired = Aired(row.run, row.from_ms, row.until_ms, row.open)
        found[row.class_id] = (*found.get(row.class_id, ()), aired)
    return found


_OF_SOME = (
    sa.select(air_stretches)
    .where(air_stretches.c.class_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(air_stretches.c.number)
)


async def air_of(tx: AsyncConnection, class_id: UUID) -> Stretches:
    """The stretches really broadcast; an open one ends at the last word of media, never at "now"."""
    return stretches(await record_of(tx, class_id))


async def save_record(tx: AsyncConnection, class_id: UUID, before: Record, after: Record) -> None:
    """Write what has changed between two states of a record; stretches are added and moved, never taken away."""
    for number, each in enumerate(after):
        values = {"run": each.run, "from_ms": each.from_ms, "until_ms": each.until_ms, "open": each.open}
        if number >= len(before):
            await tx.execute(air_stretches.insert().values(class_id=class_id, number=number, **values))
        elif each != before[number]:
            where = (air_stretches.c.class_id == class_id, air_stretches.c.number == number)
            await tx.execute(air_stretches.update().where(*where).values(values))
