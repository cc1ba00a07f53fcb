"""From a closed attendance to the ledger: the difference, once, and what is lower to a person."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from server.attendance import store as attendance
from server.base.faults import FailpointError, Failpoints
from server.base.office import Office
from server.base.outbox import Event
from server.base.work import SYSTEM
from server.hours.credit import credit, on_attendance_closed
from server.hours.store import ledger, proposals
from server.hours.store.ledger import Entry
from server.hours.store.proposals import Proposal
from server.rules.ledger import verify
from server.rules.powers import Scope, ScopeKind
from tests.clock import TestClock
from tests.server.hours.academy import judged, lesson
from tests.server.hours.conftest import Town

EVERYWHERE = [Scope(ScopeKind.ALL)]


async def rows(office: Office, town: Town) -> list[Entry]:
    async with office.read() as tx:
        return await ledger.chain(tx, town.learner.pseudonym)


async def waiting(office: Office) -> list[Proposal]:
    async with office.read() as tx:
        return await proposals.waiting(tx, EVERYWHERE)


async def test_an_assessment_becomes_a_row_with_its_evidence(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    stored = await office.do(SYSTEM, judged, town.learner, of, "2.0")
    await office.do(SYSTEM, credit, stored)
    (entry,) = await rows(office, town)
    assert (entry.facts.hours, entry.facts.year, entry.facts.nature.value) == (Decimal(2), 2026, "elective")
    assert entry.facts.evidence == f"assessment:{stored.id}.1"
    assert (entry.row.chain_seq, entry.facts.actor) == (1, None)


async def test_the_row_is_hashed_as_it_is_read_again(office: Office, town: Town) -> None:
    for title, hours in (("一", "2.0"), ("二", "1.3"), ("三", "0.1")):
        of = await office.do(SYSTEM, lesson, title)
        await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours))
    found = await rows(office, town)
    assert [each.row.chain_seq for each in found] == [1, 2, 3]
    assert verify([each.row for each in found]) == ()


async def test_the_same_assessment_again_adds_nothing(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    stored = await office.do(SYSTEM, judged, town.learner, of, "2.0")
    for _ in range(3):
        await office.do(SYSTEM, credit, stored)
    assert len(await rows(office, town)) == 1


async def test_a_repair_is_a_further_row_of_the_difference(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    for hours in ("1.9", "2.0"):
        await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours))
    assert [each.facts.hours for each in await rows(office, town)] == [Decimal("1.9"), Decimal("0.1")]


async def test_nothing_for_now_is_no_row(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "0"))
    assert await rows(office, town) == []


async def test_a_class_of_no_year_gives_nothing(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "2.0", year=None))
    assert await rows(office, town) == []


async def test_study_in_november_carries_the_make_up_mark(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "2.0", makeup=True))
    assert (await rows(office, town))[0].facts.makeup


async def test_a_lower_result_takes_nothing_back_and_waits_for_a_person(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    for hours in ("2.0", "1.8"):
        await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours))
    assert [each.facts.hours for each in await rows(office, town)] == [Decimal(2)]
    (proposal,) = await waiting(office)
    assert (proposal.kind.value, proposal.hours, proposal.authority_path) == ("lower", Decimal("-0.2"), town.city.path)


async def test_the_same_lower_result_is_proposed_once(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "2.0"))
    stored = await office.do(SYSTEM, judged, town.learner, of, "1.8")
    for _ in range(3):
        await office.do(SYSTEM, credit, stored)
    assert len(await waiting(office)) == 1


async def test_a_proposal_that_the_evidence_no_longer_says_is_withdrawn(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    for hours in ("2.0", "1.8", "2.0"):
        await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours))
    assert await waiting(office) == []
    assert len(await rows(office, town)) == 1


async def test_after_the_year_is_closed_a_credit_waits_for_a_person(
    office: Office, town: Town, clock: TestClock
) -> None:
    of = await office.do(SYSTEM, lesson)
    clock.set(datetime(2026, 12, 10, 15, 59, tzinfo=UTC))
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "1.9"))
    clock.set(datetime(2026, 12, 10, 16, 0, tzinfo=UTC))
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "2.0"))
    assert [each.facts.hours for each in await rows(office, town)] == [Decimal("1.9")]
    (proposal,) = await waiting(office)
    assert (proposal.kind.value, proposal.hours) == ("late", Decimal("0.1"))


async def test_the_reaction_reads_whose_and_of_what(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    stored = await office.do(SYSTEM, judged, town.learner, of, "2.0")
    said = {"account": str(town.learner.id), "class": str(of.id), "assessment": str(stored.id)}
    await office.do(SYSTEM, on_attendance_closed, Event("attendance.closed", str(of.id), said))
    assert len(await rows(office, town)) == 1


async def test_fifty_deliveries_at_once_credit_once(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    stored = await office.do(SYSTEM, judged, town.learner, of, "2.0")
    outcomes = await asyncio.gather(*(office.do(SYSTEM, credit, stored) for _ in range(50)), return_exceptions=True)
    assert [each.facts.hours for each in await rows(office, town)] == [Decimal(2)]
    assert any(isinstance(each, Entry) for each in outcomes)


async def test_fifty_classes_at_once_stay_one_chain(office: Office, town: Town) -> None:
    for number in range(12):
        of = await office.do(SYSTEM, lesson, f"第{number}讲")
        await office.do(SYSTEM, judged, town.learner, of, "2.0")
    async with office.read() as tx:
        stored = await attendance.assessments_of(tx, town.learner.id, 2026)
    left = list(stored)
    while left:  # what collided too often is delivered again, as the outbox does
        outcomes = await asyncio.gather(*(office.do(SYSTEM, credit, each) for each in left), return_exceptions=True)
        left = [each for each, outcome in zip(left, outcomes, strict=True) if isinstance(outcome, BaseException)]
    found = await rows(office, town)
    assert len(found) == 12
    assert verify([each.row for each in found]) == ()


@pytest.mark.parametrize("point", ["ledger.before_insert", "ledger.after_insert"])
async def test_a_failure_at_any_step_leaves_no_half_row_and_the_next_delivery_credits(
    office: Office, town: Town, failpoints: Failpoints, point: str
) -> None:
    of = await office.do(SYSTEM, lesson)
    stored = await office.do(SYSTEM, judged, town.learner, of, "2.0")
    failpoints.plan(f"{point}=raise@1")
    with pytest.raises(FailpointError):
        await office.do(SYSTEM, credit, stored)
    assert await rows(office, town) == []
    await office.do(SYSTEM, credit, stored)
    assert len(await rows(office, town)) == 1


@pytest.mark.parametrize("point", ["proposal.before_insert", "proposal.after_insert"])
async def test_a_failed_proposal_is_proposed_by_the_next_delivery(
    office: Office, town: Town, failpoints: Failpoints, point: str
) -> None:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "2.0"))
    stored = await office.do(SYSTEM, judged, town.learner, of, "1.0")
    failpoints.plan(f"{point}=raise@1")
    with pytest.raises(FailpointError):
        await office.do(SYSTEM, credit, stored)
    assert await waiting(office) == []
    await office.do(SYSTEM, credit, stored)
    assert len(await waiting(office)) == 1
