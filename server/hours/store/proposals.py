"""Results that the platform does not write by itself: lower ones and late ones go to a person (rules §3.6, §5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.base.db import HoursColumn, Id, Instant, metadata
from server.hours.store import Tx
from server.rules.powers import Scope, ScopeKind
from server.rules.words import ActivityKind, Nature, Pseudonym


class ProposalKind(StrEnum):
    """Why a person has to decide."""

    LOWER = "lower"
    LATE = "late"


class ProposalState(StrEnum):
    """What became of a proposal; `withdrawn` when the evidence no longer says so."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A difference between the ledger and an assessment that waits for a decision; hours are signed."""

    id: UUID
    kind: ProposalKind
    state: ProposalState
    account: UUID
    authority_path: str
    learner: Pseudonym
    activity_kind: ActivityKind
    activity: UUID
    year: int
    nature: Nature
    makeup: bool
    held: Decimal
    assessed: Decimal
    policy_version: str
    rules_version: int
    made_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    salt: bytes | None = None
    entry: UUID | None = None

    @property
    def hours(self) -> Decimal:
        return self.assessed - self.held


table = sa.Table(
    "hours_proposals",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("account", Id(), nullable=False),
    sa.Column("authority_path", sa.String(512), nullable=False),
    sa.Column("learner", Id(), nullable=False),
    sa.Column("activity_kind", sa.String(16), nullable=False),
    sa.Column("activity", Id(), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("nature", sa.String(16), nullable=False),
    sa.Column("makeup", sa.Boolean, nullable=False),
    sa.Column("held", HoursColumn(), nullable=False),
    sa.Column("assessed", HoursColumn(), nullable=False),
    sa.Column("policy_version", sa.String(80), nullable=False),
    sa.Column("rules_version", sa.Integer, nullable=False),
    sa.Column("made_at", Instant(), nullable=False),
    sa.Column("decided_by", Id()),
    sa.Column("decided_at", Instant()),
    sa.Column("reason", sa.String(1000)),
    sa.Column("salt", sa.LargeBinary(16)),
    sa.Column("entry", Id(), sa.ForeignKey("ledger.id")),
    sa.Index("ix_hours_proposals_learner_activity", "learner", "activity"),
    sa.Index("ix_hours_proposals_state", "state", "id"),
)

_ENUMS = {"kind": ProposalKind, "state": ProposalState, "activity_kind": ActivityKind, "nature": Nature}


async def by_id(tx: Tx, proposal: UUID) -> Proposal | None:
    found = (await tx.execute(sa.select(table).where(table.c.id == proposal))).one_or_none()
    return _proposal(found) if found else None


async def of_activity(tx: Tx, learner: Pseudonym, activity: UUID) -> list[Proposal]:
    """All proposals about what a learner has of an activity, oldest first."""
    of_it = sa.and_(table.c.learner == learner, table.c.activity == activity)
    return [_proposal(each) for each in await tx.execute(sa.select(table).where(of_it).order_by(table.c.id))]


async def waiting(tx: Tx, scopes: Sequence[Scope], limit: int = 200) -> list[Proposal]:
    """Proposals that wait for a decision on people managed within `scopes`, oldest first."""
    query = sa.select(table).where(
        table.c.state == ProposalState.WAITING.value, managed(table.c.authority_path, scopes)
    )
    return [_proposal(each) for each in await tx.execute(query.order_by(table.c.id).limit(limit))]


def managed(path: sa.Column[str], scopes: Sequence[Scope]) -> sa.ColumnElement[bool]:
    """Whether the managing authority at `path` lies within one of the scopes (Article 16)."""
    if any(each.kind is ScopeKind.ALL for each in scopes):
        return sa.true()
    tops = [each.path for each in scopes if each.kind in (ScopeKind.UNIT, ScopeKind.AUTHORITY) and each.path]
    return sa.or_(sa.false(), *(path.startswith(top, autoescape=True) for top in tops))


async def reasons(tx: Tx, entries: Sequence[UUID]) -> dict[UUID, str]:
    """The words of who decided, by the ledger row that came of it."""
    query = sa.select(table.c.entry, table.c.reason).where(table.c.entry.in_(entries), table.c.reason.is_not(None))
    return {each.entry: each.reason for each in await tx.execute(query)}


async def add(tx: Tx, proposal: Proposal) -> None:
    await tx.execute(table.insert().values(_values(proposal)))


async def close(tx: Tx, proposal: Proposal, state: ProposalState, **decision: Any) -> Proposal | None:
    """Move a waiting proposal on; None when somebody else was first."""
    closed = replace(proposal, state=state, **decision)
    still = sa.and_(table.c.id == proposal.id, table.c.state == ProposalState.WAITING.value)
    changed = await tx.execute(table.update().where(still).values(_values(closed)))
    return closed if changed.rowcount else None


def _values(proposal: Proposal) -> dict[str, Any]:
    values = {each.name: getattr(proposal, each.name) for each in table.c}
    return {name: str(value) if name in _ENUMS else value for name, value in values.items()}


def _proposal(found: Any) -> Proposal:
    values = found._asdict()
    return Proposal(**(values | {name: kind(values[name]) for name, kind in _ENUMS.items()}))
