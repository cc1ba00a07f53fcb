"""Who publishes a class, by which key, which prepared video, and what media has already said, in SQL."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import insert_ignoring
from server.live.tables import encoder_keys, media_news, prepared_videos, publishers

BROWSER, ENCODER, PREPARED = "browser", "encoder", "prepared"

LINE_SILENT = timedelta(seconds=15)
"""Media tells of every line each 5 s."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who was last let in to publish a stream, and since when the line stands.

    `studio` names the page that asked, `run` the publisher as media knows it, `heard_at` when media last
    said how its line is; of a prepared video it says nothing.
    """

    stream: str
    class_id: UUID
    source: str
    account: UUID | None
    studio: UUID | None
    device: str
    asked_at: datetime
    run: str | None
    connected_at: datetime | None
    heard_at: datetime | None

    def sends(self, now: datetime) -> bool:
        """Whether it publishes now; one of whom media has said nothing for long went away with media itself."""
        if self.connected_at is None:
            return False
        return self.source == PREPARED or now - (self.heard_at or self.connected_at) < LINE_SILENT


@dataclass(frozen=True, slots=True)
class EncoderKey:
    """A key by which an encoder publishes one class; of the key itself only the SHA-256 is kept."""

    id: UUID
    class_id: UUID
    key_sha256: bytes
    made_by: UUID
    made_at: datetime
    revoked_by: UUID | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PreparedVideo:
    """A video that may be played as the class; `file` names it in the data folder."""

    class_id: UUID
    file: UUID
    bytes: int
    given_by: UUID
    given_at: datetime


async def publisher(tx: AsyncConnection, stream: str) -> Publisher | None:
    row = (await tx.execute(sa.select(publishers).where(publishers.c.stream == stream))).first()
    return Publisher(**row._mapping) if row else None


async def publishers_of(tx: AsyncConnection, class_id: UUID) -> list[Publisher]:
    """Who was let in to publish a class and its rehearsal."""
    rows = await tx.execute(sa.select(publishers).where(publishers.c.class_id == class_id))
    return [Publisher(**row._mapping) for row in rows]


async def sending(tx: AsyncConnection, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those classes of `ids` that somebody publishes now; a rehearsal is none."""
    streams = {str(each): each for each in ids}
    rows = await tx.execute(sa.select(publishers).where(publishers.c.stream.in_(list(streams))))
    found = [Publisher(**row._mapping) for row in rows]
    return {streams[each.stream] for each in found if each.sends(now)}


async def heard(tx: AsyncConnection, stream: str, run: str, at: datetime) -> None:
    """Media has said how the line of `run` is."""
    where = (publishers.c.stream == stream, publishers.c.run == run)
    await tx.execute(publishers.update().where(*where).values(heard_at=at))


async def keep_publisher(tx: AsyncConnection, found: Publisher) -> None:
    """The one who publishes, or may, from now on."""
    values = {name: getattr(found, name) for name in Publisher.__slots__}
    if not (await tx.execute(insert_ignoring(tx, publishers).values(values))).rowcount:
        await tx.execute(publishers.update().where(publishers.c.stream == found.stream).values(values))


async def disconnected(tx: AsyncConnection, stream: str, run: str) -> bool:
    """The line of `run` is gone; False when another has long taken its place."""
    where = (publishers.c.stream == stream, publishers.c.run == run, publishers.c.connected_at.is_not(None))
    return bool((await tx.execute(publishers.update().where(*where).values(connected_at=None))).rowcount)


async def add_key(tx: AsyncConnection, key: EncoderKey) -> None:
    await tx.execute(encoder_keys.insert().values({name: getattr(key, name) for name in EncoderKey.__slots__}))


async def key_of(tx: AsyncConnection, class_id: UUID) -> EncoderKey | None:
    """The one key of a class that holds now."""
    where = (encoder_keys.c.class_id == class_id, encoder_keys.c.revoked_at.is_(None))
    row = (await tx.execute(sa.select(encoder_keys).where(*where))).first()
    return EncoderKey(**row._mapping) if row else None


async def key_by_sha256(tx: AsyncConnection, digest: bytes) -> EncoderKey | None:
    """The key with that SHA-256, unless it was revoked."""
    where = (encoder_keys.c.key_sha256 == digest, encoder_keys.c.revoked_at.is_(None))
    row = (await tx.execute(sa.select(encoder_keys).where(*where))).first()
    return EncoderKey(**row._mapping) if row else None


async def revoke_key(tx: AsyncConnection, key_id: UUID, by: UUID | None, at: datetime) -> None:
    update = encoder_keys.update().where(encoder_keys.c.id == key_id)
    await tx.execute(update.values(revoked_by=by, revoked_at=at))


async def prepared(tx: AsyncConnection, class_id: UUID) -> PreparedVideo | None:
    row = (await tx.execute(sa.select(prepared_videos).where(prepared_videos.c.class_id == class_id))).first()
    return PreparedVideo(**row._mapping) if row else None


async def keep_prepared(tx: AsyncConnection, video: PreparedVideo) -> None:
    """The video of a class; it takes the place of the one before."""
    values: dict[str, Any] = {name: getattr(video, name) for name in PreparedVideo.__slots__}
    await tx.execute(prepared_videos.delete().where(prepared_videos.c.class_id == video.class_id))
    await tx.execute(prepared_videos.insert().values(values))


async def first_word(tx: AsyncConnection, id: str, stream: str, name: str, at: datetime) -> bool:
    """Note a piece of news of media; False when it was taken before."""
    row = {"id": id, "stream": stream, "name": name, "taken_at": at}
    return bool((await tx.execute(insert_ignoring(tx, media_news).values(row))).rowcount)


async def forget_news(tx: AsyncConnection, before: datetime) -> None:
    """Drop the notes of news that media no longer repeats."""
    await tx.execute(media_news.delete().where(media_news.c.taken_at < before))
