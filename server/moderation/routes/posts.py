"""Endpoints for those who speak and read: reports, reviews asked, one's own posts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.base.api import SIGNED_IN, Ask, Body, Query, Routes, View
from server.moderation import report, review, store, write
from server.moderation.routes.shapes import Code, Reason
from server.moderation.store import Post
from server.moderation.targets import post_target
from server.moderation.tell import shown
from server.moderation.views import PostView
from server.rules.conduct import review_until
from server.rules.policy import Policy
from server.rules.powers import Power

routes = Routes("post")


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
    kind: str
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
        both = zip(mine, await shown(tx, mine, ask.me), await review.judgements(tx, mine), strict=True)
        found = [_own(post, view, judged, asked, policy) for post, view, (judged, asked) in both]
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
    place = OwnPlace(kind=post.place_kind, id=post.place_id, title=post.place_name)
    return OwnPost.model_validate({**view, "place": place, "decision": decision, "review": review_view})
