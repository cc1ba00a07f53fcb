"""The room of a class as one enters it: the class, what was said, who is here, what I may say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Actor
from server.live import publish_store, store
from server.live.store import LiveClass
from server.live.streams import stream_of
from server.live.watch import check_admitted
from server.moderation import sanction
from server.moderation import store as posts
from server.moderation.tell import shown
from server.rules.refusal import unknown

LATEST = 100
"""Posts of a snapshot."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`posts` as the one who asks reads them; `source`: who sends the pictures now, told to staff alone."""

    lesson: LiveClass
    posts: list[dict[str, Any]]
    muted_until: datetime | None
    source: str | None


async def enter(tx: AsyncConnection, actor: Actor, class_id: UUID, now: datetime) -> Snapshot:
    """The room now; who was excluded is not let in while the class lasts."""
    lesson = await store.by_id(tx, class_id)
    if lesson is None or actor.id is None:
        raise unknown("class")
    await check_admitted(tx, actor, lesson, now)
    said = await posts.in_place(tx, "class", class_id, actor.id, limit=LATEST)
    silence = await sanction.silenced(tx, actor.id, (class_id,), now)
    sends = await publish_store.publisher(tx, stream_of(class_id)) if actor.id in lesson.staff else None
    return Snapshot(
        lesson,
        await shown(tx, said, actor.id),
        muted_until=(silence.until or lesson.ends_at) if silence else None,
        source=sends.source if sends and sends.sends(now) else None,
    )
