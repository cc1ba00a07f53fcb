"""Threads of the forum: followers are told by looking, the author of an answered post by a row of his own."""

from collections.abc import Sequence
from dataclasses import replace as with_data
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.outbox import Event
from server.base.work import Work
from server.forum import read, unread
from server.forum import store as forum
from server.forum.reader import Reader, reader_of
from server.forum.store import Numbered, Thread
from server.moderation import store as posts
from server.moderation.store import Post
from server.notices import store
from server.notices.store import Notice
from server.notices.tell import About, replace

KIND, ANSWERED = "thread", "thread.answered"


async def followed(tx: AsyncConnection, who: Reader) -> list[Notice]:
    """One notice `thread.replied` for each followed thread with something new, gone once it is read or removed."""
    return [
        Notice(
            each.thread, None, None, "thread.replied", KIND, str(each.thread),
            {"title": each.title, "number": each.first, "posts": each.posts}, each.at,
        )
        for each in await unread.news(tx, who)
    ]  # fmt: skip


async def as_read(tx: AsyncConnection, found: Sequence[Notice], who: Reader) -> list[Notice]:
    """Answers with the title that `who` reads now; those in threads that he or she doesn't see are left out."""
    answers = {UUID(each.data["thread"]) for each in found if each.code == ANSWERED}
    threads = await forum.threads_by_id(tx, answers) if answers else {}
    titles = {str(line.thread.id): line.title for line in await read.lines_of(tx, list(threads.values()), who)}
    shown = []
    for each in found:
        if each.code != ANSWERED:
            shown.append(each)
        elif (title := titles.get(each.data["thread"])) is not None:
            shown.append(with_data(each, data=each.data | {"title": title}))
    return shown


async def post_changed(work: Work, event: Event) -> None:
    """Reaction to `post.written`, `post.decided` and `post.changed`: pages of those whom it concerns ask again."""
    found = await read.placed(work.tx, UUID(event.subject))
    if found is None:
        return
    await _tell_answered(work, found.thread, found.at, found.post)
    for account in await forum.followers(work.tx, found.thread.id):
        if account != found.post.author:
            work.push(f"person:{account}", "notice.changed", {})


async def _tell_answered(work: Work, thread: Thread, at: Numbered, post: Post) -> None:
    """Who wrote the post that is answered has a notice as long as the answer can be read."""
    quoted = await forum.at_number(work.tx, thread.id, at.quotes) if at.quotes else None
    answered = await posts.by_id(work.tx, quoted.post) if quoted else None
    if answered is None or answered.author == post.author:
        return
    lines = await read.lines_of(work.tx, [thread], await reader_of(work.tx, answered.author, work.now))
    about = None
    if post.public is not None and lines:
        about = About(ANSWERED, "answer", post.id, {"thread": str(thread.id), "number": at.number})
    if about is not None and await store.stands(work.tx, ANSWERED, str(post.id), answered.author):
        return  # a change of the answer is no news
    await replace(work, answered.author, about, KIND, str(post.id))
