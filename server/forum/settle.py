"""After a post of the forum was decided, changed or withdrawn: what is found and named is what others read."""

from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.forum import store
from server.forum.read import THREAD, placed, title_of
from server.forum.store import Thread
from server.forum.tables import words
from server.forum.write import name_of
from server.moderation import store as posts
from server.moderation.store import Post


async def post_changed(work: Work, event: Event) -> None:
    """Reaction to `post.decided` and `post.changed`: its board hears of it; what waited is found by its own words."""
    found = await placed(work.tx, UUID(event.subject))
    if found is None:
        return
    if event.name == "post.decided" and found.post.public is not None:
        await words.put(work.tx, found.post.id, found.post.public)
    if found.at.number == 1:
        await _rename(work, found.thread, found.post)
    changed = {"thread": str(found.thread.id), "number": found.at.number}
    work.push(f"board:{found.thread.board}", "thread.changed", changed)


async def _rename(work: Work, thread: Thread, opening: Post) -> None:
    """Name the thread by what others read of its title: nothing where that is held, removed or withdrawn."""
    board = await store.board(work.tx, thread.board)
    assert board is not None
    title = title_of(opening.public) if opening.public is not None else None
    if title is not None and title != thread.title:
        await store.rename(work.tx, thread.id, title)
    await posts.rename_place(work.tx, THREAD, thread.id, name_of(board, title))
