"""Endpoints and topics of the forum."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import SIGNED_IN, Ask, Body, Query, Routes
from server.base.fulltext import LONGEST_SEARCH, terms_of
from server.base.shapes import Moment, Version
from server.base.work import Work
from server.forum import boards, read, search, store, write
from server.forum.reader import reader
from server.forum.tables import TITLE
from server.forum.views import (
    BoardList,
    BoardView,
    Cursor,
    FoundList,
    PostPage,
    ThreadLine,
    ThreadList,
    VersionList,
    VersionView,
    WrittenView,
    board_views,
    found_views,
    line_views,
    post_views,
    written,
)
from server.moderation.pictures import IN_A_POST
from server.moderation.tables import TEXT
from server.rules.conduct import Mode
from server.rules.powers import Power
from server.rules.refusal import unknown

routes = Routes("forum")

PAGE = 50


def _one_line(title: str) -> str:
    if not title.strip() or "\n" in title or "\r" in title:
        raise ValueError("one line that is not blank")
    return title.strip()


Title = Annotated[str, Field(min_length=1, max_length=TITLE), AfterValidator(_one_line)]
Text = Annotated[str, Field(min_length=1, max_length=TEXT)]
Number = Annotated[int, Field(ge=1, lt=2**31)]
Pictures = Annotated[tuple[UUID, ...], Field(max_length=IN_A_POST)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class BoardBody(Body):
    title: Annotated[str, Field(min_length=1, max_length=60)]
    description: Annotated[str, Field(max_length=300)] = ""
    mode: Mode = Mode.TRUST
    position: Annotated[int, Field(ge=0, le=1000)] = 0
    speak_from: Clock = "00:00"
    speak_until: Clock = "00:00"


class BoardChange(Body):
    """What is left out stays; nobody writes in a board that is not `open`.

    What is written outside of the hours of speaking is held until they begin; equal hours are the whole day.
    """

    title: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    description: Annotated[str, Field(max_length=300)] | None = None
    mode: Mode | None = None
    position: Annotated[int, Field(ge=0, le=1000)] | None = None
    open: bool | None = None
    speak_from: Clock | None = None
    speak_until: Clock | None = None


class ThreadBody(Body):
    title: Title
    text: Text
    draft: UUID
    pictures: Pictures = ()


class PostReplyBody(Body):
    """`quotes`: the number of the post that is answered."""

    text: Text
    draft: UUID
    quotes: Number | None = None
    pictures: Pictures = ()


class PostChangeBody(Body):
    """`version`: that of the post as it was seen; `title` only for the first post of a thread."""

    text: Text
    version: Version
    title: Title | None = None


class ReadUpToBody(Body):
    number: Number


class ThreadsQuery(Query):
    """`before_at` and `before`: the cursor of an earlier page."""

    before_at: Moment | None = None
    before: UUID | None = None


class PostPageQuery(Query):
    """`after`: posts with higher numbers; `before`, which wins: the last ones with lower numbers."""

    after: Annotated[int, Field(ge=0, lt=2**31)] = 0
    before: Number | None = None


class ForumSearchQuery(Query):
    """`q`: at most ten words of at most 64 characters; `before`: the cursor of an earlier page."""

    q: Annotated[str, Field(min_length=1, max_length=LONGEST_SEARCH)]
    before: Annotated[int, Field(ge=1, lt=2**31)] | None = None


@routes.get("/api/v1/forum/boards", power=Power.FORUM_READ, title="The boards of the forum")
async def list_boards(ask: Ask) -> BoardList:
    async with ask.read() as tx:
        return BoardList(items=await board_views(tx, await store.open_boards(tx), ask.now))


@routes.post("/api/v1/forum/boards", power=Power.FORUM_PLAN, status=201, title="Open a board")
async def open_board(ask: Ask, body: BoardBody) -> BoardView:
    hours = (body.speak_from, body.speak_until)
    made = await ask.do(boards.open_board, body.title, body.description, body.mode, body.position, hours)
    return await _board(ask, made)


@routes.patch("/api/v1/forum/boards/{board_id}", power=Power.FORUM_PLAN, title="Change or close a board")
async def change_board(ask: Ask, board_id: UUID, body: BoardChange) -> BoardView:
    return await _board(ask, await ask.do(boards.change_board, board_id, body.model_dump(exclude_none=True)))


async def _board(ask: Ask, board: store.Board) -> BoardView:
    async with ask.read() as tx:
        return (await board_views(tx, [board], ask.now))[0]


@routes.get("/api/v1/forum/boards/{board_id}", power=Power.FORUM_READ, title="One board")
async def one_board(ask: Ask, board_id: UUID) -> BoardView:
    async with ask.read() as tx:
        return (await board_views(tx, [await _readable(tx, ask, board_id)], ask.now))[0]


@routes.get("/api/v1/forum/boards/{board_id}/threads", power=Power.FORUM_READ, title="Threads, last written in first")
async def list_threads(ask: Ask, board_id: UUID, query: ThreadsQuery) -> ThreadList:
    before = (query.before_at, query.before) if query.before_at and query.before else None
    async with ask.read() as tx:
        await _readable(tx, ask, board_id)
        found, last = await read.lines(tx, board_id, reader(ask.actor, ask.now), before=before, limit=PAGE)
        items = await line_views(tx, found, ask.now)
    return ThreadList(items=items, next=Cursor(before_at=last.last_at, before=last.id) if last else None)


@routes.post("/api/v1/forum/boards/{board_id}/threads", power=Power.SPEAK, status=201, title="Open a thread")
async def start(ask: Ask, board_id: UUID, body: ThreadBody) -> WrittenView:
    thread, post = await ask.do(write.start, board_id, body.title, body.text, body.draft, body.pictures)
    return written(store.Numbered(thread.id, 1, post.id, None), post)


@routes.get("/api/v1/forum/search", power=Power.FORUM_READ, title="Posts that have all the words asked for")
async def find(ask: Ask, query: ForumSearchQuery) -> FoundList:
    async with ask.read() as tx:
        found, later = await search.search(tx, terms_of(query.q), reader(ask.actor, ask.now), before=query.before)
        return FoundList(items=await found_views(tx, found), next=later)


@routes.get("/api/v1/forum/following", power=Power.FORUM_READ, title="Threads that I follow, last written in first")
async def following(ask: Ask) -> ThreadList:
    async with ask.read() as tx:
        found = await read.following(tx, reader(ask.actor, ask.now), PAGE)
        return ThreadList(items=await line_views(tx, found, ask.now), next=None)


@routes.get("/api/v1/forum/threads/{thread_id}", power=Power.FORUM_READ, title="A thread without its posts")
async def thread(ask: Ask, thread_id: UUID) -> ThreadLine:
    async with ask.read() as tx:
        found = await read.check_seen(tx, thread_id, reader(ask.actor, ask.now))
        [line] = await line_views(tx, await read.lines_of(tx, [found], reader(ask.actor, ask.now)), ask.now)
    return line


@routes.get("/api/v1/forum/threads/{thread_id}/posts", power=Power.FORUM_READ, title="Posts in order of their numbers")
async def list_posts(ask: Ask, thread_id: UUID, query: PostPageQuery) -> PostPage:
    async with ask.read() as tx:
        await read.check_seen(tx, thread_id, reader(ask.actor, ask.now))
        found = await read.page(tx, thread_id, ask.me, after=query.after, before=query.before, limit=PAGE)
        items = await post_views(tx, found.posts, ask.me)
    return PostPage(items=items, earlier=found.earlier, next=found.later)


@routes.post("/api/v1/forum/threads/{thread_id}/posts", power=Power.SPEAK, status=201, title="Reply in a thread")
async def reply(ask: Ask, thread_id: UUID, body: PostReplyBody) -> WrittenView:
    return written(*await ask.do(write.reply, thread_id, body.text, body.draft, body.quotes, body.pictures))


@routes.patch("/api/v1/forum/posts/{post_id}", power=SIGNED_IN, title="Change an own post")
async def change(ask: Ask, post_id: UUID, body: PostChangeBody) -> WrittenView:
    post = await ask.do(write.change, post_id, body.text, body.version, body.title)
    async with ask.read() as tx:
        at = await store.place_of(tx, post.id)
    assert at is not None
    return written(at, post)


@routes.get("/api/v1/forum/posts/{post_id}/versions", power=SIGNED_IN, title="Earlier texts of an own post")
async def versions(ask: Ask, post_id: UUID) -> VersionList:
    async with ask.read() as tx:
        found = await read.own_versions(tx, post_id, ask.me)
    return VersionList(items=[VersionView(text=each.text, replaced_at=each.replaced_at) for each in found])


@routes.put("/api/v1/forum/threads/{thread_id}/follow", power=Power.FORUM_READ, title="Follow a thread")
async def follow(ask: Ask, thread_id: UUID) -> None:
    await ask.do(_follow, thread_id, ask.me)


@routes.delete("/api/v1/forum/threads/{thread_id}/follow", power=Power.FORUM_READ, title="Follow a thread no more")
async def unfollow(ask: Ask, thread_id: UUID) -> None:
    await ask.do(_unfollow, thread_id, ask.me)


@routes.put("/api/v1/forum/threads/{thread_id}/read", power=Power.FORUM_READ, title="I have read up to a number")
async def mark_read(ask: Ask, thread_id: UUID, body: ReadUpToBody) -> None:
    await ask.do(_mark_read, thread_id, ask.me, body.number)


async def _readable(tx: AsyncConnection, ask: Ask, board_id: UUID) -> store.Board:
    board = await store.board(tx, board_id)
    if board is None or not reader(ask.actor, ask.now).may(Power.FORUM_READ, board):
        raise unknown("board")
    return board


async def _follow(work: Work, thread_id: UUID, account: UUID) -> None:
    await read.check_seen(work.tx, thread_id, reader(work.actor, work.now))
    await store.follow(work.tx, thread_id, account, work.now)


async def _unfollow(work: Work, thread_id: UUID, account: UUID) -> None:
    await read.check_seen(work.tx, thread_id, reader(work.actor, work.now))
    await store.unfollow(work.tx, thread_id, account)


async def _mark_read(work: Work, thread_id: UUID, account: UUID, number: int) -> None:
    found = await read.check_seen(work.tx, thread_id, reader(work.actor, work.now))
    await store.mark_read(work.tx, thread_id, account, min(number, found.last_number))


routes.topic("thread", power=Power.FORUM_READ, target=read.thread_target)
routes.topic("board", power=Power.FORUM_READ, target=read.board_target)
