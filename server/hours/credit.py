"""From a closed attendance to the ledger: the difference to what it holds, once whatever the retries (rules §3.6)."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from server.attendance import store as attendance
from server.attendance.store import StoredAssessment
from server.base.outbox import Event
from server.base.work import Work
from server.hours.append import write
from server.hours.store import ledger, proposals
from server.hours.store.ledger import Entry
from server.hours.store.proposals import Proposal, ProposalKind, ProposalState
from server.people import store as people
from server.people.store import Person
from server.rules.hours import due, excess
from server.rules.ledger import Facts, RowKind
from server.rules.words import ActivityKind, Nature
from server.rules.year import YearState, state_of


@dataclass(frozen=True, slots=True)
class Due:
    """An assessment held against the ledger: whose, for which year, and what the ledger holds for the activity."""

    person: Person
    assessment: StoredAssessment
    year: int
    held: Decimal

    @property
    def further(self) -> Decimal:
        return due(self.assessment.hours, self.held)


async def on_attendance_closed(work: Work, event: Event) -> None:
    """Reaction to `attendance.closed`."""
    assessment = await attendance.assessment(work.tx, UUID(event.data["account"]), UUID(event.data["class"]))
    if assessment is not None:
        await credit(work, assessment)


async def credit(work: Work, assessment: StoredAssessment) -> Entry | None:
    """Bring the ledger to an assessment: a row for what is due; what is lower, or late, is proposed to a person."""
    person = await people.person(work.tx, assessment.account)
    if person is None or assessment.year is None:
        return None
    held = await ledger.credited(work.tx, person.pseudonym, assessment.class_id)
    found = Due(person, assessment, assessment.year, held)
    kind = _needs_a_person(work, found)
    await _withdraw_outdated(work, found, kind)
    if kind is not None:
        await _propose(work, found, kind)
        return None
    return await write(work, person.id, _facts(work, found)) if found.further else None


def _needs_a_person(work: Work, found: Due) -> ProposalKind | None:
    if excess(found.assessment.hours, found.held):
        return ProposalKind.LOWER
    policy = work.services.policies.version(found.assessment.policy_version)
    closed = state_of(found.year, work.now, policy) is YearState.CLOSED
    return ProposalKind.LATE if closed and found.further else None


def _facts(work: Work, found: Due) -> Facts:
    return Facts(
        kind=RowKind.CREDIT,
        learner=found.person.pseudonym,
        year=found.year,
        hours=found.further,
        nature=Nature.ELECTIVE,
        makeup=found.assessment.makeup,
        activity_kind=ActivityKind.CLASS,
        activity=found.assessment.class_id,
        evidence=f"assessment:{found.assessment.id}.{found.assessment.version}",
        policy_version=found.assessment.policy_version,
        rules_version=found.assessment.rules_version,
        actor=None,
        reason="assessment",
        at=work.now,
    )


async def _propose(work: Work, found: Due, kind: ProposalKind) -> None:
    made = await proposals.of_activity(work.tx, found.person.pseudonym, found.assessment.class_id)
    known = (ProposalState.WAITING, ProposalState.REFUSED)
    if any(each.state in known and _is_about(each, found) for each in made):
        return
    await work.fail("proposal.before_insert")
    await proposals.add(work.tx, _proposal(work, found, kind))
    await work.fail("proposal.after_insert")


async def _withdraw_outdated(work: Work, found: Due, kind: ProposalKind | None) -> None:
    """A proposal that the evidence no longer supports is taken off the desk."""
    for each in await proposals.of_activity(work.tx, found.person.pseudonym, found.assessment.class_id):
        if each.state is ProposalState.WAITING and not (kind and _is_about(each, found)):
            await proposals.close(work.tx, each, ProposalState.WITHDRAWN, decided_at=work.now)


def _is_about(proposal: Proposal, found: Due) -> bool:
    return (proposal.held, proposal.assessed) == (found.held, found.assessment.hours)


def _proposal(work: Work, found: Due, kind: ProposalKind) -> Proposal:
    return Proposal(
        id=work.id(),
        kind=kind,
        state=ProposalState.WAITING,
        account=found.person.id,
        authority_path=found.person.authority_path,
        learner=found.person.pseudonym,
        activity_kind=ActivityKind.CLASS,
        activity=found.assessment.class_id,
        year=found.year,
        nature=Nature.ELECTIVE,
        makeup=found.assessment.makeup,
        held=found.held,
        assessed=found.assessment.hours,
        policy_version=found.assessment.policy_version,
        rules_version=found.assessment.rules_version,
        made_at=work.now,
    )
