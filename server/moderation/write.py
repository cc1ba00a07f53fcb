"""Writing: screened, then published, held or blocked; withdrawn by its author (rules §7)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.moderation import pause, pictures, sanction, standing, store, versions
from server.moderation.screened import deny_list
from server.moderation.store import Post
from server.moderation.tell import tell_author, tell_change, tell_desk, tell_place
from server.rules import conduct
from server.rules.conduct import Mode, PostAction, PostState, Screened
from server.rules.refusal import Article, Refusal
from server.screening import screen

CHANGEABLE = frozenset({PostState.PUBLISHED, PostState.HELD, PostState.BLOCKED})
"""States in which an author may change a text; what was decided against goes by review (申请复核)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said; `name` is what the desk reads, `topic` the socket topic of those who are there."""

    kind: str
    id: UUID
    name: str
    mode: Mode
    topic: str
    audience_path: str = ""
    """Beginning of the unit paths of those who may be there; empty for everybody."""

    free: bool = False
    """Those who run the place are not held by its mode (their words are screened like any others)."""

    within: tuple[UUID, ...] = ()
    """The places in which it lies: a sanction or a pause there holds here."""

    hours: tuple[str, str] = ("00:00", "00:00")
    """Hours of speaking as `conduct.opens_at` takes them: what is written outside is held until they begin."""

    topic_class: UUID | None = None
    """The topic class in whose group it is."""

    @property
    def all(self) -> tuple[UUID, ...]:
        return (self.id, *self.within)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, with what decides about powers over the post."""

    id: UUID
    role: str
    unit_path: str
    authority_path: str


async def submit(
    work: Work,
    place: Place,
    speaker: Speaker,
    text: str,
    draft: UUID,
    *,
    media_ms: int | None = None,
    chosen: Sequence[UUID] = (),
) -> Post:
    """Take what was written with own pictures, once for each draft; the answer's state says where it stands.

    Refuses `mute.active` (with its end) while the speaker is paused or excluded here, `speaking.paused` while all are,
    `post.empty`.
    """
    if (before := await store.by_draft(work.tx, speaker.id, draft)) is not None:
        return before
    if not text.strip():
        raise Refusal("post.empty", status=422, field="text")
    await sanction.check(work, speaker.id, place.all)
    await pause.check(work, place.all)
    post = await _screened(work, place, speaker, text, draft, media_ms)
    await store.add(work.tx, post)
    await pictures.attach(work, post.id, chosen)
    place_data = {"kind": place.kind, "id": str(place.id)}
    work.emit(Event("post.written", str(post.id), {"author": str(post.author), "place": place_data}))
    await work.fail("posts.before_commit")
    if post.state is PostState.PUBLISHED:
        await tell_place(work, post)
    elif post.state is PostState.HELD:
        await tell_desk(work)
    return post


async def _screened(work: Work, place: Place, speaker: Speaker, text: str, draft: UUID, media_ms: int | None) -> Post:
    policy = work.services.policies.in_force(work.now)
    verdict = screen(text, deny_list())
    passed = policy.trust_posts if place.free else await store.published_count(work.tx, speaker.id)
    mode = Mode.AFTER if place.free else place.mode
    state = conduct.first_state(Screened(verdict.decision), mode, passed, policy)
    clean = state is PostState.HELD and verdict.decision == "pass" and mode is not Mode.BEFORE
    release_at = conduct.release_at(work.now, policy) if clean else None
    opens = None if place.free else conduct.opens_at(work.now, place.hours, policy)
    if opens and state is PostState.PUBLISHED:
        state, release_at = PostState.HELD, opens
    elif opens and release_at:
        release_at = max(release_at, opens)
    return Post(
        id=work.id(), place_kind=place.kind, place_id=place.id, place_name=place.name, author=speaker.id,
        author_role=speaker.role, unit_path=speaker.unit_path, authority_path=speaker.authority_path,
        audience_path=place.audience_path, draft=draft, text=text, state=state, version=1, written_at=work.now,
        state_at=work.now, media_ms=media_ms,
        screened=verdict.decision, category=verdict.category,
        marks=[[mark.begin, mark.end] for mark in verdict.marks],
        release_at=release_at,
        earlier=None, reports=0, covered=False, claimed_by=None, claimed_until=None, topic_class=place.topic_class,
    )  # fmt: skip


async def withdraw(work: Work, post_id: UUID) -> Post:
    """Its author takes a post back; it leaves every screen, a sealed copy stays."""
    post = await store.by_id(work.tx, post_id)
    if post is None or post.author != work.actor.id:
        raise Refusal("post.unknown", status=404)
    after = conduct.advance(post.state, PostAction.WITHDRAW, earlier_text=post.public is not None)
    if not await store.change(work.tx, post, state=after.value, state_at=work.now):
        raise Refusal("post.changed", status=412)
    work.emit(Event("post.changed", str(post.id)))
    await tell_change(work, post, replace(post, state=after))
    await tell_desk(work)
    return post


async def change(work: Work, post: Post, text: str, place: Place) -> Post:
    """The author changes what is published, held or blocked: the new text goes through screening like a new one.

    The text it had is kept; others read what was published until the new one is. What a person has held or
    returned waits for a person.
    """
    if post.state not in CHANGEABLE:
        raise Refusal("post.wrong_state", state=post.state.value, action="change", basis=Article(12))
    if not text.strip():
        raise Refusal("post.empty", status=422, field="text")
    await sanction.check(work, post.author, place.all)
    await pause.check(work, place.all)
    speaker = Speaker(post.author, post.author_role, post.unit_path, post.authority_path)
    fresh = await _screened(work, place, speaker, text, post.draft, post.media_ms)
    if fresh.state is PostState.PUBLISHED and await _held_by_person(work, post):
        fresh = replace(fresh, state=PostState.HELD, release_at=None)
    done = await store.change(
        work.tx, post, text=text, earlier=post.public, state=fresh.state.value, state_at=work.now,
        screened=fresh.screened, category=fresh.category, marks=fresh.marks, release_at=fresh.release_at,
        place_name=place.name,
    )  # fmt: skip
    if not done:
        raise Refusal("post.changed", status=412)
    await versions.keep(work.tx, post.id, post.text, work.now)
    changed = await store.by_id(work.tx, post.id)
    assert changed is not None
    await _tell_changed(work, post, changed)
    return changed


async def _held_by_person(work: Work, post: Post) -> bool:
    if post.state not in {PostState.HELD, PostState.BLOCKED}:
        return False
    return standing.held((await store.decisions_of(work.tx, [post.id]))[post.id])


async def _tell_changed(work: Work, before: Post, after: Post) -> None:
    await tell_change(work, before, after)
    work.emit(Event("post.changed", str(after.id)))
    if PostState.HELD in {before.state, after.state}:
        await tell_desk(work)
    await tell_author(work, after, None)
