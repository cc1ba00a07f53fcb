"""What the desk and the author read of posts, decisions, reviews and sanctions."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import View
from server.base.shapes import Named
from server.moderation import pictures, store, versions
from server.moderation.decide import UNDO_S
from server.moderation.sanction import Sanction
from server.moderation.store import Decision, Post, Review
from server.people import store as people
from server.people.store import Person


class Author(View):
    id: UUID
    name: str
    unit: str | None


class PlaceView(View):
    kind: str
    id: UUID
    title: str
    live: bool


class PostReport(View):
    kind: str
    reason: str
    at: datetime


class ClaimView(View):
    by: Named
    until: datetime
    mine: bool


class DecisionView(View):
    id: UUID
    action: str
    kind: str | None
    basis: str | None
    reason: str | None
    by: Named | None
    at: datetime
    undo_until: datetime | None


class PostPicture(View):
    """A picture of a post, at `/api/v1/forum/pictures/{id}`; sizes in pixels, `alt` says what it shows."""

    id: UUID
    alt: str
    width: int
    height: int


class Item(View):
    """A post on the desk; `earlier` is what others read meanwhile, where that is another text."""

    id: UUID
    text: str
    earlier: str | None
    pictures: list[PostPicture]
    marks: list[list[int]]
    category: str | None
    author: Author
    place: PlaceView
    state: str
    version: int
    written_at: datetime
    waiting_since: datetime
    at_ms: int | None
    reports: list[PostReport]
    claimed: ClaimView | None
    decision: DecisionView | None


class HistoryLine(View):
    at: datetime
    by: Named | None
    action: str
    kind: str | None
    basis: str | None
    reason: str | None


class TextView(View):
    """A text that a post had from `at` until `until` (None: has it now), and who wrote it."""

    text: str
    by: Named
    at: datetime
    until: datetime | None


class AuthorRecord(View):
    removed: int
    sanctions: int


class ReviewView(View):
    id: UUID
    item: Item
    text: str
    asked_at: datetime
    decision: DecisionView


class SanctionView(View):
    id: UUID
    person: Author
    kind: str
    place: PlaceView | None
    until: datetime | None
    basis: str
    reason: str
    by: Named
    at: datetime
    state: Literal["proposed", "in_force", "ended", "refused"]
    mine: bool


class PostAuthor(View):
    """Who speaks: real name and unit (Article 8), and what they are in the place."""

    id: UUID
    name: str
    unit: str | None
    role: str


class PostView(View):
    """A post as its readers see it."""

    id: UUID
    draft: UUID | None
    author: PostAuthor
    text: str
    written_at: datetime
    at_ms: int | None
    state: str
    kind: str | None
    basis: str | None
    reason: str | None


def named(person: Person | None, id: UUID) -> Named:
    return Named(id=id, name=person.name if person else "")


def author(person: Person | None, id: UUID) -> Author:
    return Author(id=id, name=person.name if person else "", unit=person.unit_name if person else None)


async def items(tx: AsyncConnection, posts: list[Post], viewer: UUID, now: datetime) -> list[Item]:
    """Posts as desk items."""
    named_posts = [post.id for post in posts]
    last = {post: taken[-1] for post, taken in (await store.decisions_of(tx, named_posts)).items()}
    told, kept = await store.reports_of(tx, named_posts), await pictures.of_posts(tx, named_posts)
    ids = {post.author for post in posts} | {post.claimed_by for post in posts if post.claimed_by}
    ids |= {each.actor for each in last.values() if each.actor}
    names = await people.many(tx, ids)
    return [_item(post, last.get(post.id), told[post.id], kept[post.id], names, viewer, now) for post in posts]


def _item(
    post: Post,
    last: Decision | None,
    told: list[tuple[str, str, datetime]],
    kept: list[pictures.Kept],
    names: dict[UUID, Person],
    viewer: UUID,
    now: datetime,
) -> Item:
    claimed = None
    if post.claimed_by and post.claimed_until and post.claimed_until > now:
        by = named(names.get(post.claimed_by), post.claimed_by)
        claimed = ClaimView(by=by, until=post.claimed_until, mine=post.claimed_by == viewer)
    return Item(
        id=post.id, text=post.text, earlier=None if post.public == post.text else post.public, marks=post.marks,
        category=post.category,
        pictures=[PostPicture.model_validate(each) for each in kept],
        author=author(names.get(post.author), post.author),
        place=PlaceView(kind=post.place_kind, id=post.place_id, title=post.place_name, live=post.place_kind == "class"),
        state=post.state.value, version=post.version, written_at=post.written_at, waiting_since=post.state_at,
        at_ms=post.media_ms, reports=[PostReport(kind=kind, reason=reason, at=at) for kind, reason, at in told],
        claimed=claimed, decision=decision_view(last, names, now) if last else None,
    )  # fmt: skip


def decision_view(decision: Decision, names: dict[UUID, Person], now: datetime) -> DecisionView:
    undo_until = decision.at + timedelta(seconds=UNDO_S)
    return DecisionView(
        id=decision.id, action=decision.action, kind=decision.kind, basis=decision.basis, reason=decision.reason,
        by=named(names.get(decision.actor), decision.actor) if decision.actor else None, at=decision.at,
        undo_until=undo_until if now <= undo_until and decision.action != "undo" else None,
    )  # fmt: skip


async def history(tx: AsyncConnection, post: UUID) -> list[HistoryLine]:
    """All that was decided about a post, oldest first."""
    taken = (await store.decisions_of(tx, [post]))[post]
    names = await people.many(tx, {each.actor for each in taken if each.actor})
    return [
        HistoryLine(
            at=each.at, by=named(names.get(each.actor), each.actor) if each.actor else None, action=each.action,
            kind=each.kind, basis=each.basis, reason=each.reason,
        )
        for each in taken
    ]  # fmt: skip


async def texts(tx: AsyncConnection, post: Post) -> list[TextView]:
    """All texts that a post has had, oldest first."""
    names = await people.many(tx, {post.author})
    had = [(each.text, each.replaced_at) for each in await versions.of_post(tx, post.id)]
    begins = [post.written_at, *(until for _, until in had)]
    by = named(names.get(post.author), post.author)
    return [
        TextView(text=text, by=by, at=at, until=until)
        for at, (text, until) in zip(begins, [*had, (post.text, None)], strict=True)
    ]


async def review_views(
    tx: AsyncConnection, found: list[tuple[Review, Post, Decision]], viewer: UUID, now: datetime
) -> list[ReviewView]:
    """Reviews that wait."""
    names = await people.many(tx, {judged.actor for _, _, judged in found if judged.actor})
    shown = await items(tx, [post for _, post, _ in found], viewer, now)
    return [
        ReviewView(
            id=review.id, item=item, text=review.text, asked_at=review.asked_at,
            decision=decision_view(judged, names, now),
        )
        for (review, _, judged), item in zip(found, shown, strict=True)
    ]  # fmt: skip


async def sanction_views(tx: AsyncConnection, found: list[Sanction], viewer: UUID, now: datetime) -> list[SanctionView]:
    """Sanctions as the desk lists them."""
    names = await people.many(tx, {each.person for each in found} | {each.proposed_by for each in found})
    return [_sanction(each, names, viewer, now) for each in found]


def _sanction(each: Sanction, names: dict[UUID, Person], viewer: UUID, now: datetime) -> SanctionView:
    place = None
    if each.place_id and each.place_kind:
        place = PlaceView(kind=each.place_kind, id=each.place_id, title=each.place_name or "", live=False)
    state: Any = {"active": "in_force" if each.holds(now) else "ended"}.get(each.state, each.state)
    return SanctionView(
        id=each.id, person=author(names.get(each.person), each.person), kind=each.kind, place=place, until=each.until,
        basis=each.basis, reason=each.reason, by=named(names.get(each.proposed_by), each.proposed_by),
        at=each.proposed_at, state=state, mine=each.proposed_by == viewer,
    )  # fmt: skip
