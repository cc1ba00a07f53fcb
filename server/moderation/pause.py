"""Pausing all speaking in a place (一键暂停互动): nobody writes there until it is over; what was said stays (rules §7).

A live class keeps its pause among its own settings, as its studio shows and changes them together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.clock import rfc3339
from server.base.work import Work
from server.moderation.tables import place_pauses
from server.rules.refusal import Article, Refusal


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause for all; `until` None is until somebody ends it."""

    id: UUID
    place_kind: str
    place_id: UUID
    begun_by: UUID
    begun_at: datetime
    until: datetime | None
    basis: str
    reason: str
    ended_by: UUID | None
    ended_at: datetime | None


async def active(tx: AsyncConnection, places: Collection[UUID], now: datetime) -> dict[UUID, Pause]:
    """The pause of each of these places that is paused now."""
    lasts = sa.or_(place_pauses.c.until.is_(None), place_pauses.c.until > now)
    where = (place_pauses.c.place_id.in_(places), place_pauses.c.ended_at.is_(None), lasts)
    rows = await tx.execute(sa.select(place_pauses).where(*where).order_by(place_pauses.c.id))
    return {row.place_id: Pause(**row._mapping) for row in rows}


async def check(work: Work, places: Collection[UUID]) -> None:
    """Refuse `speaking.paused` while speaking is paused in one of these places."""
    found = await active(work.tx, places, work.now)
    if found:
        ends = [each.until for each in found.values()]
        until = None if None in ends else max(each for each in ends if each)
        raise Refusal("speaking.paused", status=409, basis=Article(12), until=_text(until))


async def begin(work: Work, kind: str, place: UUID, until: datetime | None, basis: str, reason: str) -> None:
    """Pause speaking for all, in the place of a pause that lasts already."""
    if until is not None and until <= work.now:
        raise Refusal("field.invalid", status=422, field="until")
    assert work.actor.id is not None
    await _end(work, place)
    made = Pause(work.id(), kind, place, work.actor.id, work.now, until, basis, reason, None, None)
    await work.tx.execute(place_pauses.insert().values({name: getattr(made, name) for name in Pause.__slots__}))
    await work.fail("pause.after_row")
    work.push(f"{kind}:{place}", "speaking.changed", {"paused": True, "until": _text(until)})


async def end(work: Work, kind: str, place: UUID) -> None:
    """Let everybody speak again."""
    await _end(work, place)
    work.push(f"{kind}:{place}", "speaking.changed", {"paused": False, "until": None})


def _text(until: datetime | None) -> str | None:
    return rfc3339(until) if until else None


async def _end(work: Work, place: UUID) -> None:
    open_one = (place_pauses.c.place_id == place, place_pauses.c.ended_at.is_(None))
    await work.tx.execute(place_pauses.update().where(*open_one).values(ended_by=work.actor.id, ended_at=work.now))
