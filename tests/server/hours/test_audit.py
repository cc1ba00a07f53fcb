"""The audit walks everything again from raw beats, expects no difference, and sees whatever was changed."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from server.attendance import store as attendance
from server.attendance.close import air_changed, assess_due, class_ended, find_due
from server.base.office import Office
from server.base.outbox import Event, Reactions
from server.base.work import SYSTEM
from server.hours.audit import Report, audit, check_own
from server.hours.credit import on_attendance_closed
from server.hours.explain import Why, why
from server.hours.sequence import sequence
from server.hours.store import ledger
from server.live.store import LiveClass
from server.people import store as people
from server.rules.ledger import leaf_hash
from server.rules.merkle import root
from tests.clock import TestClock
from tests.rules.browser import Browser
from tests.server.hours.academy import MINUTE_MS, lesson, on, run_sql, set_air, studied
from tests.server.hours.conftest import Town

REACTIONS: Reactions = {
    "class.ended": [class_ended],
    "class.air_changed": [air_changed],
    "attendance.due": [assess_due],
    "attendance.closed": [on_attendance_closed],
}


@pytest.fixture
def delivering(office: Office, clock: TestClock) -> Office:
    """The same office with the reactions on the way from a class to the ledger."""
    return Office(
        office.db, office.services, clock=clock, chance=office.chance, failpoints=office.failpoints, reactions=REACTIONS
    )


def honest() -> Browser:
    begin = on("09:00:00")
    return Browser(begin, begin).watch(on("10:30:00")).end()


def away_for_20_minutes() -> Browser:
    begin = on("09:00:00")
    browser = Browser(begin, begin).watch(on("09:30:00")).change(visible=False)
    return browser.watch(on("09:50:00")).change(visible=True).watch(on("10:30:00")).end()


def replayed(day: str = "2026-09-22") -> Browser:
    """The 20 minutes, a week later."""
    return Browser(on("20:00:00", day), on("09:30:00")).watch(on("20:20:00", day)).end()


async def attended(office: Office, town: Town, browse: Callable[[], Browser]) -> LiveClass:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, studied, town.learner, of, browse())
    await office.do(SYSTEM, class_ended, Event("class.ended", str(of.id), {"class": str(of.id)}))
    return of


async def settle(office: Office, clock: TestClock) -> None:
    """Let the late window pass, and everything be assessed, credited and placed."""
    clock.pass_(3 * 3600)
    await office.do(SYSTEM, find_due)
    await office.outbox.drain()
    await office.do(SYSTEM, sequence)


async def hours_of(office: Office, town: Town) -> list[str]:
    async with office.read() as tx:
        return [f"{each.facts.hours:.1f}" for each in await ledger.chain(tx, town.learner.pseudonym)]


async def explained(office: Office, town: Town, class_id: UUID) -> Why:
    async with office.read() as tx:
        person = await people.person(tx, town.learner.id)
        assert person is not None
        return await why(tx, person, class_id, office.clock.now(), office.services.policies)


def found_in(report: Report) -> list[str]:
    return [each.what for each in report.differences]


async def test_from_beats_to_hours_without_a_difference(delivering: Office, town: Town, clock: TestClock) -> None:
    await attended(delivering, town, honest)
    await settle(delivering, clock)
    report = await audit(delivering)
    assert await hours_of(delivering, town) == ["2.0"]
    assert (report.assessments, report.rows, report.chains, report.placed, report.differences) == (1, 1, 1, 1, ())
    async with delivering.read() as tx:
        (entry,) = await ledger.chain(tx, town.learner.pseudonym)
    assert report.root == root([entry.row.leaf_hash]).hex() != leaf_hash(b"").hex()


async def test_twenty_hidden_minutes_give_nothing_until_they_are_studied_again(
    delivering: Office, town: Town, clock: TestClock
) -> None:
    of = await attended(delivering, town, away_for_20_minutes)
    await settle(delivering, clock)
    found = await explained(delivering, town, of.id)
    assert found.assessed
    assert found.assessment.hours == 0
    assert found.assessment.missing_ms == 20 * MINUTE_MS
    assert await hours_of(delivering, town) == []

    clock.set(clock.now() + timedelta(days=7))
    stay = await delivering.do(SYSTEM, studied, town.learner, of, replayed())
    assert not (await explained(delivering, town, of.id)).assessed
    await delivering.do(SYSTEM, _silent, stay)
    await settle(delivering, clock)
    assert await hours_of(delivering, town) == ["2.0"]
    found = await explained(delivering, town, of.id)
    assert (found.assessed, len(found.entries), found.beats.replay > 0) == (True, 1, True)
    assert (await audit(delivering)).differences == ()


async def _silent(work: object, stay: UUID) -> None:
    """The stay has ended: its evidence is complete."""
    await attendance.end_stay(work.tx, stay, 0)  # type: ignore[attr-defined]


async def test_what_is_on_its_way_is_no_difference(delivering: Office, town: Town, clock: TestClock) -> None:
    await attended(delivering, town, honest)
    assert (await audit(delivering)).differences == ()
    clock.pass_(3 * 3600)
    await delivering.do(SYSTEM, find_due)
    assert (await audit(delivering)).differences == ()
    await delivering.outbox.drain()
    assert (await audit(delivering)).differences == ()
    clock.pass_(120)
    assert found_in(await audit(delivering)) == ["order.missing"]
    await delivering.do(SYSTEM, sequence)
    assert (await audit(delivering)).differences == ()


async def test_a_lower_result_before_a_person_is_no_difference(
    delivering: Office, town: Town, clock: TestClock
) -> None:
    of = await attended(delivering, town, honest)
    await settle(delivering, clock)
    await delivering.do(SYSTEM, set_air, of, 60)
    assert found_in(await audit(delivering)) == ["assessment.hours", "assessment.verified_ms", "assessment.air_ms"]
    await delivering.do(SYSTEM, air_changed, Event("class.air_changed", str(of.id), {"class": str(of.id)}))
    await settle(delivering, clock)
    assert await hours_of(delivering, town) == ["2.0"]
    assert (await audit(delivering)).differences == ()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE assessments SET hours = 300", ["assessment.hours", "ledger.hours"]),
        ("UPDATE assessments SET verified_ms = verified_ms - 1", ["assessment.verified_ms"]),
        ("DELETE FROM packs", ["assessment.hours", "assessment.verified_ms"]),
        ("UPDATE stays SET account = (SELECT id FROM accounts WHERE name = '陈立')", None),
        ("DELETE FROM assessments", ["assessment.missing", "ledger.no_evidence"]),
        ("UPDATE air_stretches SET until_ms = until_ms - 600000", None),
    ],
)
async def test_changed_evidence_is_found(
    delivering: Office, town: Town, clock: TestClock, change: str, what: list[str] | None
) -> None:
    await attended(delivering, town, honest)
    await settle(delivering, clock)
    await delivering.do(SYSTEM, run_sql, change)
    found = found_in(await audit(delivering))
    assert found
    assert what is None or found == what


async def test_a_row_changed_past_the_triggers_is_found(delivering: Office, town: Town, clock: TestClock) -> None:
    await attended(delivering, town, honest)
    await settle(delivering, clock)
    off = "DROP TRIGGER ledger_no_update" if delivering.db.lite else "ALTER TABLE ledger DISABLE TRIGGER ALL"
    await delivering.do(SYSTEM, run_sql, off)
    await delivering.do(SYSTEM, run_sql, "UPDATE ledger SET hours = 990")
    assert found_in(await audit(delivering)) == ["ledger.hours", "chain.hash"]


async def test_a_learner_checks_the_own_record(delivering: Office, town: Town, clock: TestClock) -> None:
    of = await attended(delivering, town, honest)
    await settle(delivering, clock)
    async with delivering.read() as tx:
        assert await check_own(tx, town.learner, clock.now(), delivering.services.policies) == (2, [])
        assert await check_own(tx, town.officer, clock.now(), delivering.services.policies) == (0, [])
    await delivering.do(SYSTEM, set_air, of, 60)
    async with delivering.read() as tx:
        _, found = await check_own(tx, town.learner, clock.now(), delivering.services.policies)
    assert found[0].stored == "2"
    assert "assessment.hours" in str(found[0])
