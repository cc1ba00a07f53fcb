"""Questions about hours and their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.base.db import Id, Instant, metadata
from server.hours.store import Tx
from server.hours.store.proposals import managed
from server.rules.powers import Scope

TEXT_MAX = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and its answer once there is one."""

    id: UUID
    account: UUID
    authority_path: str
    class_id: UUID | None
    entry: UUID | None
    text: str
    asked_at: datetime
    due_at: datetime
    answer: str | None = None
    answered_by: UUID | None = None
    answered_at: datetime | None = None


table = sa.Table(
    "hours_questions",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("account", Id(), nullable=False),
    sa.Column("authority_path", sa.String(512), nullable=False),
    sa.Column("class_id", Id()),
    sa.Column("entry", Id(), sa.ForeignKey("ledger.id")),
    sa.Column("text", sa.String(TEXT_MAX), nullable=False),
    sa.Column("asked_at", Instant(), nullable=False),
    sa.Column("due_at", Instant(), nullable=False),
    sa.Column("answer", sa.String(TEXT_MAX)),
    sa.Column("answered_by", Id()),
    sa.Column("answered_at", Instant()),
    sa.Index("ix_hours_questions_account", "account", "id"),
    sa.Index("ix_hours_questions_due", "answered_at", "due_at"),
)


async def by_id(tx: Tx, question: UUID) -> Question | None:
    found = (await tx.execute(sa.select(table).where(table.c.id == question))).one_or_none()
    return Question(**found._asdict()) if found else None


async def own(tx: Tx, account: UUID) -> list[Question]:
    """A learner's own questions, newest first."""
    query = sa.select(table).where(table.c.account == account).order_by(table.c.id.desc()).limit(200)
    return [Question(**each._asdict()) for each in await tx.execute(query)]


async def of_managed(tx: Tx, scopes: Sequence[Scope]) -> list[Question]:
    """Questions of people managed within `scopes`: the open ones, the first due first, then the last answered."""
    of_them = sa.select(table).where(managed(table.c.authority_path, scopes))
    waiting = of_them.where(table.c.answered_at.is_(None)).order_by(table.c.due_at, table.c.id).limit(200)
    answered = of_them.where(table.c.answered_at.is_not(None)).order_by(table.c.answered_at.desc()).limit(50)
    rows = [*await tx.execute(waiting), *await tx.execute(answered)]
    return [Question(**each._asdict()) for each in rows]


async def count_open(tx: Tx, account: UUID) -> int:
    """How many of a learner's questions wait for an answer."""
    of_it = sa.and_(table.c.account == account, table.c.answered_at.is_(None))
    return int(await tx.scalar(sa.select(sa.func.count()).select_from(table).where(of_it)) or 0)


async def add(tx: Tx, question: Question) -> None:
    await tx.execute(table.insert().values(_values(question)))


async def answer(tx: Tx, answered: Question) -> bool:
    """Keep an answer; False when there is one already."""
    still = sa.and_(table.c.id == answered.id, table.c.answered_at.is_(None))
    changed = await tx.execute(table.update().where(still).values(_values(answered)))
    return bool(changed.rowcount)


def _values(question: Question) -> dict[str, Any]:
    return {each.name: getattr(question, each.name) for each in table.c}
