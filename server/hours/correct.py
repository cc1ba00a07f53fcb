"""A person decides about a proposal: a row of its own with the reason, never an edit (rules §3.6, §4)."""

from uuid import UUID

from server.base.work import Work
from server.hours.append import write
from server.hours.credit import after_correction
from server.hours.store import Tx, proposals
from server.hours.store.ledger import Entry
from server.hours.store.proposals import Proposal, ProposalState
from server.people import acts
from server.people import store as people
from server.rules.ledger import Facts, RowKind, commitment
from server.rules.powers import Target, TargetKind
from server.rules.refusal import Refusal, unknown

SALT_BITS = 128


async def decide(work: Work, proposal_id: UUID, *, accept: bool, reason: str) -> Proposal:
    """Accept or refuse a waiting proposal; an accepted one becomes a `correction` row."""
    proposal = await proposals.by_id(work.tx, proposal_id)
    if proposal is None:
        raise unknown("proposal")
    if proposal.state is not ProposalState.WAITING:
        raise Refusal("proposal.decided", state=proposal.state.value)
    salt = work.chance.getrandbits(SALT_BITS).to_bytes(SALT_BITS // 8)
    entry = await _correct(work, proposal, commitment(salt, reason)) if accept else None
    closed = await proposals.close(
        work.tx,
        proposal,
        ProposalState.ACCEPTED if accept else ProposalState.REFUSED,
        decided_by=work.actor.id,
        decided_at=work.now,
        reason=reason,
        salt=salt,
        entry=entry.id if entry else None,
    )
    if closed is None:
        raise Refusal("proposal.decided")
    await acts.note(work, "hours.correct", proposal.account, closed.state.value)
    if accept:
        await after_correction(work, closed)
    await work.fail("proposal.after_decision")
    return closed


async def target(tx: Tx, proposal_id: UUID) -> Target | None:
    """What the power to decide is asked about."""
    proposal = await proposals.by_id(tx, proposal_id)
    if proposal is None:
        return None
    return Target(TargetKind.QUESTION, owner=proposal.account, authority_path=proposal.authority_path)


async def _correct(work: Work, proposal: Proposal, reason: str) -> Entry:
    actor = await people.person(work.tx, work.actor.id) if work.actor.id else None
    if actor is None:
        raise unknown("person")
    facts = Facts(
        kind=RowKind.CORRECTION,
        learner=proposal.learner,
        year=proposal.year,
        hours=proposal.hours,
        nature=proposal.nature,
        makeup=proposal.makeup,
        activity_kind=proposal.activity_kind,
        activity=proposal.activity,
        evidence=f"proposal:{proposal.id}",
        policy_version=proposal.policy_version,
        rules_version=proposal.rules_version,
        actor=actor.pseudonym,
        reason=reason,
        at=work.now,
    )
    return await write(work, proposal.account, facts)
