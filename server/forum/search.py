"""Searching the forum: the posts that have all the words asked for, as far as the reader may read them."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.fulltext import terms_of
from server.forum import store
from server.forum.read import lines_of
from server.forum.reader import Reader
from server.forum.store import Numbered, Thread
from server.forum.tables import words
from server.moderation import store as posts
from server.moderation.store import Post

PAGE = 30


@dataclass(frozen=True, slots=True)
class Found:
    """A post that was found, with the thread in which it stands and the title that the reader sees."""

    thread: Thread
    title: str
    at: Numbered
    post: Post


async def search(
    tx: AsyncConnection, query: str, viewer: Reader, *, before: int | None, limit: int = PAGE
) -> tuple[list[Found], int | None]:
    """Published posts of threads that `viewer` sees, newest first; the cursor of the next page.

    Refuses `search.empty` and `search.too_long`.
    """
    hits = await words.find(tx, terms_of(query), before=before, limit=limit)
    texts = await posts.by_ids(tx, [each.subject for each in hits])
    shown = {id: post for id, post in texts.items() if post.public is not None}
    places = await store.numbers_of(tx, shown)
    threads = await store.threads_by_id(tx, {each.thread for each in places.values()})
    seen = {line.thread.id: line for line in await lines_of(tx, list(threads.values()), viewer)}
    found = []
    for each in hits:
        at = places.get(each.subject)
        line = seen.get(at.thread) if at else None
        if at and line:
            found.append(Found(line.thread, line.title, at, shown[each.subject]))
    return found, hits[-1].id if len(hits) == limit else None
