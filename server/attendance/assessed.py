"""Assessments in SQL: one row for each learner and activity."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance.tables import assessments
from server.rules.attendance import Assessment
from server.rules.presence import Cut, Reason
from server.rules.stretches import Stretch, Stretches

_NAMED = 500
"""Up to so many learners are named in a query; beyond, all of the classes are read."""


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    """An assessment with whose it is, of what, and under which policy and rules it was made.

    `version` rises with every new result; `year` is the academic year for which it counts, None for none.
    """

    id: UUID
    account: UUID
    kind: str
    class_id: UUID
    version: int
    year: int | None
    makeup: bool
    planned_minutes: int
    policy_version: str
    rules_version: int
    at: datetime
    result: Assessment

    @property
    def hours(self) -> Decimal:
        return self.result.hours

    @property
    def share(self) -> Decimal:
        return self.result.share

    @property
    def air_ms(self) -> int:
        return self.result.air_ms

    @property
    def nominal_ms(self) -> int:
        return self.result.nominal_ms

    @property
    def verified_ms(self) -> int:
        return self.result.verified_ms

    @property
    def missing_ms(self) -> int:
        return self.result.missing_ms


async def assessment(tx: AsyncConnection, account: UUID, class_id: UUID) -> StoredAssessment | None:
    """The assessment of a learner in a class; None before the first."""
    query = sa.select(assessments).where(assessments.c.account == account, assessments.c.activity == class_id)
    row = (await tx.execute(query)).one_or_none()
    return _stored(row) if row else None


async def assessments_of(tx: AsyncConnection, account: UUID, year: int) -> list[StoredAssessment]:
    """All assessments of a learner that count for a year."""
    query = sa.select(assessments).where(assessments.c.account == account, assessments.c.year == year)
    return [_stored(row) for row in await tx.execute(query.order_by(assessments.c.id))]


async def assessments_of_class(tx: AsyncConnection, class_id: UUID) -> list[StoredAssessment]:
    """The assessments of all who stayed in a class."""
    query = sa.select(assessments).where(assessments.c.activity == class_id).order_by(assessments.c.account)
    return [_stored(row) for row in await tx.execute(query)]


async def assessments_in(
    tx: AsyncConnection, class_ids: Collection[UUID], accounts: Collection[UUID]
) -> list[StoredAssessment]:
    """The assessments of some learners in some classes."""
    query = sa.select(assessments).where(assessments.c.activity.in_(list(class_ids)))
    if len(accounts) <= _NAMED:
        query = query.where(assessments.c.account.in_(list(accounts)))
    wanted = set(accounts)
    return [_stored(row) for row in await tx.execute(query.order_by(assessments.c.id)) if row.account in wanted]


async def save(tx: AsyncConnection, stored: StoredAssessment) -> None:
    """Write an assessment in the place of the one before; `version` 1 is the first."""
    values = values_of(stored)
    if stored.version == 1:
        await tx.execute(assessments.insert().values(**values))
        return
    changed = await tx.execute(
        assessments.update()
        .where(assessments.c.id == stored.id, assessments.c.version == stored.version - 1)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"assessment {stored.id} was changed meanwhile")


def values_of(stored: StoredAssessment) -> dict[str, Any]:
    """A row of the table."""
    result = stored.result
    return {
        "id": stored.id,
        "account": stored.account,
        "activity_kind": stored.kind,
        "activity": stored.class_id,
        "version": stored.version,
        "year": stored.year,
        "makeup": stored.makeup,
        "planned_minutes": stored.planned_minutes,
        "air_ms": result.air_ms,
        "nominal_ms": result.nominal_ms,
        "verified_ms": result.verified_ms,
        "hours": result.hours,
        "stretches": {
            "air": _pairs(result.air),
            "verified": _pairs(result.verified),
            "repaired": _pairs(result.repaired),
            "missing": _pairs(result.missing),
            "cuts": [[cut.media.from_ms, cut.media.until_ms, cut.reason.value] for cut in result.cuts],
        },
        "policy_version": stored.policy_version,
        "rules_version": stored.rules_version,
        "at": stored.at,
    }


def _stored(row: Any) -> StoredAssessment:
    return StoredAssessment(
        id=row.id,
        account=row.account,
        kind=row.activity_kind,
        class_id=row.activity,
        version=row.version,
        year=row.year,
        makeup=row.makeup,
        planned_minutes=row.planned_minutes,
        policy_version=row.policy_version,
        rules_version=row.rules_version,
        at=row.at,
        result=_result(row),
    )


def _result(row: Any) -> Assessment:
    stretches = row.stretches
    return Assessment(
        verified=_stretches(stretches["verified"]),
        repaired=_stretches(stretches["repaired"]),
        missing=_stretches(stretches["missing"]),
        cuts=tuple(Cut(Stretch(begin, end), Reason(reason)) for begin, end, reason in stretches["cuts"]),
        air=_stretches(stretches["air"]),
        verified_ms=row.verified_ms,
        air_ms=row.air_ms,
        nominal_ms=row.nominal_ms,
        share=Decimal(row.verified_ms) / row.air_ms if row.air_ms else Decimal(0),
        hours=row.hours,
    )


def _pairs(stretches: Stretches) -> list[list[int]]:
    return [[each.from_ms, each.until_ms] for each in stretches]


def _stretches(pairs: Sequence[Sequence[int]]) -> Stretches:
    return tuple(Stretch(begin, end) for begin, end in pairs)
