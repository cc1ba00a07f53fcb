"""Identifiers stand in the order in which they were made."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.base.ids import new_id

MOMENT = datetime(2026, 9, 16, 14, 30, 0, 999_000, tzinfo=UTC)
moments = st.integers(0, 2_000_000_000_000_000).map(
    lambda us: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
)


def test_an_identifier_is_a_uuid_of_version_7() -> None:
    made = new_id(MOMENT)
    assert (made.version, made.variant) == (7, UUID(int=0x8 << 60).variant)
    assert made.int >> 80 == int(MOMENT.timestamp() * 1000)


def test_those_of_one_unit_of_work_stand_in_the_order_of_their_making() -> None:
    made = [new_id(MOMENT, nth) for nth in range(2000)]
    assert made == sorted(made)


@given(moments, st.integers(1, 5_000_000))
def test_a_later_microsecond_is_a_greater_identifier(at: datetime, later_us: int) -> None:
    assert new_id(at) < new_id(at + timedelta(microseconds=later_us))


def test_two_of_one_microsecond_differ() -> None:
    assert len({new_id(MOMENT) for _ in range(1000)}) == 1000
