"""Closing: evidence becomes an assessment when the class or the study is over (rules §3.6).

Theory of operation. What is over is found by the clock: a class whose late window has passed, then
every stay in it that has ended or fallen silent. In one unit it is marked as seen and named in an
event `attendance.due`; the reaction reads and judges outside any unit, since that takes time, and
writes the results in one of its own. A beat that arrives meanwhile marks its stay anew.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance import assessed, store
from server.attendance.evidence import evidence_of, last_receipts, pack_stay
from server.attendance.lesson import Lesson, lesson
from server.attendance.receipts import instant, ms
from server.attendance.store import StoredAssessment
from server.attendance.tell import closed
from server.base.office import Office
from server.base.outbox import Event, heavy
from server.base.work import SYSTEM, Work
from server.rules.attendance import Assessment, assess
from server.rules.evidence import Evidence
from server.rules.policy import RULES_VERSION, Policy
from server.rules.year import in_makeup

LEARNERS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """The result for one learner; `makeup`: studied last in the make-up period."""

    account: UUID
    result: Assessment
    makeup: bool


# --- finding what is over ----------------------------------------------------------------------------


async def class_ended(work: Work, event: Event) -> None:
    """Reaction to `class.ended`: the class is closed for all once its late window is over."""
    held = await lesson(work.tx, UUID(event.data["class"]))
    assert held is not None
    late_s = held.policy(work.services.policies).late_beat_s
    await store.add_closing(work.tx, held.id, ms(held.ended_at or work.now) + late_s * 1000)


async def air_changed(work: Work, event: Event) -> None:
    """Reaction to `class.air_changed`: a class that was closed already is assessed again."""
    class_id = UUID(event.data["class"])
    if await store.closed_of(work.tx, [class_id]):
        _name(work, class_id, await store.learners_of(work.tx, class_id))


async def find_due(work: Work) -> None:
    """Periodic: name the learners whose evidence is complete."""
    for class_id in await store.due_closings(work.tx, ms(work.now)):
        _name(work, class_id, await store.learners_of(work.tx, class_id))
        await store.set_all_clean(work.tx, class_id)
        await store.finish_closing(work.tx, class_id)
    await work.fail("closing.after_classes")
    await _find_silent(work)


async def _find_silent(work: Work) -> None:
    stays = await store.dirty_stays(work.tx)
    over = await _over(work, {each.id: each for each in stays})
    accounts: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for stay in stays:
        if stay.id in over:
            accounts[stay.activity].add(stay.account)
    for class_id, learners in accounts.items():
        _name(work, class_id, learners)
    await store.set_clean(work.tx, over)


async def _over(work: Work, stays: dict[UUID, store.Stay]) -> set[UUID]:
    """Those of the stays that have ended or were not heard of for longer than the late window."""
    heard = await last_receipts(work.tx, stays.keys())
    silent_ms = ms(work.now) - work.services.policies.in_force(work.now).late_beat_s * 1000
    return {id for id, stay in stays.items() if stay.ended_ms is not None or heard.get(id, stay.opened_ms) < silent_ms}


def _name(work: Work, class_id: UUID, learners: Collection[UUID]) -> None:
    """Ask for the assessment of some learners in a class."""
    accounts = [str(each) for each in sorted(learners)]
    for start in range(0, len(accounts), LEARNERS_AT_ONCE):
        some = accounts[start : start + LEARNERS_AT_ONCE]
        work.emit(Event("attendance.due", str(class_id), {"class": str(class_id), "accounts": some}))


# --- judging -----------------------------------------------------------------------------------------


@heavy
async def assess_due(office: Office, event: Event) -> None:
    """Reaction to `attendance.due`: judge the learners, keep what is new, pack the beats of what is over."""
    class_id = UUID(event.data["class"])
    accounts = [UUID(each) for each in event.data["accounts"]]
    async with office.read() as tx:
        held = await lesson(tx, class_id)
        evidence = await evidence_of(tx, class_id, accounts)
    assert held is not None
    policy = held.policy(office.services.policies)
    judged = []
    for account in accounts:
        judged.append(Judged(account, judge(held, evidence[account], policy), _in_makeup(evidence[account], policy)))
        await asyncio.sleep(0)  # beats of others come first
    await office.do(SYSTEM, keep, held, policy, judged)
    await office.do(SYSTEM, pack_over, class_id, accounts)


def judge(held: Lesson, evidence: Evidence, policy: Policy) -> Assessment:
    """The assessment of what a learner left in a class."""
    return assess(evidence, held.air, held.planned_minutes, policy, held.study_time(policy))


async def recompute(tx: AsyncConnection, account: UUID, class_id: UUID, policy: Policy) -> Assessment | None:
    """The assessment from the raw beats, whatever was stored; None where there is no such class."""
    held = await lesson(tx, class_id)
    if held is None:
        return None
    return judge(held, (await evidence_of(tx, class_id, [account]))[account], policy)


async def keep(work: Work, held: Lesson, policy: Policy, judged: Collection[Judged]) -> None:
    """Write the results that are new, and tell whom they concern."""
    for each in judged:
        before = await store.assessment(work.tx, each.account, held.id)
        stored = _stored(work, held, policy, each, before)
        if before is not None and (before.result, before.year) == (stored.result, stored.year):
            continue
        await assessed.save(work.tx, stored)
        await work.fail("assessment.after_save")
        told = {"class": str(held.id), "account": str(each.account), "assessment": str(stored.id)}
        work.emit(Event("attendance.closed", str(held.id), told))
        work.push(f"person:{each.account}", "attendance.closed", closed(stored))
    await work.fail("assessment.before_commit")


async def pack_over(work: Work, class_id: UUID, accounts: Collection[UUID]) -> None:
    """Pack the beats of those learners' stays that are over."""
    stays = {each.id: each for each in await store.stays_of(work.tx, class_id, accounts)}
    for stay in await _over(work, stays):
        await pack_stay(work.tx, stay)
        await work.fail("pack.after_stay")


def _stored(
    work: Work, held: Lesson, policy: Policy, judged: Judged, before: StoredAssessment | None
) -> StoredAssessment:
    return StoredAssessment(
        id=before.id if before else work.id(),
        account=judged.account,
        kind=store.CLASS,
        class_id=held.id,
        version=before.version + 1 if before else 1,
        year=held.year(policy),
        makeup=judged.makeup,
        planned_minutes=held.planned_minutes,
        policy_version=policy.version,
        rules_version=RULES_VERSION,
        at=work.now,
        result=judged.result,
    )


def _in_makeup(evidence: Evidence, policy: Policy) -> bool:
    last = max((stay.beats[-1].received_ms for stay in evidence.stays if stay.beats), default=None)
    return last is not None and in_makeup(instant(last), policy)
