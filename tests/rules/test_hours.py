"""Properties of the way from minutes to hours."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from server.rules.hours import due, excess, floored, hours_of, live_hours
from server.rules.policy import Policies

POLICY = Policies.shipped().documents[0].policy
LENGTHS = some.integers(0, 10 * 3_600_000)


@given(some.integers(0, 100), some.integers(1, 10 * 3_600_000), some.integers(1, 600))
def test_hours_never_exceed_what_was_covered_by_more_than_a_shortened_class_allows(
    percent: int, air_ms: int, planned: int
) -> None:
    covered = air_ms * percent // 100
    worth = live_hours(covered, air_ms, planned, POLICY)
    assert worth.hours <= hours_of(worth.nominal_ms, POLICY)
    assert worth.nominal_ms <= air_ms * Decimal("1.25")
    if covered < POLICY.live_min_ratio * air_ms:
        assert worth.hours == 0


@given(LENGTHS, LENGTHS, some.integers(1, 600))
def test_covering_more_never_gives_less(one: int, other: int, planned: int) -> None:
    less, more = sorted((one, other))
    air = max(more, 1)
    assert live_hours(less, air, planned, POLICY).hours <= live_hours(more, air, planned, POLICY).hours


@given(some.lists(LENGTHS, min_size=1, max_size=6))
def test_the_parts_of_an_activity_are_never_floored(parts: list[int]) -> None:
    assert sum(floored(Decimal(part) / 60_000 / 45, POLICY) for part in parts) <= hours_of(sum(parts), POLICY)


@given(some.decimals(0, 10, places=1), some.decimals(0, 10, places=1))
def test_a_difference_is_credited_or_proposed_and_never_both(assessed: Decimal, held: Decimal) -> None:
    assert held + due(assessed, held) - excess(assessed, held) == assessed
    assert not (due(assessed, held) and excess(assessed, held))
