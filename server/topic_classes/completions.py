"""Completions with `on_completion` in SQL: what each rests on, one row for each learner (rules §3.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.rules.topic_class import DISCUSSION, Condition
from server.topic_classes.tables import topic_completions

Judged = tuple[tuple[UUID, bool], ...]
"""The live classes that conditions are about, each with whether it is needed."""


_NAMED = 500
"""Up to so many members are named in a query; beyond, all of the topic class are read."""


@dataclass(frozen=True, slots=True)
class Completion:
    """The conditions of a member as they were last judged; `hours` are the planned ones.

    `version` rises with every new result; `complete` turns false when the evidence no longer meets a condition.
    `judged`: the live classes of the plan at that time. `year` is the academic year for which it counts, None for none.
    """

    id: UUID
    topic_class: UUID
    account: UUID
    version: int
    complete: bool
    hours: Decimal
    conditions: tuple[Condition, ...]
    judged: Judged
    year: int | None
    makeup: bool
    policy_version: str
    rules_version: int
    at: datetime

    @property
    def asked_posts(self) -> int:
        """How many published posts were asked for."""
        return next((int(each.asked) for each in self.conditions if each.name == DISCUSSION), 0)


async def of_member(tx: AsyncConnection, topic_class: UUID, account: UUID) -> Completion | None:
    where = (topic_completions.c.topic_class == topic_class, topic_completions.c.account == account)
    row = (await tx.execute(sa.select(topic_completions).where(*where))).one_or_none()
    return _completion(row) if row else None


async def of_members(tx: AsyncConnection, topic_class: UUID, accounts: Sequence[UUID]) -> dict[UUID, Completion]:
    """The completions of some members, by account."""
    query = sa.select(topic_completions).where(topic_completions.c.topic_class == topic_class)
    if len(accounts) <= _NAMED:
        query = query.where(topic_completions.c.account.in_(list(accounts)))
    return {row.account: _completion(row) for row in await tx.execute(query)}


async def save(tx: AsyncConnection, found: Completion) -> None:
    """Write a completion in the place of the one before; `version` 1 is the first."""
    values = {name: getattr(found, name) for name in Completion.__slots__}
    values["judged"] = [[str(id), needed] for id, needed in found.judged]
    values["conditions"] = [[each.name, str(each.reached), str(each.asked)] for each in found.conditions]
    if found.version == 1:
        await tx.execute(topic_completions.insert().values(**values))
        return
    seen = (topic_completions.c.id == found.id, topic_completions.c.version == found.version - 1)
    changed = await tx.execute(topic_completions.update().where(*seen).values(**values))
    if changed.rowcount != 1:
        raise RuntimeError(f"completion {found.id} was changed meanwhile")


def _completion(row: Any) -> Completion:
    met = tuple(Condition(name, Decimal(reached), Decimal(asked)) for name, reached, asked in row.conditions)
    judged = tuple((UUID(id), needed) for id, needed in row.judged)
    return Completion(**{**row._mapping, "conditions": met, "judged": judged})
