"""What is still on its way from evidence to the ledger: complete already, and not yet judged or credited."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.outbox import outbox

Waiting = set[tuple[UUID, UUID]]
"""Accounts, each with a live class or a topic class."""

_NAMES = (
    "attendance.due", "attendance.closed", "topic_class.due", "topic_class.assessed", "topic_class.settled",
)  # fmt: skip


async def underway(tx: AsyncConnection) -> Waiting:
    """Accounts and (topic) classes whose evidence is on its way."""
    waiting = sa.select(outbox.c.data).where(outbox.c.done_at.is_(None), outbox.c.name.in_(_NAMES))
    return {
        (UUID(account), UUID(data.get("class") or data["topic_class"]))
        for data in await tx.scalars(waiting)
        for account in (data.get("accounts") or [data["account"]])
    }
