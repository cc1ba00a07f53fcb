"""Reading the forum: which threads and posts somebody sees, in an order that writing does not disturb."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.forum import store
from server.forum.reader import Reader, readable, target_of
from server.forum.store import Numbered, Thread
from server.moderation import store as posts
from server.moderation import versions
from server.moderation.store import Post
from server.moderation.versions import Version
from server.rules.conduct import PostState
from server.rules.powers import Target
from server.rules.refusal import unknown

THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Line:
    """A thread in the list of its board; `read` is the number up to which the reader has read, 0 for none.

    `title` and `state` are those of the first post as the reader sees it.
    """

    thread: Thread
    title: str
    state: PostState
    opening: Post
    read: int
    followed: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A post of the forum and where it stands."""

    post: Post
    at: Numbered
    thread: Thread


async def placed(tx: AsyncConnection, post_id: UUID) -> Placed | None:
    """A post with its place; None for one of elsewhere."""
    at = await store.place_of(tx, post_id)
    post = await posts.by_id(tx, post_id) if at else None
    thread = await store.thread(tx, at.thread) if at else None
    return Placed(post, at, thread) if at and post and thread else None


async def check_seen(tx: AsyncConnection, thread_id: UUID, viewer: Reader) -> Thread:
    """The thread, where the viewer reads its board; if its first post is not published only its author sees it."""
    found = await store.thread(tx, thread_id)
    opening = await posts.by_draft(tx, found.author, found.opening) if found else None
    if found is None or opening is None or not sees(opening, viewer.id):
        raise unknown("thread")
    if not await readable(tx, [found.board], viewer):
        raise unknown("thread")
    return found


async def board_target(tx: AsyncConnection, *, id: UUID) -> Target | None:
    """The target of the topic `board:<id>`."""
    board = await store.board(tx, id)
    return target_of(board) if board else None


async def thread_target(tx: AsyncConnection, *, id: UUID) -> Target | None:
    """The target of the topic `thread:<id>`; a thread that is not published is none."""
    first = (await store.openings(tx, [id])).get(id)
    opening = await posts.by_id(tx, first) if first else None
    if opening is None or opening.public is None:
        return None
    thread = await store.thread(tx, id)
    board = await store.board(tx, thread.board) if thread else None
    return target_of(board) if board else None


def sees(post: Post, viewer: UUID) -> bool:
    """Whether somebody reads a post: published ones all, own ones in any state but withdrawn."""
    return post.public is not None or (post.author == viewer and post.state is not PostState.WITHDRAWN)


def title_of(text: str) -> str:
    """The title of a thread, which is the first line of its first post."""
    return text.partition("\n")[0]


def _state_of(post: Post, viewer: UUID) -> PostState:
    return post.state if post.author == viewer or post.public is None else PostState.PUBLISHED


async def lines(
    tx: AsyncConnection, board_id: UUID, viewer: Reader, *, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[Line], Thread | None]:
    """The threads of a board that `viewer` sees, and the last one looked at where there may be more."""
    found = await store.threads_of(tx, board_id, before=before, limit=limit)
    return await lines_of(tx, found, viewer), found[-1] if len(found) == limit else None


async def following(tx: AsyncConnection, viewer: Reader, limit: int) -> list[Line]:
    """The threads that `viewer` follows and sees."""
    return [each for each in await lines_of(tx, await store.following(tx, viewer.id, limit), viewer) if each.followed]


async def lines_of(tx: AsyncConnection, found: list[Thread], viewer: Reader) -> list[Line]:
    """Those of the threads that `viewer` sees, with what is the viewer's own."""
    boards = await readable(tx, {each.board for each in found}, viewer)
    found = [each for each in found if each.board in boards]
    ids = [each.id for each in found]
    first = await store.openings(tx, ids)
    texts = await posts.by_ids(tx, first.values())
    marks, followed = await store.read_marks(tx, viewer.id, ids), await store.followed(tx, viewer.id, ids)
    seen = [(each, texts[first[each.id]]) for each in found if each.id in first]
    return [
        Line(
            each,
            title_of(opening.text if opening.author == viewer.id else opening.public or ""),
            _state_of(opening, viewer.id),
            opening,
            marks.get(each.id, 0),
            each.id in followed,
        )
        for each, opening in seen
        if sees(opening, viewer.id)
    ]


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a thread; `earlier` is the `before` of the page ahead of it, `later` the `after` of the next one."""

    posts: list[tuple[Numbered, Post]]
    earlier: int | None
    later: int | None


async def page(
    tx: AsyncConnection, thread_id: UUID, viewer: UUID, *, after: int = 0, before: int | None = None, limit: int
) -> Page:
    """The posts after a number, or the last ones before one, that `viewer` sees; the places of removed ones stay.

    Numbers are never given twice, so what is written meanwhile moves no page.
    """
    if before is None:
        numbered = await store.numbered(tx, thread_id, after=after, limit=limit)
        later = numbered[-1].number if len(numbered) == limit else None
    else:
        numbered = await store.numbered_before(tx, thread_id, before=before, limit=limit)
        later = before - 1
    texts = await posts.by_ids(tx, [each.post for each in numbered])
    both = [(each, texts[each.post]) for each in numbered]
    shown = [(each, post) for each, post in both if sees(post, viewer) or post.state is PostState.REMOVED]
    earlier = numbered[0].number if numbered and numbered[0].number > 1 else None
    return Page(shown, earlier, later)


async def own_versions(tx: AsyncConnection, post_id: UUID, viewer: UUID) -> list[Version]:
    """The earlier texts of a post; nobody but its author (and the desk) has to do with them."""
    post = await posts.by_id(tx, post_id)
    if post is None or post.author != viewer or await store.place_of(tx, post_id) is None:
        raise unknown("post")
    return await versions.of_post(tx, post_id)
