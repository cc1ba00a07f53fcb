"""Reporting a post: it goes to the queue and stays visible, save suspected secrets (涉密), which are held at once."""

from uuid import UUID

from server.base.work import Work
from server.moderation import store
from server.moderation.decide import apply
from server.moderation.tell import tell_desk
from server.rules.conduct import PostAction, violations
from server.rules.refusal import Refusal, unknown


async def report(work: Work, post_id: UUID, kind: str, reason: str) -> None:
    """Report what is published; the same person's second report of a post changes nothing."""
    post = await store.by_id(work.tx, post_id)
    assert work.actor.id is not None
    if post is None or (post.public is None and post.author != work.actor.id):
        raise unknown("post")
    if post.author == work.actor.id:
        raise Refusal("report.own")
    if kind not in violations():
        raise Refusal("report.no_kind", status=422, field="kind")
    if await store.report(work.tx, work.id(), post_id, work.actor.id, kind, reason, work.now):
        if violations()[kind].hold_on_report:
            await _hold(work, post_id)
        await tell_desk(work)


async def _hold(work: Work, post_id: UUID) -> None:
    post = await store.by_id(work.tx, post_id)
    assert post is not None
    await apply(work, post, PostAction.HOLD, None, "art-12", None)
