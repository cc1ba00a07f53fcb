"""Sanctions on speaking: warning, pause, exclusion from a class; long ones need a second person (rules §7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.clock import rfc3339
from server.base.outbox import Event
from server.base.work import Work
from server.moderation.tables import sanctions
from server.moderation.tell import tell_desk
from server.people import news
from server.people import store as people
from server.rules.conduct import SanctionKind, needs_second_person
from server.rules.refusal import Article, Clause, Refusal, unknown

LISTED = 200
"""Sanctions that the desk lists at once."""


@dataclass(frozen=True, slots=True)
class Sanction:
    """What was decided about a person's speaking; `place_id` None is everywhere; `state` proposed, active, refused."""

    id: UUID
    person: UUID
    unit_path: str
    authority_path: str
    kind: str
    place_kind: str | None
    place_id: UUID | None
    place_name: str | None
    begins_at: datetime
    until: datetime | None
    basis: str
    reason: str
    state: str
    proposed_by: UUID
    proposed_at: datetime
    settled_by: UUID | None
    settled_at: datetime | None
    draft: UUID

    def holds(self, now: datetime) -> bool:
        """Whether it has effect at `now`."""
        return self.state == "active" and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Where:
    """A single place that a sanction is for."""

    kind: str
    id: UUID
    name: str


async def by_id(tx: AsyncConnection, sanction_id: UUID) -> Sanction | None:
    row = (await tx.execute(sa.select(sanctions).where(sanctions.c.id == sanction_id))).first()
    return Sanction(**row._mapping) if row else None


async def _by_draft(tx: AsyncConnection, proposed_by: UUID, draft: UUID) -> Sanction | None:
    mine = (sanctions.c.proposed_by == proposed_by, sanctions.c.draft == draft)
    row = (await tx.execute(sa.select(sanctions).where(*mine))).first()
    return Sanction(**row._mapping) if row else None


async def of_person(tx: AsyncConnection, person: UUID) -> list[Sanction]:
    """All sanctions of a person, newest first."""
    return [Sanction(**row._mapping) for row in (await tx.execute(_OF_PERSON, {"who": person})).all()]


_OF_PERSON = sa.select(sanctions).where(sanctions.c.person == sa.bindparam("who")).order_by(sanctions.c.id.desc())


async def for_desk(tx: AsyncConnection, where: Any) -> list[Sanction]:
    """Proposals, which wait, first; then what is in force or ended lately, within the asker's reach."""
    waiting_first = sa.case((sanctions.c.state == "proposed", 0), else_=1)
    query = sa.select(sanctions).where(where).order_by(waiting_first, sanctions.c.id.desc()).limit(LISTED)
    return [Sanction(**row._mapping) for row in (await tx.execute(query)).all()]


async def silenced(tx: AsyncConnection, person: UUID, places: Collection[UUID], now: datetime) -> Sanction | None:
    """The pause or exclusion that keeps a person from speaking in one of these places now, the longest one."""
    return silence_of(await of_person(tx, person), places, now)


def silence_of(sanctions: Collection[Sanction], places: Collection[UUID], now: datetime) -> Sanction | None:
    """The same among the sanctions of a person."""
    found = [
        each
        for each in sanctions
        if each.holds(now) and each.kind != SanctionKind.WARNING and (each.place_id is None or each.place_id in places)
    ]
    return max(found, key=lambda each: (each.until is None, each.until or now), default=None)


def excludes(sanctions: Collection[Sanction], class_id: UUID, now: datetime) -> bool:
    """Whether one of the sanctions of a person excludes him or her from a class."""
    return any(
        each.holds(now) and each.kind == SanctionKind.EXCLUSION and each.place_id == class_id for each in sanctions
    )


async def check(work: Work, person: UUID, places: Collection[UUID]) -> None:
    """Refuse `mute.active` while the person may not speak here; study and hours are not affected."""
    if (found := await silenced(work.tx, person, places, work.now)) is not None:
        raise Refusal("mute.active", status=403, basis=Article(12), until=rfc3339(found.until) if found.until else None)


async def impose(
    work: Work,
    person_id: UUID,
    kind: SanctionKind,
    where: Where | None,
    until: datetime | None,
    basis: str,
    reason: str,
    draft: UUID,
) -> Sanction:
    """Warn, pause or exclude, once for each draft; longer than `long_sanction_days` it is a proposal without effect."""
    person = await people.person(work.tx, person_id)
    if person is None:
        raise unknown("person")
    if work.actor.id in (None, person_id):
        raise Refusal("power.self", status=403)
    assert work.actor.id is not None
    if (before := await _by_draft(work.tx, work.actor.id, draft)) is not None:
        if before.person != person_id:
            raise Refusal("sanction.draft_used", status=409)
        return before
    if kind is SanctionKind.EXCLUSION and where is None:
        raise Refusal("sanction.no_place", status=422, field="place", basis=Article(12))
    policy = work.services.policies.in_force(work.now)
    long = needs_second_person(kind, work.now, until, policy)
    row = Sanction(
        id=work.id(), person=person_id, unit_path=person.unit_path, authority_path=person.authority_path,
        kind=kind.value, place_kind=where.kind if where else None, place_id=where.id if where else None,
        place_name=where.name if where else None, begins_at=work.now, until=until, basis=basis, reason=reason,
        state="proposed" if long else "active", proposed_by=work.actor.id, proposed_at=work.now,
        settled_by=None, settled_at=None, draft=draft,
    )  # fmt: skip
    await work.tx.execute(sanctions.insert().values({name: getattr(row, name) for name in Sanction.__slots__}))
    await work.fail("sanction.after_row")
    _tell(work, row)
    await tell_desk(work)
    return row


async def settle(work: Work, sanction_id: UUID, *, confirm: bool) -> Sanction:
    """A second person confirms or refuses a long sanction."""
    found = await by_id(work.tx, sanction_id)
    if found is None:
        raise unknown("sanction")
    if work.actor.id in (found.proposed_by, found.person):
        raise Refusal("power.self", status=403, basis=Clause("long_sanction_days"))
    state = "active" if confirm else "refused"
    update = (
        sanctions.update()
        .where(sanctions.c.id == sanction_id, sanctions.c.state == "proposed")
        .values(state=state, settled_by=work.actor.id, settled_at=work.now)
    )
    if not (await work.tx.execute(update)).rowcount:
        raise Refusal("sanction.settled")
    after = await by_id(work.tx, sanction_id)
    assert after is not None
    _tell(work, after)
    await tell_desk(work)
    return after


def _tell(work: Work, found: Sanction) -> None:
    if found.state != "active":
        return
    until = rfc3339(found.until) if found.until else None
    data = {"kind": found.kind, "until": until, "basis": found.basis, "reason": found.reason}
    data["place"] = str(found.place_id) if found.place_id else None
    work.push(f"person:{found.person}", "sanction.imposed", data)
    told = {"person": str(found.person), "kind": found.kind, "until": until, "basis": found.basis}
    work.emit(Event("sanction.begun", str(found.id), told | {"place": found.place_name}))
    if found.kind == SanctionKind.EXCLUSION and found.place_id is not None:
        news.person_changed(work, found.person)
        out = {"account": str(found.person), "classes": [str(found.place_id)]}
        work.emit(Event("class.shut_out", str(found.person), out))
        work.push(f"class:{found.place_id}:staff", "audience.changed", {})
