"""Arithmetic of stretches, against sets of instants."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.stretches import Stretch, Stretches, difference, intersection, stretch, total_ms, union, with_more

SOME = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)).map(lambda each: Stretch(each[0], sum(each))))


def instants(stretches: Stretches) -> set[int]:
    return {ms for each in stretches for ms in range(each.from_ms, each.until_ms)}


@given(SOME)
def test_a_union_holds_every_instant_once_and_nothing_touches(some: list[Stretch]) -> None:
    merged = union(some)
    assert instants(merged) == instants(tuple(some))
    assert all(a.until_ms < b.from_ms for a, b in itertools.pairwise(merged))
    assert total_ms(merged) == len(instants(merged))


@given(SOME, SOME)
def test_intersection_and_difference_part_a_union(one: list[Stretch], other: list[Stretch]) -> None:
    a, b = union(one), union(other)
    assert instants(intersection(a, b)) == instants(a) & instants(b)
    assert instants(difference(a, b)) == instants(a) - instants(b)
    assert union((*intersection(a, b), *difference(a, b))) == a


def test_a_stretch_has_a_length() -> None:
    assert stretch(5, 5) == ()
    with pytest.raises(ValueError, match="without length"):
        Stretch(5, 5)


@given(SOME, SOME)
def test_more_is_taken_into_a_union_wherever_it_lies(some: list[Stretch], more: list[Stretch]) -> None:
    assert with_more(union(some), more) == union(some + more)
