"""The forum in the database: rows in, frozen values out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import insert_ignoring
from server.forum.tables import boards, thread_followers, thread_marks, thread_posts, threads
from server.rules.conduct import Mode


@dataclass(frozen=True, slots=True)
class Board:
    """A board; the lower `position`, the higher on the page; nobody writes in one that is not `open`.

    `speak_from` and `speak_until`: hours of speaking (`HH:MM`, equal for the whole day).
    With a `topic_class` it is the discussion group of its members.
    """

    id: UUID
    title: str
    description: str
    mode: Mode
    position: int
    open: bool
    made_at: datetime
    speak_from: str = "00:00"
    speak_until: str = "00:00"
    topic_class: UUID | None = None
    unit_path: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread; `opening` is the draft of its first post, `last_number` the number of its newest one.

    `title` is the one that others read, or have read last; its author may read another one that waits.
    """

    id: UUID
    board: UUID
    title: str
    author: UUID
    opening: UUID
    opened_at: datetime
    last_at: datetime
    last_number: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """The place of a post in its thread; `quotes` is the number of the post that it answers."""

    thread: UUID
    number: int
    post: UUID
    quotes: int | None


def _thread(row: Any) -> Thread:
    return Thread(**{name: row._mapping[name] for name in Thread.__slots__})


def _board(row: Any) -> Board:
    return Board(**{**row._mapping, "mode": Mode(row.mode)})


async def add_board(tx: AsyncConnection, board: Board) -> None:
    row = {name: getattr(board, name) for name in Board.__slots__} | {"mode": board.mode.value}
    await tx.execute(boards.insert().values(**row))


async def change_board(tx: AsyncConnection, board_id: UUID, **values: Any) -> None:
    await tx.execute(boards.update().where(boards.c.id == board_id).values(**values))


async def board(tx: AsyncConnection, board_id: UUID) -> Board | None:
    row = (await tx.execute(sa.select(boards).where(boards.c.id == board_id))).first()
    return _board(row) if row else None


async def open_boards(tx: AsyncConnection) -> list[Board]:
    """The boards for everybody, in their order."""
    query = sa.select(boards).where(boards.c.topic_class.is_(None))
    return [_board(row) for row in await tx.execute(query.order_by(boards.c.position, boards.c.id))]


async def boards_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Board]:
    rows = await tx.execute(sa.select(boards).where(boards.c.id.in_(list(ids))))
    return {row.id: _board(row) for row in rows}


async def group_of(tx: AsyncConnection, topic_class: UUID) -> Board | None:
    """The discussion group of a topic class."""
    return (await groups_of(tx, [topic_class])).get(topic_class)


async def groups_of(tx: AsyncConnection, topic_classes: Collection[UUID]) -> dict[UUID, Board]:
    """The discussion groups of those of the topic classes that have one."""
    rows = await tx.execute(sa.select(boards).where(boards.c.topic_class.in_(list(topic_classes))))
    return {row.topic_class: _board(row) for row in rows}


async def add_thread(tx: AsyncConnection, thread: Thread) -> None:
    await tx.execute(threads.insert().values({name: getattr(thread, name) for name in Thread.__slots__}))


async def thread(tx: AsyncConnection, thread_id: UUID) -> Thread | None:
    row = (await tx.execute(sa.select(threads).where(threads.c.id == thread_id))).first()
    return Thread(**row._mapping) if row else None


async def thread_by_draft(tx: AsyncConnection, author: UUID, draft: UUID) -> Thread | None:
    """The thread that a draft has opened already."""
    row = (await tx.execute(sa.select(threads).where(threads.c.author == author, threads.c.opening == draft))).first()
    return Thread(**row._mapping) if row else None


async def threads_by_id(tx: AsyncConnection, thread_ids: Collection[UUID]) -> dict[UUID, Thread]:
    rows = await tx.execute(sa.select(threads).where(threads.c.id.in_(thread_ids)))
    return {row.id: Thread(**row._mapping) for row in rows}


async def boards_of(tx: AsyncConnection, thread_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The board of each of these threads; other places are left out."""
    rows = await tx.execute(sa.select(threads.c.id, threads.c.board).where(threads.c.id.in_(list(thread_ids))))
    return {row.id: row.board for row in rows}


async def threads_of(
    tx: AsyncConnection, board_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Thread]:
    """Threads of a board, the one last written in first; `before` is `(last_at, id)` of an earlier page's end."""
    query = sa.select(threads).where(threads.c.board == board_id)
    if before is not None:
        at, thread_id = before
        same = sa.and_(threads.c.last_at == at, threads.c.id < thread_id)
        query = query.where(sa.or_(threads.c.last_at < at, same))
    rows = await tx.execute(query.order_by(threads.c.last_at.desc(), threads.c.id.desc()).limit(limit))
    return [Thread(**row._mapping) for row in rows]


async def put_post(tx: AsyncConnection, thread_id: UUID, post: UUID, quotes: int | None, at: datetime) -> int:
    """Give a post the next number of its thread."""
    number = threads.c.last_number + 1
    await tx.execute(threads.update().where(threads.c.id == thread_id).values(last_number=number, last_at=at))
    found = await tx.scalar(sa.select(threads.c.last_number).where(threads.c.id == thread_id))
    assert found is not None
    await tx.execute(thread_posts.insert().values(thread=thread_id, number=found, post=post, quotes=quotes))
    return int(found)


async def rename(tx: AsyncConnection, thread_id: UUID, title: str) -> None:
    await tx.execute(threads.update().where(threads.c.id == thread_id).values(title=title))


async def numbered(tx: AsyncConnection, thread_id: UUID, *, after: int, limit: int) -> list[Numbered]:
    """The posts of a thread with higher numbers than `after`, in their order."""
    query = sa.select(thread_posts).where(thread_posts.c.thread == thread_id, thread_posts.c.number > after)
    rows = await tx.execute(query.order_by(thread_posts.c.number).limit(limit))
    return [Numbered(**row._mapping) for row in rows]


async def numbered_before(tx: AsyncConnection, thread_id: UUID, *, before: int, limit: int) -> list[Numbered]:
    """The last posts of a thread with lower numbers than `before`, in their order."""
    query = sa.select(thread_posts).where(thread_posts.c.thread == thread_id, thread_posts.c.number < before)
    rows = (await tx.execute(query.order_by(thread_posts.c.number.desc()).limit(limit))).all()
    return [Numbered(**row._mapping) for row in reversed(rows)]


async def openings(tx: AsyncConnection, thread_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The first post of each thread."""
    where = (thread_posts.c.thread.in_(thread_ids), thread_posts.c.number == 1)
    rows = await tx.execute(sa.select(thread_posts.c.thread, thread_posts.c.post).where(*where))
    return {row.thread: row.post for row in rows}


async def place_of(tx: AsyncConnection, post: UUID) -> Numbered | None:
    row = (await tx.execute(sa.select(thread_posts).where(thread_posts.c.post == post))).first()
    return Numbered(**row._mapping) if row else None


async def at_number(tx: AsyncConnection, thread_id: UUID, number: int) -> Numbered | None:
    where = (thread_posts.c.thread == thread_id, thread_posts.c.number == number)
    row = (await tx.execute(sa.select(thread_posts).where(*where))).first()
    return Numbered(**row._mapping) if row else None


async def numbers_of(tx: AsyncConnection, posts: Collection[UUID]) -> dict[UUID, Numbered]:
    rows = await tx.execute(sa.select(thread_posts).where(thread_posts.c.post.in_(posts)))
    return {row.post: Numbered(**row._mapping) for row in rows}


async def follow(tx: AsyncConnection, thread_id: UUID, account: UUID, at: datetime) -> None:
    await tx.execute(insert_ignoring(tx, thread_followers).values(thread=thread_id, account=account, since=at))


async def unfollow(tx: AsyncConnection, thread_id: UUID, account: UUID) -> None:
    where = (thread_followers.c.thread == thread_id, thread_followers.c.account == account)
    await tx.execute(thread_followers.delete().where(*where))


async def followed(tx: AsyncConnection, account: UUID, thread_ids: Collection[UUID]) -> set[UUID]:
    """Which of these threads somebody follows."""
    where = (thread_followers.c.account == account, thread_followers.c.thread.in_(thread_ids))
    return set((await tx.execute(sa.select(thread_followers.c.thread).where(*where))).scalars())


async def following(tx: AsyncConnection, account: UUID, limit: int) -> list[Thread]:
    """The threads that somebody follows, the one last written in first."""
    mine = sa.select(thread_followers.c.thread).where(thread_followers.c.account == account)
    query = sa.select(threads).where(threads.c.id.in_(mine)).order_by(threads.c.last_at.desc(), threads.c.id.desc())
    return [Thread(**row._mapping) for row in await tx.execute(query.limit(limit))]


async def followers(tx: AsyncConnection, thread_id: UUID) -> list[UUID]:
    """Who follows a thread."""
    where = thread_followers.c.thread == thread_id
    return list((await tx.execute(sa.select(thread_followers.c.account).where(where))).scalars())


async def unread_of(tx: AsyncConnection, account: UUID, limit: int) -> list[tuple[Thread, int]]:
    """Followed threads with posts that this account has not read, last written in first, each with its mark."""
    rows = await tx.execute(_UNREAD, {"account": account, "most": limit})
    return [(_thread(row), row.mark) for row in rows]


_MARK = sa.func.coalesce(thread_marks.c.number, 0).label("mark")
_UNREAD = (
    sa.select(threads, _MARK)
    .join(thread_followers, thread_followers.c.thread == threads.c.id)
    .outerjoin(
        thread_marks, sa.and_(thread_marks.c.thread == threads.c.id, thread_marks.c.account == sa.bindparam("account"))
    )
    .where(thread_followers.c.account == sa.bindparam("account"), threads.c.last_number > _MARK.element)
    .order_by(threads.c.last_at.desc(), threads.c.id.desc())
    .limit(sa.bindparam("most"))
)


async def after_marks(tx: AsyncConnection, marks: Collection[tuple[Thread, int]], limit: int) -> list[Numbered]:
    """Of each of these threads the next `limit` posts after a number, in their order."""
    each = (
        sa.and_(thread_posts.c.thread == thread.id, thread_posts.c.number > mark, thread_posts.c.number <= mark + limit)
        for thread, mark in marks
    )
    query = sa.select(thread_posts).where(sa.or_(sa.false(), *each)).order_by(thread_posts.c.number)
    return [Numbered(**row._mapping) for row in await tx.execute(query)]


async def mark_read(tx: AsyncConnection, thread_id: UUID, account: UUID, number: int) -> None:
    """Keep the highest number up to which somebody has read."""
    added = await tx.execute(insert_ignoring(tx, thread_marks).values(account=account, thread=thread_id, number=number))
    if not added.rowcount:
        mine = (thread_marks.c.account == account, thread_marks.c.thread == thread_id, thread_marks.c.number < number)
        await tx.execute(thread_marks.update().where(*mine).values(number=number))


async def read_marks(tx: AsyncConnection, account: UUID, thread_ids: Collection[UUID]) -> dict[UUID, int]:
    """Up to which number somebody has read each of these threads."""
    where = (thread_marks.c.account == account, thread_marks.c.thread.in_(thread_ids))
    rows = await tx.execute(sa.select(thread_marks.c.thread, thread_marks.c.number).where(*where))
    return {row.thread: row.number for row in rows}
