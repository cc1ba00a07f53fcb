"""Searching the forum: the posts that have all the words asked for, as far as the reader may read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.fulltext import Hit
from server.forum import store
from server.forum.read import lines_of
from server.forum.reader import Reader
from server.forum.store import Numbered, Thread
from server.forum.tables import words
from server.moderation import store as posts
from server.moderation.store import Post

PAGE = 30
LOOKED_AT = 100
"""Hits that are looked at in one further round, where what may not be read has left a page short."""

ROUNDS = 5
"""After so many rounds a page stays short, and the reader may go on from its cursor."""


@dataclass(frozen=True, slots=True)
class Found:
    """A post that was found, with the thread in which it stands and the title that the reader sees."""

    thread: Thread
    title: str
    at: Numbered
    post: Post


async def search(
    tx: AsyncConnection, terms: Sequence[str], viewer: Reader, *, before: int | None, limit: int = PAGE
) -> tuple[list[Found], int | None]:
    """Published posts of threads that `viewer` sees with all the `terms`, newest first; the cursor of the next page."""
    found: list[Found] = []
    at_once = limit
    for _ in range(ROUNDS):
        hits = await words.find(tx, terms, before=before, limit=at_once)
        for hit, each in zip(hits, await _seen(tx, hits, viewer), strict=True):
            if each is not None:
                found.append(each)
            if len(found) == limit:
                return found, hit.id
        if len(hits) < at_once:
            return found, None
        before, at_once = hits[-1].id, LOOKED_AT
    return found, before


async def _seen(tx: AsyncConnection, hits: Sequence[Hit], viewer: Reader) -> list[Found | None]:
    """What `viewer` reads of each hit."""
    if not hits:
        return []
    texts = await posts.by_ids(tx, [each.subject for each in hits])
    shown = {id: post for id, post in texts.items() if post.public is not None}
    places = await store.numbers_of(tx, shown)
    threads = await store.threads_by_id(tx, {each.thread for each in places.values()})
    seen = {line.thread.id: line for line in await lines_of(tx, list(threads.values()), viewer)}
    found: list[Found | None] = []
    for each in hits:
        at = places.get(each.subject)
        line = seen.get(at.thread) if at else None
        found.append(Found(line.thread, line.title, at, shown[each.subject]) if at and line else None)
    return found
