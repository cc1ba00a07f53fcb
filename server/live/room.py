"""The room of a class as one enters it: the class, what was said, who is here, what I may say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Actor
from server.live import publish_store
from server.live.store import LiveClass
from server.live.streams import stream_of
from server.live.watch import refuse_excluded
from server.moderation import sanction
from server.moderation import store as posts
from server.moderation.tell import shown

LATEST = 100
"""Posts of a snapshot."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`posts` as the one who asks reads them; `source`: who sends the pictures now, told to staff alone."""

    posts: list[dict[str, Any]]
    muted_until: datetime | None
    source: str | None


async def enter(tx: AsyncConnection, actor: Actor, lesson: LiveClass, now: datetime) -> Snapshot:
    """The room of `lesson` now; who was excluded is not let in while the class lasts."""
    assert actor.id is not None
    mine = await sanction.of_person(tx, actor.id)
    refuse_excluded(mine, lesson, now)
    said = await posts.in_place(tx, "class", lesson.id, actor.id, limit=LATEST)
    silence = sanction.silence_of(mine, (lesson.id,), now)
    sends = await publish_store.publisher(tx, stream_of(lesson.id)) if actor.id in lesson.staff else None
    return Snapshot(
        await shown(tx, said, actor.id),
        muted_until=(silence.until or lesson.ends_at) if silence else None,
        source=sends.source if sends and sends.sends(now) else None,
    )
