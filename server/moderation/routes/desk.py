"""Endpoints of the desk: the queue, claims, decisions, and reviews by another person."""

from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import Ask, Body, Query, Routes, View
from server.base.shapes import Version
from server.moderation import decide, desk, filters, review, sanction, store
from server.moderation.routes.shapes import Basis, Code, Reason
from server.moderation.tables import posts
from server.moderation.targets import decision_target, post_target, review_target
from server.moderation.tell import shown
from server.moderation.views import (
    AuthorRecord,
    DecisionView,
    HistoryLine,
    Item,
    PostView,
    ReviewView,
    TextView,
    decision_view,
    history,
    items,
    review_views,
    texts,
)
from server.people import units
from server.rules.conduct import PostAction
from server.rules.powers import Power
from server.rules.refusal import unknown

routes = Routes("post")


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


State = Literal["waiting", "held", "reported", "decided"]


class ItemsQuery(Query):
    """`kind` and `place`: where it was said; `centre`: the sub-centre of who said it; `sort=waited`: live ones, too,
    only by how long they wait.
    """

    state: State = "waiting"
    kind: Annotated[str, Field(max_length=16)] | None = None
    place: UUID | None = None
    centre: UUID | None = None
    sort: Literal["live", "waited"] = "live"
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=200)] = 50


@routes.get("/api/v1/desk/items", power=Power.DESK_SEE, title="What waits for a person, live places first")
async def queue(ask: Ask, query: ItemsQuery) -> ItemsView:
    async with ask.read() as tx:
        where = [desk.bounded(ask.actor, ask.now), desk.STATES[query.state], *await _chosen(tx, query)]
        order = desk.order(query.state, query.sort)
        found, total = await store.queue(tx, where, order, offset=(query.page - 1) * query.size, limit=query.size)
        counted = await desk.counts(tx, ask.actor, ask.now)
        shown_items = await items(tx, found, ask.me, ask.now)
    counts = CountsView.model_validate(counted)
    return ItemsView(items=shown_items, total=total, page=query.page, size=query.size, counts=counts)


async def _chosen(tx: AsyncConnection, query: ItemsQuery) -> list[Any]:
    where = []
    if query.kind is not None:
        where.append(filters.of_kind(query.kind))
    if query.place is not None:
        where.append(posts.c.place_id == query.place)
    if query.centre is not None:
        centre = await units.unit(tx, query.centre)
        where.append(posts.c.unit_path.startswith(centre.path, autoescape=True) if centre else sa.false())
    return where


class ChoiceView(View):
    kind: str
    id: UUID
    name: str
    count: int


class ChoicesView(View):
    """What the list can be narrowed to; `kinds` are those of places, with how many posts each has."""

    kinds: dict[str, int]
    places: list[ChoiceView]
    centres: list[ChoiceView]


class ChoicesQuery(Query):
    state: State = "waiting"


@routes.get("/api/v1/desk/choices", power=Power.DESK_SEE, title="What the list of the desk can be narrowed to")
async def choices(ask: Ask, query: ChoicesQuery) -> ChoicesView:
    async with ask.read() as tx:
        found = await filters.choices(tx, sa.and_(desk.bounded(ask.actor, ask.now), desk.STATES[query.state]))
    return ChoicesView.model_validate(found)


class TextsView(View):
    """The texts of a post, oldest first; the last one is that of now."""

    items: list[TextView]


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


@routes.get(
    "/api/v1/desk/items/{post_id}/versions", power=Power.DESK_SEE, target=post_target, look="versions",
    title="All texts that a post has had",
)  # fmt: skip
async def item_versions(ask: Ask, post_id: UUID) -> TextsView:
    async with ask.read() as tx:
        post = await store.by_id(tx, post_id)
        if post is None:
            raise unknown("post")
        return TextsView(items=await texts(tx, post))


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
    decision: Literal["approve", "reject", "return", "remove", "restore"]
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
        found = await store.open_reviews(tx, desk.reviews_within(ask.actor, ask.now))
        return ReviewsView(items=await review_views(tx, found, ask.me, ask.now))


class ReviewDecision(Body):
    decision: Literal["confirm", "overturn"]
    reason: Reason


@routes.post(
    "/api/v1/desk/reviews/{review_id}/decision", power=Power.DESK_REVIEW, target=review_target, noun="review",
    title="Confirm or overturn as another person",
)  # fmt: skip
async def settle_review(ask: Ask, review_id: UUID, body: ReviewDecision) -> None:
    await ask.do(review.settle, review_id, overturn=body.decision == "overturn", reason=body.reason)


routes.topic("desk", power=Power.DESK_SEE, target=None)
