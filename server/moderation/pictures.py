"""Pictures in posts: kept by their owner, then part of one post for good, and forgotten where no post took them.

A picture has a row before it has a file, so that no file is ever without a row; it may be used once `bytes` says that
its file is whole. What others see of it is what they see of its post.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.outbox import Event, outside
from server.base.pictures import Picture
from server.base.work import Work
from server.moderation.screened import deny_list
from server.moderation.tables import pictures
from server.rules.refusal import Article, Refusal
from server.screening import screen

if TYPE_CHECKING:
    from server.base.office import Office

IN_A_POST = 4
WAITING = 20
"""Most pictures that somebody may have in no post yet."""

KEPT = timedelta(days=1)
"""How long a picture waits for its post."""

_SWEPT = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture of a post (None: of none yet); `bytes` None while its file is not whole."""

    id: UUID
    owner: UUID
    post: UUID | None
    place: int
    key: str
    alt: str
    width: int
    height: int
    bytes: int | None
    made_at: datetime


async def check_room(tx: AsyncConnection, owner: UUID) -> None:
    """Refuse `picture.too_many` where somebody has as many pictures without a post as one may have."""
    mine = (pictures.c.owner == owner, pictures.c.post.is_(None))
    waiting = await tx.scalar(sa.select(sa.func.count()).select_from(pictures).where(*mine))
    if (waiting or 0) >= WAITING:
        raise Refusal("picture.too_many", status=409)


async def announce(work: Work, made: Picture, alt: str) -> Kept:
    """A row for a picture whose file comes next; refuses `picture.description` and `picture.too_many`."""
    if screen(alt, deny_list()).decision != "pass":
        raise Refusal("picture.description", status=422, field="alt", basis=Article(12))
    assert work.actor.id is not None
    await check_room(work.tx, work.actor.id)
    key = f"pictures/{token_hex(16)}.webp"
    found = Kept(work.id(), work.actor.id, None, 0, key, alt, made.width, made.height, None, work.now)
    await work.tx.execute(pictures.insert().values({name: getattr(found, name) for name in Kept.__slots__}))
    return found


async def whole(work: Work, picture: UUID, size: int) -> None:
    """Its file is kept."""
    await work.tx.execute(pictures.update().where(pictures.c.id == picture).values(bytes=size))


async def attach(work: Work, post: UUID, chosen: Sequence[UUID]) -> None:
    """Make own pictures part of a post, in this order; refuses `picture.unknown` of any other."""
    for place, picture in enumerate(chosen):
        mine = (pictures.c.id == picture, pictures.c.owner == work.actor.id, pictures.c.bytes.is_not(None))
        free = pictures.update().where(*mine, pictures.c.post.is_(None)).values(post=post, place=place)
        if not (await work.tx.execute(free)).rowcount:
            raise Refusal("picture.unknown", status=404)
    await work.fail("picture.after_attach")


async def by_id(tx: AsyncConnection, picture: UUID) -> Kept | None:
    row = (await tx.execute(sa.select(pictures).where(pictures.c.id == picture))).first()
    return Kept(**row._mapping) if row else None


async def of_posts(tx: AsyncConnection, posts: Collection[UUID]) -> dict[UUID, list[Kept]]:
    """The pictures of each of these posts, in their order."""
    query = sa.select(pictures).where(pictures.c.post.in_(posts)).order_by(pictures.c.place)
    found: dict[UUID, list[Kept]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row.post].append(Kept(**row._mapping))
    return found


async def sweep(work: Work) -> int:
    """Periodic: forget pictures that no post has taken; their number."""
    due = (pictures.c.post.is_(None), pictures.c.made_at < work.now - KEPT)
    rows = (await work.tx.execute(sa.select(pictures.c.id, pictures.c.key).where(*due).limit(_SWEPT))).all()
    for row in rows:
        await work.tx.execute(pictures.delete().where(pictures.c.id == row.id))
        work.emit(Event("picture.forgotten", str(row.id), {"key": row.key}))
    return len(rows)


@outside
async def delete_file(office: "Office", event: Event) -> None:
    """Reaction to `picture.forgotten`."""
    await office.services.files.delete(event.data["key"])
