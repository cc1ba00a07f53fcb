"""My year: sums of rows, what they are held against, what can still be repaired, what follows."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from server.attendance.receipts import instant
from server.base.office import Office
from server.base.work import SYSTEM
from server.hours.credit import credit
from server.hours.year import YearRecord, record
from server.people import store as people
from tests.clock import TestClock
from tests.server.hours.academy import judged, lesson, on
from tests.server.hours.conftest import Town


async def year_of(office: Office, town: Town, year: int = 2026) -> YearRecord:
    async with office.read() as tx:
        person = await people.person(tx, town.learner.id)
        assert person is not None
        return await record(tx, person, year, office.clock.now(), office.services.policies)


async def credited(office: Office, town: Town, hours: str, day: str = "2026-09-15", **changes: Any) -> None:
    begin, end = instant(on("09:00:00", day)), instant(on("10:30:00", day))
    of = await office.do(SYSTEM, lesson, starts_at=begin, ended_at=end)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours, **changes))


async def test_a_new_learner_has_nothing_and_fifty_to_go(office: Office, town: Town) -> None:
    found = await year_of(office, town)
    assert found.held.total == 0
    assert found.demand.missing_total == 50
    assert found.demand.missing_required == 25
    assert (found.state.value, found.outside, found.days_left) == ("in_year", None, 46)
    assert found.years == tuple(range(2026, 2019, -1))


async def test_the_sums_are_those_of_the_years_rows(office: Office, town: Town) -> None:
    for hours in ("2.0", "1.3"):
        await credited(office, town, hours)
    await credited(office, town, "2.0", "2025-09-15", year=2025)
    found = await year_of(office, town)
    assert found.held.elective == Decimal("3.3") == found.held.total
    assert [each.facts.hours for each in found.entries] == [Decimal(2), Decimal("1.3")]


async def test_a_class_that_gave_less_can_be_repaired_until_december(office: Office, town: Town) -> None:
    await credited(office, town, "0")
    await credited(office, town, "2.0")
    (gap,) = (await year_of(office, town)).gaps
    assert (gap.hours_if_repaired, gap.until) == (Decimal(2), datetime(2026, 11, 30, 16, 0, tzinfo=UTC))


async def test_from_december_nothing_can_be_repaired(office: Office, town: Town, clock: TestClock) -> None:
    await credited(office, town, "0")
    clock.set(datetime(2026, 11, 30, 16, 0, tzinfo=UTC))
    found = await year_of(office, town)
    assert (found.gaps, found.state.value, found.days_left) == ((), "closing", 0)


@pytest.mark.parametrize(
    ("now", "state", "days"),
    [
        (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), "in_year", 0),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "makeup", 29),
        (datetime(2026, 12, 10, 16, 0, tzinfo=UTC), "closed", 0),
    ],
)
async def test_the_year_is_told_in_the_zone_of_the_policy(
    office: Office, town: Town, clock: TestClock, now: datetime, state: str, days: int
) -> None:
    clock.set(now)
    found = await year_of(office, town)
    assert (found.state.value, found.days_left) == (state, days)


async def test_what_follows_is_said_of_closed_years_only(office: Office, town: Town) -> None:
    assert (await year_of(office, town, 2026)).effect == "none"
    assert (await year_of(office, town, 2020)).effect == "not_excellent"
    assert (await year_of(office, town, 2021)).effect == "not_competent"
    assert (await year_of(office, town, 2022)).effect == "incompetent"


async def test_who_joined_in_autumn_is_outside_that_year(office: Office, town: Town) -> None:
    joined = datetime(2025, 9, 1, tzinfo=UTC)

    async def later(work: Any) -> None:
        await people.change(work.tx, town.learner.id, joined_at=joined)

    await office.do(SYSTEM, later)
    found = await year_of(office, town, 2025)
    assert (found.outside, found.effect) == ("joined_late", "none")
    assert (await year_of(office, town)).years == (2026, 2025)
