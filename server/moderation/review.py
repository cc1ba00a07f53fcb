"""Review (申请复核): asked once within `review_days`, decided by another person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.clock import rfc3339
from server.base.outbox import Event
from server.base.work import Work
from server.moderation import standing, store
from server.moderation.decide import apply
from server.moderation.store import Decision, Post, Review
from server.moderation.tell import tell_desk
from server.rules import conduct
from server.rules.conduct import PostAction, PostState
from server.rules.policy import Policy
from server.rules.refusal import Refusal, unknown


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision against an author that is not the last word: a review may be asked until then, or is under way."""

    post: Post
    until: datetime
    asked: bool


async def pending(tx: AsyncConnection, author: UUID, now: datetime, policy: Policy) -> list[Pending]:
    """What an author may still ask a review of, or waits for the outcome of; the latest decision first."""
    against = await store.against(tx, author, now - timedelta(days=2 * policy.review_days))
    found = []
    for post, (judged, asked) in zip(against, await judgements(tx, against), strict=True):
        until = conduct.review_until(judged.at, policy) if judged else now
        if (asked.outcome is None) if asked else now < until:
            found.append(Pending(post, until, asked is not None))
    return found


async def judgements(tx: AsyncConnection, found: Sequence[Post]) -> list[tuple[Decision | None, Review | None]]:
    """The decision against the author of each of these posts that stands, with its review, where there are any."""
    taken = await store.decisions_of(tx, [post.id for post in found])
    judged = [standing.against(taken[post.id]) for post in found]
    asked = await store.reviews_of(tx, [each.id for each in judged if each])
    return [(each, asked.get(each.id) if each else None) for each in judged]


async def ask(work: Work, post_id: UUID, text: str) -> Review:
    """The author asks once for another person's look."""
    post = await store.by_id(work.tx, post_id)
    if post is None or post.author != work.actor.id:
        raise unknown("post")
    [(decision, asked)] = await judgements(work.tx, [post])
    if decision is None:
        raise Refusal("review.nothing")
    conduct.check_review(decision.at, asked is not None, work.now, work.services.policies.in_force(work.now))
    await store.ask_review(work.tx, work.id(), decision, text, work.now)
    await tell_desk(work)
    return (await store.reviews_of(work.tx, [decision.id]))[decision.id]


async def settle(work: Work, review_id: UUID, *, overturn: bool, reason: str) -> None:
    """Confirm or overturn; never by whoever decided, never on one's own post.

    Only the decision that was looked at is overturned: where another one stands by now, the post stays as it is.
    """
    review = await store.review(work.tx, review_id)
    if review is None:
        raise unknown("review")
    assert work.actor.id is not None
    decision = await store.decision(work.tx, review.decision)
    post = await store.by_id(work.tx, review.post)
    assert decision is not None
    assert post is not None
    if work.actor.id in {decision.actor, post.author}:
        raise Refusal("power.self", status=403)
    outcome = "overturned" if overturn else "confirmed"
    if not await store.settle_review(work.tx, review_id, outcome, reason, work.actor.id, work.now):
        raise Refusal("review.settled")
    await work.fail("review.after_row")
    if overturn and await _stands(work, post, decision):
        await apply(work, post, PostAction.OVERTURN, None, decision.basis, reason)
    work.push(
        f"person:{post.author}",
        "review.settled",
        {"post": str(post.id), "outcome": outcome, "reason": reason, "at": rfc3339(work.now)},
    )
    told = {"author": str(post.author), "outcome": outcome, "basis": decision.basis, "place": post.place_name}
    work.emit(Event("review.settled", str(post.id), told))
    await tell_desk(work)


async def _stands(work: Work, post: Post, decision: Decision) -> bool:
    if post.state not in {PostState.REJECTED, PostState.REMOVED}:
        return False
    [(standing_one, _)] = await judgements(work.tx, [post])
    return standing_one == decision
