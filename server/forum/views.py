"""What readers of the forum get: boards, lines of a board, posts with their numbers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import View
from server.base.shapes import Named
from server.forum.formatting import html_of
from server.forum.read import Line, sees
from server.forum.search import Found
from server.forum.store import Board, Numbered
from server.moderation import pause, pictures, standing, tell, versions
from server.moderation import store as moderation
from server.moderation.pause import Pause
from server.moderation.store import Post
from server.moderation.views import PostPicture, PostView
from server.people import store as people
from server.rules.conduct import Mode, PostState


class PlacePause(View):
    """Nobody may speak here `until` then, or until it is ended."""

    since: datetime
    until: datetime | None
    reason: str


class BoardView(View):
    """A board; with a `topic_class` it is the discussion group of its members."""

    id: UUID
    title: str
    description: str
    mode: Mode
    position: int
    open: bool
    speak_from: str
    speak_until: str
    paused: PlacePause | None
    topic_class: UUID | None


class BoardList(View):
    items: list[BoardView]


class ThreadLine(View):
    """A thread in a list; `newest` is its highest number, `read` that up to which the reader has read (0: never)."""

    id: UUID
    board: UUID
    title: str
    author: Named
    unit: str | None
    opened_at: datetime
    last_at: datetime
    newest: int
    read: int
    followed: bool
    state: str
    paused: PlacePause | None


class Cursor(View):
    """Where the next page begins: `before_at` and `before` of the query."""

    before_at: datetime
    before: UUID


class ThreadList(View):
    items: list[ThreadLine]
    next: Cursor | None


class ForumPost(PostView):
    """A post of a thread.

    `text` is what was typed (without the title), `html` the same with its light formatting; of a removed post both are
    empty and `basis` says why. `version` is named when the author changes it; `edited_at`: it was changed. `category`
    and `marks` are for the author of a blocked one: `[begin, end]` in `text`, ahead of which the first post of a thread
    has its title and a line end.
    """

    number: int
    quotes: int | None
    html: str
    pictures: list[PostPicture]
    version: int
    edited_at: datetime | None
    category: str | None
    marks: list[list[int]]


class PostPage(View):
    """Posts in the order of their numbers; `next` is the `after` of the next page, `earlier` the `before` of the one
    ahead.
    """

    items: list[ForumPost]
    earlier: int | None
    next: int | None


class FoundView(View):
    """A post that was found; `text` is the whole of it, without the title of its thread."""

    thread: UUID
    title: str
    number: int
    author: Named
    unit: str | None
    text: str
    written_at: datetime


class FoundList(View):
    """Newest first; `next` is the `before` of the next page."""

    items: list[FoundView]
    next: int | None


class VersionView(View):
    text: str
    replaced_at: datetime


class VersionList(View):
    items: list[VersionView]


class WrittenView(View):
    """Where a post stands after it was written or changed, with the passages that screening marked.

    `release_at`: when a held one is published by itself if nobody decides before.
    """

    thread: UUID
    number: int
    post: UUID
    state: str
    version: int
    marks: list[list[int]]
    category: str | None
    release_at: datetime | None


async def board_views(tx: AsyncConnection, boards: list[Board], now: datetime) -> list[BoardView]:
    """Boards, and whether speaking is paused there."""
    paused = await pause.active(tx, [each.id for each in boards], now)
    return [
        BoardView(
            id=each.id, title=each.title, description=each.description, mode=each.mode, position=each.position,
            open=each.open, speak_from=each.speak_from, speak_until=each.speak_until, paused=_paused(paused, each.id),
            topic_class=each.topic_class,
        )
        for each in boards
    ]  # fmt: skip


def _paused(found: dict[UUID, Pause], *places: UUID) -> PlacePause | None:
    pauses = [found[place] for place in places if place in found]
    return PlacePause(since=pauses[0].begun_at, until=pauses[0].until, reason=pauses[0].reason) if pauses else None


async def line_views(tx: AsyncConnection, lines: list[Line], now: datetime) -> list[ThreadLine]:
    """Lines with the real name and unit of who opened the thread (Article 8), and whether speaking is paused."""
    places = {each.thread.id for each in lines} | {each.thread.board for each in lines}
    paused = await pause.active(tx, places, now)
    names = await people.many(tx, {each.thread.author for each in lines})
    found = []
    for each in lines:
        author = names.get(each.thread.author)
        found.append(
            ThreadLine(
                id=each.thread.id, board=each.thread.board, title=each.title,
                author=Named(id=each.thread.author, name=author.name if author else ""),
                unit=author.unit_name if author else None, opened_at=each.thread.opened_at,
                last_at=each.thread.last_at, newest=each.thread.last_number, read=each.read, followed=each.followed,
                state=each.state.value, paused=_paused(paused, each.thread.board, each.thread.id),
            )
        )  # fmt: skip
    return found


async def post_views(tx: AsyncConnection, found: list[tuple[Numbered, Post]], viewer: UUID) -> list[ForumPost]:
    """Posts as `viewer` reads them; of a removed one the place and the basis are left."""
    posts = [post for _, post in found]
    shown = await tell.shown(tx, posts, viewer)
    kept = await pictures.of_posts(tx, [post.id for post in posts if sees(post, viewer)])
    edited = await versions.edited(tx, [post.id for post in posts])
    gone = [post.id for post in posts if not sees(post, viewer)]
    taken = await moderation.decisions_of(tx, gone) if gone else {}
    views = []
    for (at, post), view in zip(found, shown, strict=True):
        view["text"] = body_of(at, view["text"])
        if not sees(post, viewer):
            ground = standing.grounds(post, taken.get(post.id, ()))
            view |= {"text": "", "basis": ground.basis if ground else None}
        more = {"number": at.number, "quotes": at.quotes, "html": html_of(view["text"]), "version": post.version}
        blocked = post.author == viewer and post.state is PostState.BLOCKED
        met = {"category": post.category, "marks": post.marks} if blocked else {"category": None, "marks": []}
        beside = {"pictures": kept[post.id], "edited_at": edited.get(post.id)}
        views.append(ForumPost.model_validate(view | more | met | beside))
    return views


def body_of(at: Numbered, text: str) -> str:
    """The text of a post without the title, which the first one of a thread begins with."""
    return text.partition("\n")[2] if at.number == 1 else text


async def found_views(tx: AsyncConnection, found: list[Found]) -> list[FoundView]:
    """What was found, with the real name and unit of its author (Article 8)."""
    names = await people.many(tx, {each.post.author for each in found})
    views = []
    for each in found:
        author = names.get(each.post.author)
        views.append(
            FoundView(
                thread=each.thread.id, title=each.title, number=each.at.number,
                author=Named(id=each.post.author, name=author.name if author else ""),
                unit=author.unit_name if author else None, text=body_of(each.at, each.post.public or ""),
                written_at=each.post.written_at,
            )
        )  # fmt: skip
    return views


def written(at: Numbered, post: Post) -> WrittenView:
    return WrittenView(
        thread=at.thread, number=at.number, post=post.id, state=post.state.value, version=post.version,
        marks=post.marks, category=post.category, release_at=post.release_at,
    )  # fmt: skip
