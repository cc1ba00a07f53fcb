"""The tables of the ledger and their SQL: rows are only appended; the database itself refuses the rest (rules §4)."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.base.db import HoursColumn, Id, Instant, metadata
from server.hours.store import Tx
from server.rules.ledger import Facts, Row, RowKind
from server.rules.words import ActivityKind, Nature, Pseudonym

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("learner", Id(), nullable=False),
    sa.Column("chain_seq", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("hours", HoursColumn(), nullable=False),
    sa.Column("nature", sa.String(16), nullable=False),
    sa.Column("makeup", sa.Boolean, nullable=False),
    sa.Column("activity_kind", sa.String(16), nullable=False),
    sa.Column("activity", Id(), nullable=False),
    sa.Column("evidence", sa.String(80), nullable=False),
    sa.Column("policy_version", sa.String(80), nullable=False),
    sa.Column("rules_version", sa.Integer, nullable=False),
    sa.Column("actor", Id()),
    sa.Column("reason", sa.String(96), nullable=False),
    sa.Column("at", Instant(), nullable=False),
    sa.Column("previous", sa.LargeBinary(32), nullable=False),
    sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
    sa.UniqueConstraint("learner", "chain_seq"),
    sa.Index("ix_ledger_learner_activity", "learner", "activity"),
    sa.Index("ix_ledger_at", "at", "id"),
)

CHAINS_AT_ONCE = 500
"""Chains read in one statement."""

index = sa.Table(
    "ledger_index",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entry", Id(), sa.ForeignKey("ledger.id"), nullable=False),
    sa.UniqueConstraint("entry"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A ledger row with its identifier."""

    id: UUID
    row: Row

    @property
    def facts(self) -> Facts:
        return self.row.facts


async def last(tx: Tx, learner: Pseudonym) -> Row | None:
    """The end of a learner's chain."""
    newest = sa.select(ledger).where(ledger.c.learner == learner).order_by(ledger.c.chain_seq.desc()).limit(1)
    found = (await tx.execute(newest)).one_or_none()
    return _entry(found).row if found else None


async def append(tx: Tx, entry: Entry) -> None:
    """Write the row at the end of its chain; two writers for one place collide on the unique key."""
    await tx.execute(ledger.insert().values(values_of(entry)))


async def by_id(tx: Tx, entry: UUID) -> Entry | None:
    found = (await tx.execute(sa.select(ledger).where(ledger.c.id == entry))).one_or_none()
    return _entry(found) if found else None


async def chain(tx: Tx, learner: Pseudonym, year: int | None = None) -> list[Entry]:
    """A learner's rows in their order, of one year or all."""
    query = sa.select(ledger).where(ledger.c.learner == learner).order_by(ledger.c.chain_seq)
    if year is not None:
        query = query.where(ledger.c.year == year)
    return [_entry(each) for each in await tx.execute(query)]


async def of_activity(tx: Tx, learner: Pseudonym, activity: UUID) -> list[Entry]:
    """A learner's rows for one activity."""
    of_it = sa.and_(ledger.c.learner == learner, ledger.c.activity == activity)
    return [_entry(each) for each in await tx.execute(sa.select(ledger).where(of_it).order_by(ledger.c.chain_seq))]


async def credited(tx: Tx, learner: Pseudonym, activity: UUID) -> Decimal:
    """What the ledger holds as earned by an activity.

    A revocation is about conduct and leaves what was assessed alone, so that no later assessment
    can give back what it took.
    """
    kinds = [RowKind.CREDIT.value, RowKind.CORRECTION.value]
    rows = sa.select(ledger.c.hours).where(
        ledger.c.learner == learner, ledger.c.activity == activity, ledger.c.kind.in_(kinds)
    )
    return sum((each.hours for each in await tx.execute(rows)), Decimal(0))


async def given_by(tx: Tx, learners: Collection[Pseudonym], activities: Collection[UUID]) -> dict[Pseudonym, Decimal]:
    """What the ledger holds for each of these learners as earned by all of these activities together."""
    kinds = [RowKind.CREDIT.value, RowKind.CORRECTION.value]
    of_them = (ledger.c.learner.in_(list(learners)), ledger.c.activity.in_(list(activities)))
    where = (*of_them, ledger.c.kind.in_(kinds))
    found: dict[Pseudonym, Decimal] = {}
    for each in await tx.execute(sa.select(ledger.c.learner, ledger.c.hours).where(*where)):
        found[Pseudonym(each.learner)] = found.get(Pseudonym(each.learner), Decimal(0)) + each.hours
    return found


async def chains(tx: Tx) -> AsyncIterator[list[Entry]]:
    """All chains, one learner after another."""
    names = (await tx.scalars(sa.select(ledger.c.learner).distinct().order_by(ledger.c.learner))).all()
    for first in range(0, len(names), CHAINS_AT_ONCE):
        some = ledger.c.learner.in_(names[first : first + CHAINS_AT_ONCE])
        rows = await tx.execute(sa.select(ledger).where(some).order_by(ledger.c.learner, ledger.c.chain_seq))
        for _, of_one in groupby(map(_entry, rows), key=lambda each: each.facts.learner):
            yield list(of_one)


async def heads(tx: Tx) -> list[tuple[UUID, int, bytes]]:
    """The end of every chain: learner, number and hash of its last row, in the order of the learners."""
    last_of = sa.select(ledger.c.learner, sa.func.max(ledger.c.chain_seq).label("last")).group_by(ledger.c.learner)
    ends = last_of.subquery()
    is_end = sa.and_(ends.c.learner == ledger.c.learner, ends.c.last == ledger.c.chain_seq)
    query = sa.select(ledger.c.learner, ledger.c.chain_seq, ledger.c.leaf_hash).join(ends, is_end)
    rows = await tx.execute(query.order_by(ledger.c.learner))
    return [(each.learner, each.chain_seq, bytes(each.leaf_hash)) for each in rows]


async def total(tx: Tx) -> int:
    """The hours of all rows together, in hundredths."""
    return int(await tx.scalar(sa.select(sa.type_coerce(sa.func.sum(ledger.c.hours), sa.Integer))) or 0)


async def size(tx: Tx) -> int:
    """How many rows the index has placed."""
    top = await tx.scalar(sa.select(sa.func.max(index.c.position)))
    return 0 if top is None else int(top) + 1


async def head(tx: Tx) -> tuple[int, bytes] | None:
    """The last place of the common order, from 0, with the hash of its row; None before the first."""
    query = sa.select(index.c.position, ledger.c.leaf_hash).join(ledger, ledger.c.id == index.c.entry)
    found = (await tx.execute(query.order_by(index.c.position.desc()).limit(1))).one_or_none()
    return (int(found.position), bytes(found.leaf_hash)) if found else None


async def newest_placed(tx: Tx) -> datetime | None:
    """When the row in the last place was written."""
    top = sa.select(sa.func.max(index.c.position)).scalar_subquery()
    query = sa.select(ledger.c.at).join(index, index.c.entry == ledger.c.id).where(index.c.position == top)
    found: datetime | None = await tx.scalar(query)
    return found


async def unplaced(
    tx: Tx, *, limit: int, since: datetime | None = None, until: datetime | None = None
) -> Sequence[UUID]:
    """Rows written between two moments that have no place in the index yet, oldest first."""
    query = sa.select(ledger.c.id).outerjoin(index, index.c.entry == ledger.c.id).where(index.c.entry.is_(None))
    if since is not None:
        query = query.where(ledger.c.at >= since)
    if until is not None:
        query = query.where(ledger.c.at < until)
    return (await tx.scalars(query.order_by(ledger.c.at, ledger.c.id).limit(limit))).all()


async def place(tx: Tx, first: int, entries: Iterable[UUID]) -> None:
    """Give rows the next places of the common order."""
    rows = [{"position": first + number, "entry": each} for number, each in enumerate(entries)]
    if rows:
        await tx.execute(index.insert(), rows)


async def placed(tx: Tx) -> list[tuple[int, bytes]]:
    """Places and leaf hashes in the common order."""
    query = (
        sa.select(index.c.position, ledger.c.leaf_hash)
        .join(ledger, ledger.c.id == index.c.entry)
        .order_by(index.c.position)
    )
    return [(each.position, bytes(each.leaf_hash)) for each in await tx.execute(query)]


def values_of(entry: Entry) -> dict[str, Any]:
    """A row of the table."""
    facts, row = entry.facts, entry.row
    return {
        "id": entry.id,
        "learner": facts.learner,
        "chain_seq": row.chain_seq,
        "kind": facts.kind.value,
        "year": facts.year,
        "hours": facts.hours,
        "nature": facts.nature.value,
        "makeup": facts.makeup,
        "activity_kind": facts.activity_kind.value,
        "activity": facts.activity,
        "evidence": facts.evidence,
        "policy_version": facts.policy_version,
        "rules_version": facts.rules_version,
        "actor": facts.actor,
        "reason": facts.reason,
        "at": facts.at,
        "previous": row.previous,
        "leaf_hash": row.leaf_hash,
    }


def _entry(found: Any) -> Entry:
    facts = Facts(
        kind=RowKind(found.kind),
        learner=Pseudonym(found.learner),
        year=found.year,
        hours=found.hours,
        nature=Nature(found.nature),
        makeup=found.makeup,
        activity_kind=ActivityKind(found.activity_kind),
        activity=found.activity,
        evidence=found.evidence,
        policy_version=found.policy_version,
        rules_version=found.rules_version,
        actor=Pseudonym(found.actor) if found.actor else None,
        reason=found.reason,
        at=found.at,
    )
    return Entry(found.id, Row(facts, found.chain_seq, bytes(found.previous), bytes(found.leaf_hash)))
