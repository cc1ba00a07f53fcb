"""Endpoints of the desk, of reports and reviews, of sanctions and of one's own posts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import SIGNED_IN, Ask, Body, Query, Routes, View
from server.base.shapes import Moment, Version
from server.base.work import require
from server.moderation import decide, desk, report, review, sanction, store, write
from server.moderation.store import Post
from server.moderation.tables import posts
from server.moderation.tell import shown
from server.moderation.views import (
    AuthorRecord,
    DecisionView,
    HistoryLine,
    Item,
    PostView,
    ReviewView,
    SanctionView,
    decision_view,
    history,
    items,
    review_views,
    sanction_views,
)
from server.people.targets import person_target
from server.rules.conduct import PostAction, SanctionKind, review_until
from server.rules.policy import Policy
from server.rules.powers import Power, Target, TargetKind, may
from server.rules.refusal import unknown

routes = Routes("post")

Reason = Annotated[str, Field(min_length=1, max_length=500)]
Code = Annotated[str, Field(max_length=32)]
Basis = Annotated[str, Field(pattern=r"^(art-\d{1,2}|policy-[a-z_]{1,40})$")]


def target_of(post: Post, hands: frozenset[UUID] = frozenset()) -> Target:
    """A post as powers are asked about it."""
    class_id = post.place_id if post.place_kind == "class" else None
    return Target(
        TargetKind.POST, owner=post.author, unit_path=post.unit_path, authority_path=post.authority_path,
        class_id=class_id, audience_path=post.audience_path, hands=hands,
    )  # fmt: skip


async def post_target(tx: AsyncConnection, post_id: UUID) -> Target | None:
    post = await store.by_id(tx, post_id)
    return target_of(post) if post else None


async def decision_target(tx: AsyncConnection, decision_id: UUID) -> Target | None:
    found = await store.decision(tx, decision_id)
    return await post_target(tx, found.post) if found else None


async def review_target(tx: AsyncConnection, review_id: UUID) -> Target | None:
    found = await store.review(tx, review_id)
    judged = await store.decision(tx, found.decision) if found else None
    post = await store.by_id(tx, found.post) if found else None
    if post is None or judged is None:
        return None
    return target_of(post, frozenset({judged.actor} if judged.actor else ()))


async def sanction_target(tx: AsyncConnection, sanction_id: UUID) -> Target | None:
    found = await sanction.by_id(tx, sanction_id)
    if found is None:
        return None
    return Target(
        TargetKind.SANCTION, owner=found.person, unit_path=found.unit_path, authority_path=found.authority_path,
        class_id=found.place_id, hands=frozenset({found.proposed_by}),
    )  # fmt: skip


class CountsView(View):
    held: int
    reported: int
    reviews: int
    sanctions: int


class ItemsView(View):
    items: list[Item]
    total: int
    page: int
    size: int
    counts: CountsView


class ItemsQuery(Query):
    state: Literal["waiting", "held", "reported", "decided"] = "waiting"
    place: UUID | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=200)] = 50


@routes.get("/api/v1/desk/items", power=Power.DESK_SEE, title="What waits for a person, live places first")
async def queue(ask: Ask, query: ItemsQuery) -> ItemsView:
    where = [desk.bounded(ask.actor, ask.now), desk.STATES[query.state]]
    if query.place is not None:
        where.append(posts.c.place_id == query.place)
    async with ask.read() as tx:
        found, total = await store.queue(tx, where, offset=(query.page - 1) * query.size, limit=query.size)
        counted = await desk.counts(tx, ask.actor, ask.now)
        shown_items = await items(tx, found, ask.me, ask.now)
    counts = CountsView.model_validate(counted)
    return ItemsView(items=shown_items, total=total, page=query.page, size=query.size, counts=counts)


class WholeItem(Item):
    before: list[PostView]
    history: list[HistoryLine]
    author_record: AuthorRecord


@routes.get("/api/v1/desk/items/{post_id}", power=Power.DESK_SEE, target=post_target, title="One item with its context")
async def item(ask: Ask, post_id: UUID) -> WholeItem:
    async with ask.read() as tx:
        post = await store.by_id(tx, post_id)
        if post is None:
            raise unknown("post")
        [shown_item] = await items(tx, [post], ask.me, ask.now)
        before = await store.in_place(tx, post.place_kind, post.place_id, ask.me, before=post.id, limit=3)
        record = AuthorRecord(
            removed=await store.against_author(tx, post.author),
            sanctions=len(await sanction.of_person(tx, post.author)),
        )
        return WholeItem(
            **shown_item.model_dump(),
            before=[PostView(**each) for each in await shown(tx, before, ask.me)],
            history=await history(tx, post_id),
            author_record=record,
        )


@routes.post("/api/v1/desk/items/{post_id}/claim", power=Power.DESK_DECIDE, target=post_target, title="Take an item")
async def claim(ask: Ask, post_id: UUID) -> Item:
    post = await ask.do(decide.claim, post_id)
    async with ask.read() as tx:
        return (await items(tx, [post], ask.me, ask.now))[0]


@routes.post("/api/v1/desk/items/{post_id}/release", power=Power.DESK_DECIDE, target=post_target, title="Give it back")
async def release(ask: Ask, post_id: UUID) -> None:
    await ask.do(decide.release_claim, post_id)


class DecisionBody(Body):
    version: Version
    decision: Literal["approve", "reject", "remove", "restore"]
    kind: Code | None = None
    basis: Basis | None = None
    reason: Annotated[str, Field(max_length=500)] | None = None


class Decided(View):
    decision: DecisionView
    item: Item


@routes.post("/api/v1/desk/items/{post_id}/decision", power=Power.DESK_DECIDE, target=post_target, title="Decide")
async def decision(ask: Ask, post_id: UUID, body: DecisionBody) -> Decided:
    action = PostAction(body.decision)
    taken = await ask.do(decide.decide, post_id, body.version, action, body.kind, body.basis, body.reason)
    return await _decided(ask, taken)


async def _decided(ask: Ask, taken: store.Decision) -> Decided:
    async with ask.read() as tx:
        post = await store.by_id(tx, taken.post)
        if post is None:
            raise unknown("post")
        return Decided(decision=decision_view(taken, {}, ask.now), item=(await items(tx, [post], ask.me, ask.now))[0])


@routes.post(
    "/api/v1/desk/decisions/{decision_id}/undo", power=Power.DESK_DECIDE, target=decision_target, title="Take it back"
)
async def undo(ask: Ask, decision_id: UUID) -> Decided:
    return await _decided(ask, await ask.do(decide.undo, decision_id))


class ReviewsView(View):
    items: list[ReviewView]


@routes.get("/api/v1/desk/reviews", power=Power.DESK_REVIEW, title="Reviews that wait for another person")
async def reviews(ask: Ask) -> ReviewsView:
    async with ask.read() as tx:
        found = [each for each in await store.open_reviews(tx) if _may_review(ask, each[1], each[2])]
        return ReviewsView(items=await review_views(tx, found, ask.me, ask.now))


def _may_review(ask: Ask, post: Post, judged: store.Decision) -> bool:
    hands = frozenset({judged.actor} if judged.actor else ())
    return may(ask.actor.holdings, Power.DESK_REVIEW, target_of(post, hands), ask.now, ask.me)


class ReviewDecision(Body):
    decision: Literal["confirm", "overturn"]
    reason: Reason


@routes.post(
    "/api/v1/desk/reviews/{review_id}/decision", power=Power.DESK_REVIEW, target=review_target, noun="review",
    title="Confirm or overturn as another person",
)  # fmt: skip
async def settle_review(ask: Ask, review_id: UUID, body: ReviewDecision) -> None:
    await ask.do(review.settle, review_id, overturn=body.decision == "overturn", reason=body.reason)


class ReportBody(Body):
    kind: Code
    reason: Reason


@routes.post("/api/v1/posts/{post_id}/report", power=Power.POSTS_REPORT, target=post_target, title="Report a post")
async def report_post(ask: Ask, post_id: UUID, body: ReportBody) -> None:
    await ask.do(report.report, post_id, body.kind, body.reason)


@routes.post("/api/v1/posts/{post_id}/withdraw", power=SIGNED_IN, title="Take an own post back")
async def withdraw(ask: Ask, post_id: UUID) -> None:
    await ask.do(write.withdraw, post_id)


class ReviewBody(Body):
    text: Annotated[str, Field(min_length=1, max_length=1000)]


@routes.post("/api/v1/posts/{post_id}/review", power=SIGNED_IN, title="Ask another person to look again (申请复核)")
async def ask_review(ask: Ask, post_id: UUID, body: ReviewBody) -> None:
    await ask.do(review.ask, post_id, body.text)


class PlaceBody(Body):
    kind: Literal["class"]
    id: UUID
    name: Annotated[str, Field(max_length=200)]


class SanctionBody(Body):
    kind: SanctionKind
    place: PlaceBody | None = None
    until: Moment | None = None
    basis: Basis
    reason: Reason


@routes.post(
    "/api/v1/people/{person_id}/sanctions", power=Power.SANCTION_PLACE, target=person_target, status=201,
    noun="person", title="Warn, pause or exclude a person from speaking",
)  # fmt: skip
async def impose(ask: Ask, person_id: UUID, body: SanctionBody) -> SanctionView:
    async with ask.read() as tx:
        target = await person_target(tx, person_id)
    if body.place is None:
        require(ask.actor, Power.SANCTION, target, "person", ask.now)
    where = sanction.Where(body.place.kind, body.place.id, body.place.name) if body.place else None
    made = await ask.do(sanction.impose, person_id, body.kind, where, body.until, body.basis, body.reason)
    return await _sanction(ask, made)


class SanctionsView(View):
    items: list[SanctionView]


@routes.get("/api/v1/desk/sanctions", power=Power.DESK_SEE, title="Sanctions, and proposals for a second person")
async def sanctions(ask: Ask) -> SanctionsView:
    async with ask.read() as tx:
        found = await sanction.for_desk(tx, desk.sanctions_within(ask.actor, ask.now), ask.now)
        return SanctionsView(items=await sanction_views(tx, found, ask.me, ask.now))


@routes.post(
    "/api/v1/desk/sanctions/{sanction_id}/confirm", power=Power.SANCTION_CONFIRM, target=sanction_target,
    noun="sanction", title="Confirm a long sanction as a second person",
)  # fmt: skip
async def confirm(ask: Ask, sanction_id: UUID) -> SanctionView:
    return await _sanction(ask, await ask.do(sanction.settle, sanction_id, confirm=True))


@routes.post(
    "/api/v1/desk/sanctions/{sanction_id}/refuse", power=Power.SANCTION_CONFIRM, target=sanction_target,
    noun="sanction", title="Refuse a long sanction as a second person",
)  # fmt: skip
async def refuse(ask: Ask, sanction_id: UUID) -> SanctionView:
    return await _sanction(ask, await ask.do(sanction.settle, sanction_id, confirm=False))


async def _sanction(ask: Ask, found: sanction.Sanction) -> SanctionView:
    async with ask.read() as tx:
        return (await sanction_views(tx, [found], ask.me, ask.now))[0]


class OwnDecision(View):
    id: UUID
    kind: str | None
    basis: str | None
    reason: str | None
    at: datetime
    review_until: datetime


class OwnReview(View):
    state: str
    reason: str | None


class OwnPlace(View):
    id: UUID
    title: str


class OwnPost(PostView):
    place: OwnPlace
    decision: OwnDecision | None
    review: OwnReview | None


class OwnPosts(View):
    items: list[OwnPost]
    next: UUID | None


class OwnQuery(Query):
    before: UUID | None = None


@routes.get("/api/v1/me/posts", power=SIGNED_IN, title="What I have said, and what became of it")
async def my_posts(ask: Ask, query: OwnQuery) -> OwnPosts:
    policy = ask.services.policies.in_force(ask.now)
    async with ask.read() as tx:
        mine = await store.of_author(tx, ask.me, before=query.before, limit=50)
        views = await shown(tx, mine, ask.me)
        found = []
        for post, view in zip(mine, views, strict=True):
            judged = await review.standing(tx, post.id)
            asked = await store.review_of(tx, judged.id) if judged else None
            found.append(_own(post, view, judged, asked, policy))
    return OwnPosts(items=found, next=mine[-1].id if len(mine) == 50 else None)


def _own(
    post: Post, view: dict[str, object], judged: store.Decision | None, asked: store.Review | None, policy: Policy
) -> OwnPost:
    decision = None
    if judged is not None:
        until = review_until(judged.at, policy)
        decision = OwnDecision(
            id=judged.id, kind=judged.kind, basis=judged.basis, reason=judged.reason, at=judged.at, review_until=until
        )
    review_view = OwnReview(state=asked.outcome or "open", reason=asked.reason) if asked else None
    place = OwnPlace(id=post.place_id, title=post.place_name)
    return OwnPost.model_validate({**view, "place": place, "decision": decision, "review": review_view})


routes.topic("desk", power=Power.DESK_SEE, target=None)
