"""Who earns: the learner's explicit choice of a device, and 暂离, a rest without reproach (rules §3.3, §3.5)."""

from uuid import UUID

from server.attendance import store
from server.attendance.check import withdraw
from server.attendance.evidence import last_receipts
from server.attendance.open import after_changes, give_earning, new_stay
from server.attendance.store import Stay
from server.base.work import Work
from server.rules.presence import Reason
from server.rules.refusal import Refusal, unknown


async def take(work: Work, stay_id: UUID, at_ms: int) -> Stay:
    """Let the actor's stay earn from now on, whichever earned before; a stay that had left begins as a new one."""
    stay = await own_stay(work, stay_id)
    earner = await store.earner(work.tx, stay.account)
    if earner is not None and earner.stay == stay.id:
        return stay
    if await last_receipts(work.tx, [stay.id]):
        stay = new_stay(work, stay.account, stay.activity, stay.device, stay.session, at_ms)
        await store.add_stay(work.tx, stay)
    await give_earning(work, stay, earner, at_ms)
    await work.fail("take.before_commit")
    return stay


async def rest(work: Work, stay_id: UUID, resting: bool, at_ms: int) -> None:
    """Pause the earning of the actor's stay, or go on; refuses `stay.elsewhere` where another stay earns."""
    stay = await own_stay(work, stay_id)
    earner = await store.earner(work.tx, stay.account)
    if earner is None or earner.stay != stay.id:
        raise Refusal("stay.elsewhere")
    at_ms = await after_changes(work, [stay.id], at_ms)
    await store.add_earning(work.tx, work.id(), stay.id, at_ms, Reason.REST if resting else None)
    if resting:
        await withdraw(work, stay.id, at_ms)
    work.push(f"attendance:{stay.account}", "earning", {})
    await work.fail("rest.before_commit")


async def own_stay(work: Work, stay_id: UUID) -> Stay:
    """A stay of the actor that has not ended; anybody else's does not exist."""
    stay = await store.stay_by_id(work.tx, stay_id)
    if stay is None or stay.account != work.actor.id:
        raise unknown("stay")
    if stay.ended_ms is not None:
        raise Refusal("beat.ended")
    return stay
