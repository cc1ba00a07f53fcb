"""Opening a stay: one visit of one learner to one activity on one device (rules §3.3)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from server.attendance import store
from server.attendance.check import withdraw
from server.attendance.evidence import last_receipts
from server.attendance.lesson import Lesson, lesson
from server.attendance.store import CLASS, Earner, Stay
from server.base.work import Work
from server.rules.policy import Policy
from server.rules.presence import Reason
from server.rules.refusal import Article, Refusal, unknown

MAX_STAYS = 200
"""Most stays of one learner in one class; each page load is one."""

Gone = Callable[[Stay], bool]
"""Whether the page of a stay is known to be gone (its browser opened another in its place)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new stay; `other` is the stay that earns instead of it, since `other_since_ms`."""

    stay: Stay
    earning: bool
    policy: Policy
    other: Stay | None = None
    other_since_ms: int = 0


async def open_stay(work: Work, class_id: UUID, device: str, session: str, at_ms: int, gone: Gone) -> Opened:
    """Open a stay of the actor in a class. It earns at once unless another one does that is still alive.

    Refuses `activity.closed` for a class that has not begun, was cancelled, or whose year is over.
    """
    held = await lesson(work.tx, class_id)
    if held is None:
        raise unknown("class")
    policy = held.policy(work.services.policies)
    _refuse_closed(held, policy, at_ms)
    assert work.actor.id is not None
    if await store.count_stays(work.tx, work.actor.id, class_id) >= MAX_STAYS:
        raise Refusal("stay.too_many", status=429)
    stay = new_stay(work, work.actor.id, class_id, device, session, at_ms)
    await store.add_stay(work.tx, stay)
    earner = await store.earner(work.tx, stay.account)
    other = await _alive(work, earner, policy, at_ms, gone) if earner else None
    if earner is not None and other is not None:
        await store.add_earning(work.tx, work.id(), stay.id, at_ms, Reason.SECOND_DEVICE)
        return Opened(stay, False, policy, other, earner.since_ms)
    await give_earning(work, stay, earner, at_ms)
    await work.fail("stay.before_commit")
    return Opened(stay, True, policy)


def new_stay(work: Work, account: UUID, class_id: UUID, device: str, session: str, at_ms: int) -> Stay:
    return Stay(work.id(), account, CLASS, class_id, device, session, at_ms, ended_ms=None, dirty=True)


async def give_earning(work: Work, stay: Stay, before: Earner | None, at_ms: int) -> None:
    """Let `stay` earn from now on; the stay that did `before` is told first (rules §3.3)."""
    at_ms = await after_changes(work, [stay.id, before.stay] if before else [stay.id], at_ms)
    if before is not None:
        await store.add_earning(work.tx, work.id(), before.stay, at_ms, Reason.SECOND_DEVICE)
        await withdraw(work, before.stay, at_ms)
        work.push(f"person:{stay.account}", "stay.moved", {"stay": str(before.stay), "to_device": stay.device})
    await store.make_earner(work.tx, stay.account, stay.id, at_ms, anew=before is None)
    await store.add_earning(work.tx, work.id(), stay.id, at_ms, None)
    work.push(f"attendance:{stay.account}", "earning", {})


async def after_changes(work: Work, stays: Collection[UUID], at_ms: int) -> int:
    """`at_ms`, or the moment after the last change of these stays.

    Each process stamps by a clock of its own. A change that is written later is a later one, or two stays would earn.
    """
    last = await store.last_change(work.tx, stays)
    return at_ms if last is None or last < at_ms else last + 1


async def _alive(work: Work, earner: Earner, policy: Policy, at_ms: int, gone: Gone) -> Stay | None:
    """The stay that earns, if its page still lives."""
    stay = await store.stay_by_id(work.tx, earner.stay)
    if stay is None or stay.ended_ms is not None or gone(stay):
        return None
    heard = (await last_receipts(work.tx, [stay.id])).get(stay.id, stay.opened_ms)
    return stay if at_ms - heard <= policy.late_beat_s * 1000 else None


def _refuse_closed(held: Lesson, policy: Policy, at_ms: int) -> None:
    if not held.takes_study:
        raise Refusal("activity.closed", state=held.state.value)
    if at_ms >= held.study_time(policy).until_ms:
        raise Refusal("activity.closed", basis=Article(9), state="year_over")
