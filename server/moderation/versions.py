"""The texts that a post had before its author changed it: all of them are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.moderation.tables import post_versions


@dataclass(frozen=True, slots=True)
class Version:
    """A text that a post had until `replaced_at`."""

    post: UUID
    number: int
    text: str
    replaced_at: datetime


async def keep(tx: AsyncConnection, post: UUID, text: str, at: datetime) -> None:
    """Keep the text that a post had until now."""
    number = sa.select(sa.func.coalesce(sa.func.max(post_versions.c.number), 0) + 1).where(post_versions.c.post == post)
    found = (await tx.execute(number)).scalar_one()
    await tx.execute(post_versions.insert().values(post=post, number=found, text=text, replaced_at=at))


async def of_post(tx: AsyncConnection, post: UUID) -> list[Version]:
    """Earlier texts of a post, oldest first."""
    query = sa.select(post_versions).where(post_versions.c.post == post).order_by(post_versions.c.number)
    return [Version(**row._mapping) for row in await tx.execute(query)]


async def nth_newest(tx: AsyncConnection, post: UUID, number: int) -> datetime | None:
    """When the last change but `number` - 1 of a post was made; None where there are fewer."""
    query = sa.select(post_versions.c.replaced_at).where(post_versions.c.post == post)
    found: datetime | None = await tx.scalar(query.order_by(post_versions.c.number.desc()).offset(number - 1).limit(1))
    return found


async def edited(tx: AsyncConnection, posts: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of these posts was last changed, where it was."""
    query = sa.select(post_versions.c.post, sa.func.max(post_versions.c.replaced_at).label("at"))
    rows = await tx.execute(query.where(post_versions.c.post.in_(posts)).group_by(post_versions.c.post))
    return {row.post: row.at for row in rows}
