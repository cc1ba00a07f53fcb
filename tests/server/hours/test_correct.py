"""A person decides about a difference: a row of its own, never an edit."""

import asyncio
from decimal import Decimal

import pytest

from server.attendance import store as attendance
from server.base.faults import FailpointError, Failpoints
from server.base.office import Office
from server.base.work import SYSTEM, Actor
from server.hours.correct import decide, target
from server.hours.credit import credit
from server.hours.store import ledger, proposals
from server.hours.store.proposals import Proposal
from server.live import store as live
from server.rules.ledger import commitment, totals, verify
from server.rules.powers import Power, Role, Scope, ScopeKind, may
from server.rules.refusal import Refusal
from tests.clock import TestClock
from tests.server.hours.academy import judged, lesson
from tests.server.hours.conftest import Town

REASON = "播出时间更正：设备故障期间未播出"


@pytest.fixture
async def lower(office: Office, town: Town) -> Proposal:
    """2.0 hours are held, 1.8 are assessed."""
    of = await office.do(SYSTEM, lesson)
    for hours in ("2.0", "1.8"):
        await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours))
    async with office.read() as tx:
        (found,) = await proposals.waiting(tx, [Scope(ScopeKind.ALL)])
    return found


async def held(office: Office, town: Town) -> list[Decimal]:
    async with office.read() as tx:
        return [each.facts.hours for each in await ledger.chain(tx, town.learner.pseudonym)]


async def test_an_accepted_correction_is_a_row_with_actor_and_reason(
    office: Office, town: Town, lower: Proposal
) -> None:
    done = await office.do(town.admin, decide, lower.id, accept=True, reason=REASON)
    async with office.read() as tx:
        credit_row, correction = await ledger.chain(tx, town.learner.pseudonym)
        words = await proposals.reasons(tx, [correction.id])
    assert correction.facts.hours == Decimal("-0.2")
    assert correction.facts.actor == town.officer.pseudonym
    assert correction.facts.evidence == f"proposal:{lower.id}"
    assert done.salt is not None
    assert correction.facts.reason == commitment(done.salt, REASON)
    assert words == {correction.id: REASON}
    assert totals([credit_row.facts, correction.facts]).total == Decimal("1.8")
    assert verify([credit_row.row, correction.row]) == ()


async def test_a_refused_correction_leaves_the_ledger_alone_and_is_not_proposed_again(
    office: Office, town: Town, lower: Proposal
) -> None:
    await office.do(town.admin, decide, lower.id, accept=False, reason=REASON)
    async with office.read() as tx:
        stored = await attendance.assessment(tx, town.learner.id, lower.activity)
    assert stored is not None
    await office.do(SYSTEM, credit, stored)
    assert await held(office, town) == [Decimal(2)]
    async with office.read() as tx:
        assert await proposals.waiting(tx, [Scope(ScopeKind.ALL)]) == []


async def test_after_a_correction_a_repair_credits_the_difference_again(
    office: Office, town: Town, lower: Proposal
) -> None:
    await office.do(town.admin, decide, lower.id, accept=True, reason=REASON)
    async with office.read() as tx:
        of = await live.by_id(tx, lower.activity)
    assert of is not None
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "2.0"))
    assert await held(office, town) == [Decimal(2), Decimal("-0.2"), Decimal("0.2")]


async def test_a_decision_is_taken_once(office: Office, town: Town, lower: Proposal) -> None:
    await office.do(town.admin, decide, lower.id, accept=True, reason=REASON)
    with pytest.raises(Refusal) as refused:
        await office.do(town.admin, decide, lower.id, accept=False, reason=REASON)
    assert refused.value.code == "proposal.decided"


async def test_twenty_decisions_at_once_write_one_row(office: Office, town: Town, lower: Proposal) -> None:
    tries = [office.do(town.admin, decide, lower.id, accept=True, reason=REASON) for _ in range(20)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, Proposal) for each in outcomes) == 1
    assert await held(office, town) == [Decimal(2), Decimal("-0.2")]


async def test_what_does_not_exist_cannot_be_decided(office: Office, town: Town) -> None:
    with pytest.raises(Refusal) as refused:
        await office.do(town.admin, decide, town.learner.id, accept=True, reason=REASON)
    assert (refused.value.code, refused.value.status) == ("proposal.unknown", 404)


@pytest.mark.parametrize("point", ["ledger.before_insert", "ledger.after_insert", "proposal.after_decision"])
async def test_a_failure_at_any_step_leaves_the_proposal_waiting(
    office: Office, town: Town, lower: Proposal, failpoints: Failpoints, point: str
) -> None:
    failpoints.plan(f"{point}=raise@1")
    with pytest.raises(FailpointError):
        await office.do(town.admin, decide, lower.id, accept=True, reason=REASON)
    assert await held(office, town) == [Decimal(2)]
    await office.do(town.admin, decide, lower.id, accept=True, reason=REASON)
    assert await held(office, town) == [Decimal(2), Decimal("-0.2")]


async def test_only_the_managing_authority_decides_and_nobody_about_themselves(
    office: Office, town: Town, lower: Proposal, clock: TestClock
) -> None:
    province = town.province
    stranger = await province.acting(await province.a(Role.SUB_CENTRE_ADMIN, over=province.sibling))
    await province.gives(town.learner, Role.SUB_CENTRE_ADMIN, over=town.city)
    async with office.read() as tx:
        asked = await target(tx, lower.id)
        elsewhere = await proposals.waiting(tx, [Scope(ScopeKind.UNIT, town.other_city.path)])
        here = await proposals.waiting(tx, [Scope(ScopeKind.UNIT, province.root.path)])

    def allowed(who: Actor) -> bool:
        return who.id is not None and may(who.holdings, Power.HOURS_DECIDE, asked, clock.now(), who.id)

    assert allowed(town.admin)
    assert not allowed(stranger)
    assert not allowed(await province.acting(town.learner))
    assert (elsewhere, [each.id for each in here]) == ([], [lower.id])
