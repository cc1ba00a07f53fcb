"""What a topic class asks of a learner, and who has a place in it (rules §3.8)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.policy import Policies
from server.rules.topic_class import Attended, Place, conditions, is_complete, place, vacancies

POLICY = Policies.shipped().documents[0].policy
LESSONS = st.lists(st.builds(Attended, st.booleans(), st.decimals("0", "1", places=4)), max_size=12)


def _lessons(*shares: str, needed: bool = False) -> list[Attended]:
    return [Attended(needed, Decimal(each)) for each in shares]


@pytest.mark.parametrize(
    ("lessons", "met"),
    [
        (_lessons("1", "1", "1", "1", "0"), True),
        (_lessons("1", "1", "1", "0.79", "0"), False),
        (_lessons("0.80", "0.80", needed=True), True),
        (_lessons("1", "1", "1", "1") + _lessons("0.79", needed=True), False),
        ([], False),
    ],
    ids=["four of five", "three of five", "each just enough", "a needed one missing", "nothing planned"],
)
def test_completion_needs_each_needed_class_and_four_of_five_of_all(lessons: list[Attended], met: bool) -> None:
    assert is_complete(conditions(lessons, POLICY)) is met


@given(LESSONS, st.randoms())
def test_the_order_of_results_makes_no_difference(lessons: list[Attended], chance: st.DataObject) -> None:
    turned = list(lessons)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    assert conditions(turned, POLICY) == conditions(lessons, POLICY)


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50))
def test_no_more_than_the_capacity_ever_have_a_place(enrolled: int, capacity: int, waiting: int) -> None:
    seated = min(enrolled, capacity)
    assert (place(seated, capacity) is Place.ENROLLED) == (seated < capacity)
    moved = vacancies(seated, capacity, waiting)
    assert seated + moved <= capacity
    assert moved == waiting or seated + moved == capacity


def test_without_a_capacity_nobody_waits() -> None:
    assert place(10_000, None) is Place.ENROLLED
    assert vacancies(10_000, None, 7) == 7
