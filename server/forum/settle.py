"""After a decision about a post of the forum: what is found is what others read, and its board hears of it."""

from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.forum import store
from server.forum.tables import words
from server.moderation import store as posts


async def post_decided(work: Work, event: Event) -> None:
    """Reaction to `post.decided`: a change that waited is found by its own words from now on."""
    at = await store.place_of(work.tx, UUID(event.subject))
    post = await posts.by_id(work.tx, UUID(event.subject)) if at else None
    thread = await store.thread(work.tx, at.thread) if at else None
    if at is None or post is None or thread is None:
        return
    if post.public is not None:
        await words.put(work.tx, post.id, post.public)
    work.push(f"board:{thread.board}", "thread.changed", {"thread": str(thread.id), "number": at.number})
