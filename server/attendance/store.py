"""Stays, earning, presence checks, signs and closings in SQL; rows in, frozen values out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance.assessed import (
    StoredAssessment,
    assessment,
    assessments_in,
    assessments_of,
    assessments_of_class,
)
from server.attendance.evidence import all_studied, check_of, evidence_of, refused_count
from server.attendance.tables import checks, closings, earners, earnings, signs, stays
from server.base.db import insert_ignoring
from server.rules.checks import Check, Outcome
from server.rules.presence import Reason

__all__ = [
    "AskedCheck",
    "Earner",
    "Stay",
    "StoredAssessment",
    "all_studied",
    "assessment",
    "assessments_in",
    "assessments_of",
    "assessments_of_class",
    "evidence_of",
    "refused_count",
]

CLASS = "class"


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit of one learner to one activity on one device (one page load)."""

    id: UUID
    account: UUID
    kind: str
    activity: UUID
    device: str
    session: str
    opened_ms: int
    ended_ms: int | None
    dirty: bool


@dataclass(frozen=True, slots=True)
class Earner:
    """The stay that earns for a learner, since when."""

    stay: UUID
    since_ms: int


@dataclass(frozen=True, slots=True)
class AskedCheck:
    """A presence check as the rules know it, and of whom it was asked where."""

    id: UUID
    account: UUID
    activity: UUID
    stay: UUID
    check: Check


# --- stays ---------------------------------------------------------------------------------------


async def add_stay(tx: AsyncConnection, stay: Stay) -> None:
    values = {name: getattr(stay, name) for name in ("id", "account", "activity", "device", "session", "opened_ms")}
    more = {"activity_kind": stay.kind, "ended_ms": stay.ended_ms, "dirty": stay.dirty}
    await tx.execute(_ADD_STAY, values | more)


_ADD_STAY = stays.insert()


async def stay_by_id(tx: AsyncConnection, stay_id: UUID) -> Stay | None:
    found = await stays_by_ids(tx, [stay_id])
    return found.get(stay_id)


async def stays_by_ids(tx: AsyncConnection, stay_ids: Iterable[UUID]) -> dict[UUID, Stay]:
    rows = await tx.execute(_BY_IDS, {"stays": list(stay_ids)})
    return {row.id: _stay(row) for row in rows}


_BY_IDS = sa.select(stays).where(stays.c.id.in_(sa.bindparam("stays", expanding=True)))


async def stays_of_class(tx: AsyncConnection, activity: UUID) -> list[Stay]:
    """Every stay in an activity, by learner."""
    query = sa.select(stays).where(stays.c.activity == activity).order_by(stays.c.account, stays.c.id)
    return [_stay(row) for row in await tx.execute(query)]


async def count_stays(tx: AsyncConnection, account: UUID, activity: UUID) -> int:
    return int((await tx.execute(_COUNT, {"account": account, "activity": activity})).scalar_one())


_COUNT = (
    sa.select(sa.func.count())
    .select_from(stays)
    .where(stays.c.account == sa.bindparam("account"), stays.c.activity == sa.bindparam("activity"))
)


async def has_stayed(tx: AsyncConnection, account: UUID) -> bool:
    """Whether the learner has ever opened an activity."""
    return await tx.scalar(sa.select(stays.c.id).where(stays.c.account == account).limit(1)) is not None


async def learners_of(tx: AsyncConnection, activity: UUID) -> list[UUID]:
    """The accounts that have stayed in an activity."""
    query = sa.select(stays.c.account).where(stays.c.activity == activity).distinct().order_by(stays.c.account)
    return list((await tx.execute(query)).scalars())


async def stays_of(tx: AsyncConnection, activity: UUID, accounts: Collection[UUID]) -> list[Stay]:
    """The stays of some learners in an activity, oldest first."""
    query = sa.select(stays).where(stays.c.activity == activity, stays.c.account.in_(accounts)).order_by(stays.c.id)
    return [_stay(row) for row in await tx.execute(query)]


async def dirty_stays(tx: AsyncConnection) -> list[Stay]:
    """Stays in closed activities that hold evidence no assessment has seen."""
    query = sa.select(stays).join(closings, closings.c.activity == stays.c.activity)
    return [_stay(row) for row in await tx.execute(query.where(stays.c.dirty, closings.c.done).order_by(stays.c.id))]


async def set_dirty(tx: AsyncConnection, stay_ids: Collection[UUID]) -> None:
    """Mark stays that hold evidence which no assessment has seen."""
    if stay_ids:
        await tx.execute(stays.update().where(stays.c.id.in_(stay_ids), ~stays.c.dirty).values(dirty=True))


async def set_clean(tx: AsyncConnection, stay_ids: Collection[UUID]) -> None:
    """The evidence of these stays is about to be assessed."""
    if stay_ids:
        rows = [{"stay": each} for each in stay_ids]
        await tx.execute(stays.update().where(stays.c.id == sa.bindparam("stay")).values(dirty=False), rows)


async def set_all_clean(tx: AsyncConnection, activity: UUID) -> None:
    await tx.execute(stays.update().where(stays.c.activity == activity).values(dirty=False))


async def end_stay(tx: AsyncConnection, stay_id: UUID, ended_ms: int) -> None:
    await tx.execute(stays.update().where(stays.c.id == stay_id).values(ended_ms=ended_ms, dirty=True))


# --- earning -------------------------------------------------------------------------------------


async def earner(tx: AsyncConnection, account: UUID) -> Earner | None:
    row = (await tx.execute(_EARNER, {"account": account})).one_or_none()
    return Earner(row.stay, row.since_ms) if row else None


_EARNER = sa.select(earners).where(earners.c.account == sa.bindparam("account"))


async def make_earner(tx: AsyncConnection, account: UUID, stay: UUID, since_ms: int, *, anew: bool) -> None:
    """From now on this stay earns for the learner, and no other; `anew`: none did before."""
    if anew:
        await tx.execute(_ADD_EARNER, {"account": account, "stay": stay, "since_ms": since_ms})
    else:
        await tx.execute(earners.update().where(earners.c.account == account).values(stay=stay, since_ms=since_ms))


_ADD_EARNER = earners.insert()


async def add_earning(tx: AsyncConnection, id: UUID, stay: UUID, at_ms: int, held: Reason | None) -> None:
    await tx.execute(_ADD_EARNING, {"id": id, "stay": stay, "at_ms": at_ms, "held": held.value if held else None})


_ADD_EARNING = earnings.insert()


async def last_change(tx: AsyncConnection, stay_ids: Collection[UUID]) -> int | None:
    """When the earning of one of these stays last changed."""
    found: int | None = await tx.scalar(_LAST_CHANGE, {"stays": list(stay_ids)})
    return found


_LAST_CHANGE = sa.select(sa.func.max(earnings.c.at_ms)).where(
    earnings.c.stay.in_(sa.bindparam("stays", expanding=True))
)


# --- presence checks -----------------------------------------------------------------------------


async def add_check(tx: AsyncConnection, asked: AskedCheck) -> None:
    row = {"id": asked.id, "account": asked.account, "activity": asked.activity, "stay": asked.stay}
    await tx.execute(checks.insert().values(**row, **_check_values(asked.check)))


async def save_check(tx: AsyncConnection, asked: AskedCheck) -> None:
    await tx.execute(checks.update().where(checks.c.id == asked.id).values(**_check_values(asked.check)))


async def check_by_id(tx: AsyncConnection, check_id: UUID) -> AskedCheck | None:
    row = (await tx.execute(sa.select(checks).where(checks.c.id == check_id))).one_or_none()
    return _check(row) if row else None


async def checks_of(tx: AsyncConnection, account: UUID, activity: UUID) -> list[AskedCheck]:
    query = sa.select(checks).where(checks.c.account == account, checks.c.activity == activity)
    return [_check(row) for row in await tx.execute(query.order_by(checks.c.asked_ms, checks.c.id))]


async def waiting_checks(tx: AsyncConnection, limit: int) -> list[AskedCheck]:
    """Checks not yet decided, the longest asked first."""
    query = sa.select(checks).where(checks.c.waiting).order_by(checks.c.asked_ms, checks.c.id).limit(limit)
    return [_check(row) for row in await tx.execute(query)]


async def waiting_accounts(tx: AsyncConnection, activity: UUID) -> set[UUID]:
    """Who has a check open in an activity."""
    query = sa.select(checks.c.account).where(checks.c.waiting, checks.c.activity == activity)
    return set((await tx.execute(query)).scalars())


async def add_sign(tx: AsyncConnection, activity: UUID, account: UUID, at_ms: int, kind: str) -> None:
    await tx.execute(insert_ignoring(tx, signs).values(activity=activity, account=account, at_ms=at_ms, kind=kind))


async def last_sign(tx: AsyncConnection, activity: UUID, account: UUID) -> int | None:
    """The latest instant at which the learner was active there."""
    query = sa.select(sa.func.max(signs.c.at_ms)).where(signs.c.activity == activity, signs.c.account == account)
    found: int | None = (await tx.execute(query)).scalar_one_or_none()
    return found


# --- closings ------------------------------------------------------------------------------------


async def add_closing(tx: AsyncConnection, activity: UUID, due_ms: int) -> None:
    await tx.execute(insert_ignoring(tx, closings).values(activity=activity, due_ms=due_ms, done=False))


async def due_closings(tx: AsyncConnection, now_ms: int) -> list[UUID]:
    query = sa.select(closings.c.activity).where(~closings.c.done, closings.c.due_ms <= now_ms)
    return list((await tx.execute(query.order_by(closings.c.due_ms))).scalars())


async def closed_of(tx: AsyncConnection, activities: Collection[UUID]) -> set[UUID]:
    """Those of the activities that have been closed for all."""
    return set((await tx.execute(_CLOSED_OF, {"activities": list(activities)})).scalars())


_CLOSED_OF = sa.select(closings.c.activity).where(
    closings.c.activity.in_(sa.bindparam("activities", expanding=True)), closings.c.done
)


async def finish_closing(tx: AsyncConnection, activity: UUID) -> None:
    await tx.execute(closings.update().where(closings.c.activity == activity).values(done=True))


# --- rows ----------------------------------------------------------------------------------------


def _stay(row: Any) -> Stay:
    return Stay(
        id=row.id,
        account=row.account,
        kind=row.activity_kind,
        activity=row.activity,
        device=row.device,
        session=row.session,
        opened_ms=row.opened_ms,
        ended_ms=row.ended_ms,
        dirty=row.dirty,
    )


def _check(row: Any) -> AskedCheck:
    return AskedCheck(row.id, row.account, row.activity, row.stay, check_of(row))


def _check_values(check: Check) -> dict[str, Any]:
    return {
        "asked_ms": check.asked_ms,
        "answer_s": check.answer_s,
        "shown_ms": check.shown_ms,
        "answered_ms": check.answered_ms,
        "missed_ms": check.missed_ms,
        "withdrawn_ms": check.withdrawn_ms,
        "waiting": check.outcome is Outcome.WAITING,
    }
