"""What is new in the threads that somebody follows: looked up, so that nothing has to be written for each follower."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.forum import read, store
from server.forum.reader import Reader
from server.forum.store import Numbered
from server.moderation import store as posts
from server.moderation import versions
from server.moderation.store import Post

THREADS = 20
"""At most so many threads are told of, those last written in."""

LOOKED_AT = 30
"""Of the posts after a mark so many are looked at: more are "30 or more", however many there are."""


@dataclass(frozen=True, slots=True)
class News:
    """A thread with `posts` new ones by others, the first of which has the number `first`; the last came `at`."""

    thread: UUID
    title: str
    first: int
    posts: int
    at: datetime


async def news(tx: AsyncConnection, viewer: Reader) -> list[News]:
    """One for each followed thread in which others have published what `viewer` has not read."""
    unread = await store.unread_of(tx, viewer.id, THREADS)
    if not unread:
        return []
    lines = {each.thread.id: each for each in await read.lines_of(tx, [thread for thread, _ in unread], viewer)}
    numbered = await store.after_marks(tx, [each for each in unread if each[0].id in lines], LOOKED_AT)
    texts = await posts.by_ids(tx, [each.post for each in numbered])
    new = [each for each in numbered if texts[each.post].public is not None and texts[each.post].author != viewer.id]
    edited = await versions.edited(tx, [each.post for each in new])
    found = []
    for line in lines.values():
        mine = [each for each in new if each.thread == line.thread.id]
        if mine:
            at = max(_since(texts[each.post], each, edited) for each in mine)
            found.append(News(line.thread.id, line.title, mine[0].number, len(mine), at))
    return found


def _since(post: Post, at: Numbered, edited: dict[UUID, datetime]) -> datetime:
    """When others could first read a post; a later change of it makes it no news."""
    return post.written_at if at.post in edited else post.state_at
