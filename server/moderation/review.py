"""Review (申请复核): asked once within `review_days`, decided by another person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.clock import rfc3339
from server.base.outbox import Event
from server.base.work import Work
from server.moderation import store
from server.moderation.decide import apply
from server.moderation.store import Decision, Post, Review
from server.moderation.tell import tell_desk
from server.rules import conduct
from server.rules.conduct import AGAINST_AUTHOR, PostAction, PostState
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
    found = []
    for post in await store.against(tx, author, now - timedelta(days=2 * policy.review_days)):
        judged = await standing(tx, post.id)
        asked = await store.review_of(tx, judged.id) if judged else None
        until = conduct.review_until(judged.at, policy) if judged else now
        if (asked.outcome is None) if asked else now < until:
            found.append(Pending(post, until, asked is not None))
    return found


async def standing(tx: AsyncConnection, post_id: UUID) -> Decision | None:
    """The decision against the author that stands, if one does."""
    taken = await store.decisions_of(tx, post_id)
    undone = {each.undoes for each in taken}
    last = next((each for each in reversed(taken) if each.action != "undo" and each.id not in undone), None)
    return last if last and last.action in {action.value for action in AGAINST_AUTHOR} else None


async def ask(work: Work, post_id: UUID, text: str) -> Review:
    """The author asks once for another person's look."""
    post = await store.by_id(work.tx, post_id)
    if post is None or post.author != work.actor.id:
        raise unknown("post")
    decision = await standing(work.tx, post_id)
    if decision is None:
        raise Refusal("review.nothing")
    asked = await store.review_of(work.tx, decision.id)
    conduct.check_review(decision.at, asked is not None, work.now, work.services.policies.in_force(work.now))
    await store.ask_review(work.tx, work.id(), decision, text, work.now)
    await tell_desk(work)
    review = await store.review_of(work.tx, decision.id)
    assert review is not None
    return review


async def settle(work: Work, review_id: UUID, *, overturn: bool, reason: str) -> None:
    """Confirm or overturn; never by whoever decided, never on one's own post."""
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
    if overturn and post.state is not PostState.WITHDRAWN:
        await apply(work, post, PostAction.OVERTURN, None, decision.basis, reason)
    work.push(
        f"person:{post.author}",
        "review.settled",
        {"post": str(post.id), "outcome": outcome, "reason": reason, "at": rfc3339(work.now)},
    )
    told = {"author": str(post.author), "outcome": outcome, "basis": decision.basis, "place": post.place_name}
    work.emit(Event("review.settled", str(post.id), told))
    await tell_desk(work)
