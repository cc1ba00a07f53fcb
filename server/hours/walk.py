"""The way from raw beats to an assessment, walked again with the same rules (rules §3, §4)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

from server.attendance import store as attendance
from server.attendance.close import judge
from server.attendance.lesson import Lesson, lesson
from server.attendance.receipts import ms
from server.attendance.store import Stay, StoredAssessment
from server.hours.store import Tx
from server.rules.attendance import Assessment
from server.rules.evidence import Evidence
from server.rules.policy import Policies, Policy

BATCH = 50
"""Learners whose evidence is held at a time."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What one learner's evidence in a class says now, beside what was stored; `policy` decided both."""

    account: UUID
    lesson: Lesson
    stored: StoredAssessment | None
    evidence: Evidence
    assessment: Assessment
    policy: Policy
    settled: bool
    """Whether an assessment has seen all the evidence."""

    def beats(self) -> tuple[int, int]:
        """How many accepted beats came while the class went on, and how many after it."""
        received = [beat.received_ms for stay in self.evidence.stays for beat in stay.beats]
        if self.lesson.ended_at is None:
            return len(received), 0
        over = ms(self.lesson.ended_at + timedelta(seconds=self.policy.late_beat_s))
        live = sum(each <= over for each in received)
        return live, len(received) - live


async def walk(tx: Tx, account: UUID, class_id: UUID, policies: Policies) -> Walked | None:
    """One learner in one class; None where there is no such class."""
    found = await lesson(tx, class_id)
    if found is None:
        return None
    stored = await attendance.assessment(tx, account, class_id)
    unseen = await _unseen(tx, class_id, await attendance.stays_of(tx, class_id, [account]))
    evidence = await attendance.evidence_of(tx, class_id, [account])
    return _walked(account, found, stored, evidence[account], policies, settled=account not in unseen)


async def walk_class(tx: Tx, class_id: UUID, policies: Policies) -> AsyncIterator[Walked]:
    """All who left something in a class, or have an assessment of it."""
    found = await lesson(tx, class_id)
    if found is None:
        return
    stored = {each.account: each for each in await attendance.assessments_of_class(tx, class_id)}
    unseen = await _unseen(tx, class_id, await attendance.stays_of_class(tx, class_id))
    accounts = iter(sorted({*stored, *await attendance.learners_of(tx, class_id)}))
    while batch := list(islice(accounts, BATCH)):
        evidence = await attendance.evidence_of(tx, class_id, batch)
        for each in batch:
            yield _walked(each, found, stored.get(each), evidence[each], policies, settled=each not in unseen)


async def classes(tx: Tx) -> Sequence[UUID]:
    """Every class in which somebody has studied."""
    return sorted({class_id for _, class_id in await attendance.all_studied(tx)})


async def _unseen(tx: Tx, class_id: UUID, stays: Sequence[Stay]) -> set[UUID]:
    """Learners with evidence that no assessment has seen yet."""
    closed = class_id in await attendance.closed_of(tx, [class_id])
    return {each.account for each in stays if each.dirty or not closed}


def _walked(
    account: UUID,
    found: Lesson,
    stored: StoredAssessment | None,
    evidence: Evidence,
    policies: Policies,
    *,
    settled: bool,
) -> Walked:
    policy = policies.version(stored.policy_version) if stored else found.policy(policies)
    return Walked(account, found, stored, evidence, judge(found, evidence, policy), policy, settled)
