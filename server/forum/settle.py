"""After a post of the forum was decided, changed or withdrawn: what is found and named is what others read."""

from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.forum import store
from server.forum.read import THREAD, title_of
from server.forum.store import Numbered, Thread
from server.forum.tables import words
from server.forum.write import name_of
from server.moderation import store as posts
from server.moderation.store import Post


async def post_changed(work: Work, event: Event) -> None:
    """Reaction to `post.decided` and `post.changed`: its board hears of it; what waited is found by its own words."""
    at = await store.place_of(work.tx, UUID(event.subject))
    post = await posts.by_id(work.tx, UUID(event.subject)) if at else None
    thread = await store.thread(work.tx, at.thread) if at else None
    if at is None or post is None or thread is None:
        return
    if event.name == "post.decided" and post.public is not None:
        await words.put(work.tx, post.id, post.public)
    if at.number == 1:
        await _rename(work, thread, post)
    _tell_board(work, thread, at)


async def _rename(work: Work, thread: Thread, opening: Post) -> None:
    """Name the thread by what others read of its title: nothing where that is held, removed or withdrawn."""
    board = await store.board(work.tx, thread.board)
    assert board is not None
    title = title_of(opening.public) if opening.public is not None else None
    if title is not None and title != thread.title:
        await store.rename(work.tx, thread.id, title)
    await posts.rename_place(work.tx, THREAD, thread.id, name_of(board, title))


def _tell_board(work: Work, thread: Thread, at: Numbered) -> None:
    work.push(f"board:{thread.board}", "thread.changed", {"thread": str(thread.id), "number": at.number})
