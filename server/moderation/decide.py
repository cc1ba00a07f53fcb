"""Deciding: claim, decide, undo (rules §7)."""

from datetime import datetime, timedelta
from uuid import UUID

from server.base.clock import rfc3339
from server.base.outbox import Event
from server.base.work import Work
from server.moderation import standing, store, versions
from server.moderation.store import Decision, Post
from server.moderation.tell import tell_author, tell_change, tell_desk
from server.rules import conduct
from server.rules.conduct import GROUNDED, PostAction, PostState
from server.rules.refusal import Article, Clause, Refusal, unknown

UNDO_S = 10
DECIDED_BY_PEOPLE = GROUNDED | {PostAction.APPROVE, PostAction.RESTORE}


async def claim(work: Work, post_id: UUID) -> Post:
    """Take an item for `desk_claim_s`, so that two never decide at once; `desk.claimed` tells until when."""
    post = await _post(work, post_id)
    taken = post.claimed_until is not None and post.claimed_until > work.now
    if taken and post.claimed_by != work.actor.id:
        assert post.claimed_until is not None
        raise Refusal("desk.claimed", until=rfc3339(post.claimed_until), basis=Clause("desk_claim_s"))
    policy = work.services.policies.in_force(work.now)
    until = work.now + timedelta(seconds=policy.desk_claim_s)
    await store.set_claim(work.tx, post_id, work.actor.id, until)
    await tell_desk(work)
    return await _post(work, post_id)


async def release_claim(work: Work, post_id: UUID) -> None:
    """Give an item back to the queue."""
    post = await _post(work, post_id)
    if post.claimed_by == work.actor.id:
        await store.set_claim(work.tx, post_id, None, None)
        await tell_desk(work)


async def decide(
    work: Work, post_id: UUID, version: int, action: PostAction, kind: str | None, basis: str | None, reason: str | None
) -> Decision:
    """Decide about the version that was seen; against the author only with kind, basis and reason."""
    post = await _post(work, post_id)
    await _check(work, post, version, action)
    if action in GROUNDED:
        _grounds(kind, basis, reason)
    return await apply(work, post, action, kind, basis, reason)


async def apply(
    work: Work, post: Post, action: PostAction, kind: str | None, basis: str | None, reason: str | None
) -> Decision:
    """Carry a decision out and write it down; told to the author, the place and the desk."""
    after = conduct.advance(post.state, action, earlier_text=post.public is not None)
    decision = Decision(
        work.id(), post.id, post.version, action.value, post.state.value, work.actor.id, work.now,
        kind, basis, reason, None,
    )  # fmt: skip
    await store.decide(work.tx, decision)
    await work.fail("decision.after_row")
    await _move(work, post, after, decision)
    if action is not PostAction.HOLD:  # which leaves what was reported to a person
        await store.settle_reports(work.tx, post.id, work.now)
    return decision


async def undo(work: Work, decision_id: UUID) -> Decision:
    """Take an own decision back within ten seconds; the undo is itself a row."""
    decision = await store.decision(work.tx, decision_id)
    if decision is None or decision.actor != work.actor.id:
        raise unknown("decision")
    if work.now > decision.at + timedelta(seconds=UNDO_S):
        raise Refusal("decision.late", seconds=UNDO_S)
    post = await _post(work, decision.post)
    if post.version != decision.version + 1:
        raise Refusal("post.changed", status=412)
    back = Decision(
        work.id(), post.id, post.version, "undo", post.state.value, work.actor.id, work.now,
        None, None, None, decision.id,
    )  # fmt: skip
    await store.decide(work.tx, back)
    await _move(work, post, PostState(decision.was), None, since=await _stood_since(work, post, decision))
    await store.reopen_reports(work.tx, post.id, decision.at)
    return back


async def _stood_since(work: Work, post: Post, decision: Decision) -> datetime:
    """Since when a post stood as it did before a decision; who waits again has waited all the while."""
    taken = (await store.decisions_of(work.tx, [post.id]))[post.id]
    stood = [each.at for each in standing.valid(taken) if each.id != decision.id]
    edited = await versions.edited(work.tx, [post.id])
    return max([post.written_at, *stood, *edited.values()])


async def _move(
    work: Work, post: Post, after: PostState, decision: Decision | None, *, since: datetime | None = None
) -> None:
    hold = decision is not None and decision.action == PostAction.HOLD
    changed = await store.change(
        work.tx, post, state=after.value, state_at=since or work.now, release_at=None, claimed_by=None,
        claimed_until=None, earlier=None if hold else post.earlier,
    )  # fmt: skip
    if not changed:
        raise Refusal("post.changed", status=412)
    now = await _post(work, post.id)
    await tell_change(work, post, now)
    if after is not post.state:
        await tell_author(work, now, decision)
        work.emit(Event("post.decided", str(post.id), _said(now, decision)))
    await tell_desk(work)


def _said(post: Post, decision: Decision | None) -> dict[str, str | None]:
    """What an event tells of a decision: never the text or the reason; `action` None is an undo."""
    grounds = (decision.action, decision.kind, decision.basis) if decision else (None, None, None)
    told = dict(zip(("action", "kind", "basis"), grounds, strict=True))
    return {"author": str(post.author), "state": post.state.value, "place": post.place_name, **told}


async def _check(work: Work, post: Post, version: int, action: PostAction) -> None:
    if action not in DECIDED_BY_PEOPLE:
        raise Refusal("post.wrong_state", state=post.state.value, action=action.value)
    if post.version != version:
        raise Refusal("post.changed", status=412, version=post.version)
    if post.claimed_until is not None and post.claimed_until > work.now and post.claimed_by != work.actor.id:
        raise Refusal("desk.claimed", until=rfc3339(post.claimed_until), basis=Clause("desk_claim_s"))


def _grounds(kind: str | None, basis: str | None, reason: str | None) -> None:
    if kind not in conduct.violations():
        raise Refusal("decision.no_kind", status=422, field="kind", basis=Article(12))
    if not basis:
        raise Refusal("decision.no_basis", status=422, field="basis", basis=Article(12))
    if not reason or not reason.strip():
        raise Refusal("decision.no_reason", status=422, field="reason", basis=Article(12))


async def _post(work: Work, post_id: UUID) -> Post:
    post = await store.by_id(work.tx, post_id)
    if post is None:
        raise unknown("post")
    return post
