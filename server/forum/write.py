"""Writing in the forum: a thread, a reply, a change; what becomes of a text is moderation's business (rules §7).

The first post of a thread holds its title as the first line, so that both are screened, decided and removed as one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from server.base.work import Work
from server.forum import store
from server.forum.read import THREAD, check_seen, placed, title_of
from server.forum.reader import audience_of, reader
from server.forum.store import Board, Numbered, Thread
from server.forum.tables import words
from server.moderation import store as posts
from server.moderation import versions, write
from server.moderation.store import Post
from server.moderation.tables import TEXT
from server.moderation.write import Place, Speaker
from server.people import store as people
from server.rules.conduct import PostState
from server.rules.powers import Power, Role
from server.rules.refusal import Refusal, unknown

PACE = 120
"""New posts of a person, or changes of a post, in a minute: more than anybody types."""

_MINUTE = timedelta(minutes=1)


async def start(
    work: Work, board_id: UUID, title: str, text: str, draft: UUID, chosen: Sequence[UUID] = ()
) -> tuple[Thread, Post]:
    """Open a thread; the same `draft` sent again is the same thread."""
    speaker = await _speaker(work)
    if (before := await store.thread_by_draft(work.tx, speaker.id, draft)) is not None:
        return before, await _opening(work, before)
    if await posts.by_draft(work.tx, speaker.id, draft) is not None:
        raise Refusal("post.draft_used", status=409)
    board = await _writable(work, board_id)
    _check_pace(work, await posts.nth_newest(work.tx, speaker.id, PACE))
    found = Thread(work.id(), board.id, title, speaker.id, draft, opened_at=work.now, last_at=work.now, last_number=0)
    await store.add_thread(work.tx, found)
    post = await write.submit(work, place_of(board, found), speaker, _joined(title, text), draft, chosen=chosen)
    await _put(work, found, post, None)
    await store.follow(work.tx, found.id, speaker.id, work.now)
    return found, post


async def reply(
    work: Work, thread_id: UUID, text: str, draft: UUID, quotes: int | None, chosen: Sequence[UUID] = ()
) -> tuple[Numbered, Post]:
    """Answer in a thread, quoting the post of a number or none; the same `draft` sent again is the same post."""
    speaker = await _speaker(work)
    if (before := await posts.by_draft(work.tx, speaker.id, draft)) is not None:
        there = await store.place_of(work.tx, before.id)
        if there is None or there.thread != thread_id:
            raise Refusal("post.draft_used", status=409)
        return there, before
    found = await check_seen(work.tx, thread_id, reader(work.actor, work.now))
    board = await _writable(work, found.board)
    _check_pace(work, await posts.nth_newest(work.tx, speaker.id, PACE))
    if quotes is not None and not 1 <= quotes <= found.last_number:
        raise Refusal("field.invalid", status=422, field="quotes")
    post = await write.submit(work, place_of(board, found), speaker, text, draft, chosen=chosen)
    return await _put(work, found, post, quotes), post


async def change(work: Work, post_id: UUID, text: str, version: int, title: str | None) -> Post:
    """Its author changes a post as it was seen (`version`); the text it had is kept, the new one is screened."""
    known = await placed(work.tx, post_id)
    if known is None or known.post.author != work.actor.id:
        raise unknown("post")
    post = known.post
    if post.version != version:
        raise Refusal("post.changed", status=412)
    board = await _writable(work, known.thread.board)
    _check_pace(work, await versions.nth_newest(work.tx, post_id, PACE))
    if known.at.number == 1:
        text = _joined(title or title_of(post.text), text)
    changed = await write.change(work, post, text, place_of(board, known.thread))
    await words.put(work.tx, post.id, changed.public or changed.text)
    return changed


def place_of(board: Board, thread: Thread) -> Place:
    """A thread as moderation knows it."""
    return Place(
        THREAD, thread.id, name_of(board, thread.title), board.mode, topic=f"thread:{thread.id}",
        within=(board.id,), hours=(board.speak_from, board.speak_until),
        audience_path=audience_of(board.topic_class), topic_class=board.topic_class,
    )  # fmt: skip


def name_of(board: Board, title: str | None) -> str:
    """What the desk and a speaker read of where something was said; no title where others read none."""
    return f"{board.title} / {title}"[:200] if title is not None else board.title


async def _put(work: Work, found: Thread, post: Post, quotes: int | None) -> Numbered:
    number = await store.put_post(work.tx, found.id, post.id, quotes, work.now)
    await store.mark_read(work.tx, found.id, post.author, number)
    await words.put(work.tx, post.id, post.text)
    await work.fail("thread.after_post")
    if post.state is PostState.PUBLISHED:
        work.push(f"board:{found.board}", "thread.changed", {"thread": str(found.id), "number": number})
    return Numbered(found.id, number, post.id, quotes)


async def _speaker(work: Work) -> Speaker:
    person = await people.person(work.tx, work.actor.id) if work.actor.id else None
    if person is None:
        raise unknown("person")
    lectures = any(each.role is Role.LECTURER for each in work.actor.holdings)
    return Speaker(person.id, "lecturer" if lectures else "learner", person.unit_path, person.authority_path)


async def _writable(work: Work, board_id: UUID) -> Board:
    board, who = await store.board(work.tx, board_id), reader(work.actor, work.now)
    if board is None or not who.may(Power.FORUM_READ, board):
        raise unknown("board")
    if not who.may(Power.SPEAK, board):
        raise Refusal("power.missing", status=403, power=Power.SPEAK.value)
    if not board.open:
        raise Refusal("board.closed", status=409)
    return board


def _check_pace(work: Work, since: datetime | None) -> None:
    """Refuse `speaking.slow` (429) where as much as anybody may write has been written since then."""
    if since is not None and (left := since + _MINUTE - work.now) > timedelta(0):
        raise Refusal("speaking.slow", status=429, retry_after_s=-(-left // timedelta(seconds=1)))


async def _opening(work: Work, found: Thread) -> Post:
    post = await posts.by_draft(work.tx, found.author, found.opening)
    assert post is not None
    return post


def _joined(title: str, text: str) -> str:
    joined = f"{title}\n{text}"
    if len(joined) > TEXT:
        raise Refusal("field.invalid", status=422, field="text")
    return joined
