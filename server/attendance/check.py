"""Presence checks: asked when the timer of earning time rings, shown, answered or missed (rules §3.5)."""

from dataclasses import replace
from uuid import UUID

from server.attendance import store
from server.attendance.evidence import evidence_of, last_receipts
from server.attendance.figures import CHECKS
from server.attendance.lesson import lesson
from server.attendance.receipts import instant, ms
from server.attendance.store import AskedCheck, Stay
from server.base.clock import rfc3339
from server.base.outbox import Event
from server.base.work import Work
from server.people import store as people
from server.rules.attendance import laid
from server.rules.checks import Check, Outcome, answer, may_ask, settle, show, voids
from server.rules.policy import Policy
from server.rules.refusal import unknown
from server.rules.stretches import Stretch

SETTLE_AT_ONCE = 200


async def ask(work: Work, stay: Stay, policy: Policy, at_ms: int) -> AskedCheck | None:
    """Ask the learner of a stay; None where no check may be asked any more."""
    asked = await store.checks_of(work.tx, stay.account, stay.activity)
    if not may_ask((each.check for each in asked), policy):
        return None
    check = Check(str(stay.id), at_ms, await _answer_s(work, stay.account, policy))
    new = AskedCheck(work.id(), stay.account, stay.activity, stay.id, check)
    await store.add_check(work.tx, new)
    _tell(work, new, "check.asked", answer_s=check.answer_s, asked_at=rfc3339(instant(at_ms)))
    await work.fail("check.after_insert")
    return new


async def shown(work: Work, check_id: UUID, at_ms: int) -> None:
    """The browser confirms that the dialog is on the screen: from now the time to answer runs."""
    asked = await _own(work, check_id)
    await store.save_check(work.tx, replace(asked, check=show(asked.check, at_ms)))


async def answered(work: Work, check_id: UUID, at_ms: int) -> Outcome:
    """The learner's answer; late ones count for the time after the check."""
    asked = await _own(work, check_id)
    settled = await _settled(work, asked, at_ms)
    check = answer(settled, at_ms)
    await _save(work, asked, check)
    await work.fail("check.before_commit")
    return check.outcome


async def settle_due(work: Work, at_ms: int) -> int:
    """Decide the checks whose time is over: missed, or withdrawn and asked again; how many were decided."""
    decided = 0
    for asked in await store.waiting_checks(work.tx, SETTLE_AT_ONCE):
        if asked.check.due_ms >= at_ms:
            continue
        check = await _settled(work, asked, at_ms)
        if check != asked.check:
            await _save(work, asked, check)
            decided += 1
    return decided


async def withdraw(work: Work, stay_id: UUID, at_ms: int) -> None:
    """The check that waits in a stay which earns no more cannot be answered there; it is asked again elsewhere."""
    stay = await store.stay_by_id(work.tx, stay_id)
    assert stay is not None
    for asked in await store.checks_of(work.tx, stay.account, stay.activity):
        if asked.stay == stay_id and asked.check.outcome is Outcome.WAITING:
            await _save(work, asked, replace(asked.check, withdrawn_ms=at_ms))


async def spoke(work: Work, event: Event) -> None:
    """Reaction to `post.written`: what a learner writes in a class is a sign of activity."""
    place = event.data["place"]
    if place["kind"] == store.CLASS:
        await active(work, UUID(event.data["author"]), UUID(place["id"]), "post")


async def active(work: Work, account: UUID, class_id: UUID, kind: str) -> None:
    """Keep a sign of activity; the timer of the next check starts anew."""
    await store.add_sign(work.tx, class_id, account, ms(work.now), kind)
    work.push(f"attendance:{account}", "sign", {"activity": str(class_id)})


async def _settled(work: Work, asked: AskedCheck, at_ms: int) -> Check:
    policy = await _policy(work, asked.activity)
    stay = await store.stay_by_id(work.tx, asked.stay)
    heard = (await last_receipts(work.tx, [asked.stay])).get(asked.stay, 0)
    return settle(asked.check, heard, stay is None or stay.ended_ms is not None, at_ms, policy)


async def _save(work: Work, asked: AskedCheck, check: Check) -> None:
    """Write what became of a check and tell the learner's pages where it was missed."""
    if check == asked.check:
        return
    await store.save_check(work.tx, replace(asked, check=check))
    if check.outcome is not asked.check.outcome:
        CHECKS.labels(check.outcome.value).inc()
    if check.outcome is Outcome.MISSED and asked.check.outcome is Outcome.WAITING:
        void = await _void_media(work, asked)
        _tell(work, asked, "check.missed", from_ms=void.from_ms, until_ms=void.until_ms)
    work.push(f"attendance:{asked.account}", "check", {})


async def _void_media(work: Work, asked: AskedCheck) -> Stretch:
    """From where to where on the media clock a missed check left the study open."""
    evidence = (await evidence_of(work.tx, asked.activity, [asked.account]))[asked.account]
    policy = await _policy(work, asked.activity)
    lost = [void.when for void in voids(evidence.checks, evidence.signs) if void.when.until_ms == asked.check.asked_ms]
    media = [part.media for _, each in laid(evidence, policy)[0] for part in each.within(tuple(lost))]
    begin = min((each.from_ms for each in media), default=asked.check.asked_ms)
    return Stretch(begin, max([begin + 1, *(each.until_ms for each in media)]))


async def _policy(work: Work, class_id: UUID) -> Policy:
    held = await lesson(work.tx, class_id)
    assert held is not None
    return held.policy(work.services.policies)


def _tell(work: Work, asked: AskedCheck, type: str, **data: object) -> None:
    work.push(f"person:{asked.account}", type, {"check": str(asked.id), "stay": str(asked.stay), **data})
    work.push(f"attendance:{asked.account}", "check", {})


async def _answer_s(work: Work, account: UUID, policy: Policy) -> int:
    """Time to answer in seconds; the longer one for who asked for it, without proof."""
    person = await people.person(work.tx, account)
    extended = person is not None and bool(person.settings.get("answer_time_extended"))
    return policy.presence_answer_extended_s if extended else policy.presence_answer_s


async def _own(work: Work, check_id: UUID) -> AskedCheck:
    asked = await store.check_by_id(work.tx, check_id)
    if asked is None or asked.account != work.actor.id:
        raise unknown("check")
    return asked
