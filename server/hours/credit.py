"""From a closed attendance, or a completed topic class, to the ledger: the difference to what it holds (rules §3).

Once, whatever the retries; what is lower, or late, is proposed to a person.
"""

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
from server.hours.topic import counted, worth_of_class, worth_of_topic_class
from server.people import store as people
from server.people.store import Person
from server.rules.hours import due, excess
from server.rules.ledger import Facts, RowKind
from server.rules.words import ActivityKind, Nature
from server.rules.year import YearState, state_of
from server.topic_classes import completions
from server.topic_classes import store as topics
from server.topic_classes.completions import Completion


@dataclass(frozen=True, slots=True)
class Due:
    """What an activity is worth to a person by its evidence, and what the ledger `held` for it."""

    person: Person
    kind: ActivityKind
    activity: UUID
    year: int
    makeup: bool
    worth: Decimal
    held: Decimal
    evidence: str
    policy_version: str
    rules_version: int

    @property
    def further(self) -> Decimal:
        return due(self.worth, self.held)


async def on_attendance_closed(work: Work, event: Event) -> None:
    """Reaction to `attendance.closed`."""
    assessment = await attendance.assessment(work.tx, UUID(event.data["account"]), UUID(event.data["class"]))
    if assessment is not None:
        await credit(work, assessment)


async def on_topic_class_assessed(work: Work, event: Event) -> None:
    """Reaction to `topic_class.assessed`."""
    found = await completions.of_member(work.tx, UUID(event.data["topic_class"]), UUID(event.data["account"]))
    if found is not None:
        await credit_completion(work, found)


async def on_topic_class_settled(work: Work, event: Event) -> None:
    """Reaction to `topic_class.settled`: who of these has not completed it falls back to its live classes."""
    for account in event.data["accounts"]:
        await fall_back(work, UUID(event.data["topic_class"]), UUID(account))


async def fall_back(work: Work, topic_class: UUID, account: UUID) -> None:
    """Bring the ledger to each live class of a topic class."""
    classes = [each.class_id for each in await topics.modules_of(work.tx, topic_class)]
    for each in await attendance.assessments_in(work.tx, classes, [account]):
        await credit(work, each)


async def credit(work: Work, assessment: StoredAssessment) -> Entry | None:
    """Bring the ledger to an assessment."""
    person = await people.person(work.tx, assessment.account)
    if person is None or assessment.year is None:
        return None
    found = Due(
        person=person,
        kind=ActivityKind.CLASS,
        activity=assessment.class_id,
        year=assessment.year,
        makeup=assessment.makeup,
        worth=await worth_of_class(work.tx, person, assessment),
        held=await ledger.credited(work.tx, person.pseudonym, assessment.class_id),
        evidence=f"assessment:{assessment.id}.{assessment.version}",
        policy_version=assessment.policy_version,
        rules_version=assessment.rules_version,
    )
    return await _bring(work, found)


async def credit_completion(work: Work, completion: Completion) -> Entry | None:
    """Bring the ledger to a completion of a topic class."""
    person = await people.person(work.tx, completion.account)
    if person is None or completion.year is None:
        return None
    found = Due(
        person=person,
        kind=ActivityKind.TOPIC_CLASS,
        activity=completion.topic_class,
        year=completion.year,
        makeup=completion.makeup,
        worth=await worth_of_topic_class(work.tx, person.pseudonym, completion),
        held=await ledger.credited(work.tx, person.pseudonym, completion.topic_class),
        evidence=f"completion:{completion.id}.{completion.version}",
        policy_version=completion.policy_version,
        rules_version=completion.rules_version,
    )
    return await _bring(work, found)


async def after_correction(work: Work, proposal: Proposal) -> None:
    """A correction of a topic class, or of one of its live classes, changes what the other is worth."""
    if proposal.activity_kind is ActivityKind.TOPIC_CLASS:
        await fall_back(work, proposal.activity, proposal.account)
        return
    person = await people.person(work.tx, proposal.account)
    found = await counted(work.tx, person, proposal.activity) if person else None
    if found is not None and found.completion is not None:
        await credit_completion(work, found.completion)


async def _bring(work: Work, found: Due) -> Entry | None:
    """A row for what is due; what is lower, or late, is proposed to a person."""
    kind = _needs_a_person(work, found)
    await _withdraw_outdated(work, found, kind)
    if kind is not None:
        await _propose(work, found, kind)
        return None
    return await write(work, found.person.id, _facts(work, found)) if found.further else None


def _needs_a_person(work: Work, found: Due) -> ProposalKind | None:
    if excess(found.worth, found.held):
        return ProposalKind.LOWER
    policy = work.services.policies.version(found.policy_version)
    closed = state_of(found.year, work.now, policy) is YearState.CLOSED
    return ProposalKind.LATE if closed and found.further else None


def _facts(work: Work, found: Due) -> Facts:
    return Facts(
        kind=RowKind.CREDIT,
        learner=found.person.pseudonym,
        year=found.year,
        hours=found.further,
        nature=Nature.ELECTIVE,
        makeup=found.makeup,
        activity_kind=found.kind,
        activity=found.activity,
        evidence=found.evidence,
        policy_version=found.policy_version,
        rules_version=found.rules_version,
        actor=None,
        reason="assessment",
        at=work.now,
    )


async def _propose(work: Work, found: Due, kind: ProposalKind) -> None:
    made = await proposals.of_activity(work.tx, found.person.pseudonym, found.activity)
    known = (ProposalState.WAITING, ProposalState.REFUSED)
    if any(each.state in known and _is_about(each, found) for each in made):
        return
    await work.fail("proposal.before_insert")
    await proposals.add(work.tx, _proposal(work, found, kind))
    await work.fail("proposal.after_insert")


async def _withdraw_outdated(work: Work, found: Due, kind: ProposalKind | None) -> None:
    """A proposal that the evidence no longer supports is taken off the desk."""
    for each in await proposals.of_activity(work.tx, found.person.pseudonym, found.activity):
        if each.state is ProposalState.WAITING and not (kind and _is_about(each, found)):
            await proposals.close(work.tx, each, ProposalState.WITHDRAWN, decided_at=work.now)


def _is_about(proposal: Proposal, found: Due) -> bool:
    return (proposal.held, proposal.assessed) == (found.held, found.worth)


def _proposal(work: Work, found: Due, kind: ProposalKind) -> Proposal:
    return Proposal(
        id=work.id(),
        kind=kind,
        state=ProposalState.WAITING,
        account=found.person.id,
        authority_path=found.person.authority_path,
        learner=found.person.pseudonym,
        activity_kind=found.kind,
        activity=found.activity,
        year=found.year,
        nature=Nature.ELECTIVE,
        makeup=found.makeup,
        held=found.held,
        assessed=found.worth,
        policy_version=found.policy_version,
        rules_version=found.rules_version,
        made_at=work.now,
    )
