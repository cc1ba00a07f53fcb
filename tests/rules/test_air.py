"""Air time: ordered, disjoint, never after the end, whatever media says in whatever order."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.rules.air import Aired, Record, begin, leave, reach, stretches
from server.rules.stretches import Stretch

_RUNS = st.sampled_from(["a", "b", "c"])
_STEPS = st.tuples(
    st.sampled_from([begin, reach, leave]), _RUNS, st.integers(0, 1000), st.none() | st.integers(0, 1000)
)


def test_a_class_without_a_break_is_one_stretch() -> None:
    record = leave(reach(begin((), "a", 10), "a", 15), "a", 18)
    assert record == (Aired("a", 10, 18, open=False),)


def test_the_death_of_media_leaves_the_stretch_at_its_last_word() -> None:
    assert stretches(reach(begin((), "a", 10_000), "a", 15_000)) == (Stretch(10_000, 15_000),)


def test_a_pause_of_the_same_publisher_is_no_air() -> None:
    record = leave(begin((), "a", 10), "a", 20)
    assert stretches(leave(begin(record, "a", 30), "a", 40)) == (Stretch(10, 20), Stretch(30, 40))


def test_another_publisher_closes_what_the_one_before_left_open() -> None:
    record = begin(reach(begin((), "a", 10), "a", 20), "b", 25)
    assert [each.open for each in record] == [False, True]
    assert reach(record, "a", 90) == record


def test_a_publisher_whose_clock_lies_back_begins_where_the_one_before_ended() -> None:
    record = leave(begin(leave(begin((), "a", 10), "a", 20), "b", 15), "b", 30)
    assert stretches(record) == (Stretch(10, 30),)


def test_what_media_says_late_of_an_ended_class_counts_up_to_its_end() -> None:
    record = begin((), "a", 10, ended_ms=50)
    assert stretches(leave(record, "a", 70, ended_ms=50)) == (Stretch(10, 50),)
    assert begin(record, "b", 50, ended_ms=50) == (Aired("a", 10, 10, open=False),)


@given(st.lists(_STEPS, max_size=30))
def test_air_is_ordered_and_disjoint_whatever_is_said(steps: list[tuple[object, str, int, int | None]]) -> None:
    record: Record = ()
    for step, run, at_ms, ended_ms in steps:
        before = record
        record = step(record, run, at_ms, ended_ms)  # type: ignore[operator]
        assert len(record) >= len(before)
        assert all(old.from_ms == new.from_ms for old, new in zip(before, record, strict=False))
        assert all(one.until_ms <= other.from_ms for one, other in pairwise(record))
        assert all(each.from_ms <= each.until_ms for each in record)
        assert not any(each.open for each in record[:-1])


@given(st.lists(_STEPS, max_size=30), st.integers(0, 1000))
def test_nothing_is_on_air_after_the_end(steps: list[tuple[object, str, int, int | None]], ended_ms: int) -> None:
    record: Record = ()
    for step, run, at_ms, _ in steps:
        record = step(record, run, at_ms, ended_ms)  # type: ignore[operator]
    assert all(each.until_ms <= ended_ms for each in record)
