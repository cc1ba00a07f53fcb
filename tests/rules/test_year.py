"""Properties of the borders of the year."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from server.rules.policy import Policies
from server.rules.year import accepts, pieces, window, year_of

POLICY = Policies.shipped().documents[0].policy
NEXT = replace(POLICY, december="next_year")
INSTANTS = some.integers(0, 11 * 366 * 86_400).map(lambda s: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


@given(INSTANTS, some.integers(0, 500 * 24))
def test_the_pieces_of_a_stretch_are_the_stretch(begin: datetime, hours: int) -> None:
    end = begin + timedelta(hours=hours)
    cut = pieces(begin, end, POLICY)
    assert sum((each.end - each.begin for each in cut), timedelta()) == end - begin
    assert all(year_of(each.end - timedelta(microseconds=1), POLICY) == each.year for each in cut)


@given(INSTANTS)
def test_study_counts_for_a_year_within_its_window_and_never_outside(at: datetime) -> None:
    for policy in (POLICY, NEXT):
        for year in (at.year - 1, at.year, at.year + 1):
            begins, ends = window(year, policy)
            assert accepts(year, at, policy) == (begins <= at < ends)


def test_december_counts_for_the_next_year_where_the_policy_says_so() -> None:
    assert year_of(datetime(2026, 12, 1, tzinfo=POLICY.zone), NEXT) == 2027
    assert window(2027, NEXT)[0] == datetime(2026, 11, 30, 16, tzinfo=UTC)
