"""Speaking in class: off, closed, paused for all, slow; who runs the class is not slowed."""

from datetime import UTC, datetime, timedelta

import pytest

from server.rules.live import State
from server.rules.refusal import Refusal
from server.rules.speaking import Speaking, check, open_to

NOW = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)


def refused(speaking: Speaking, *, runs: bool = False, last: datetime | None = None) -> str | None:
    try:
        check(speaking, runs=runs, last=last, now=NOW)
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("state", [State.WAITING, State.ON_AIR, State.PAUSED, State.INTERRUPTED])
def test_one_speaks_from_the_waiting_room_to_the_end(state: State) -> None:
    assert refused(Speaking(state, True, False, 0)) is None


@pytest.mark.parametrize("state", [State.SCHEDULED, State.ENDED, State.CANCELLED])
def test_before_and_after_nobody_speaks(state: State) -> None:
    assert refused(Speaking(state, True, False, 0), runs=True) == "speaking.closed"
    assert not open_to(Speaking(state, True, False, 0), runs=True)


def test_where_speaking_is_off_nobody_speaks() -> None:
    assert refused(Speaking(State.ON_AIR, False, False, 0), runs=True) == "speaking.off"


def test_a_pause_for_all_leaves_the_word_to_who_runs_the_class() -> None:
    frozen = Speaking(State.ON_AIR, True, True, 0)
    assert (refused(frozen), refused(frozen, runs=True)) == ("speaking.frozen", None)
    assert (open_to(frozen, runs=False), open_to(frozen, runs=True)) == (False, True)


def test_slow_mode_says_how_many_whole_seconds_are_left() -> None:
    slow = Speaking(State.ON_AIR, True, False, 10)
    assert refused(slow, last=NOW - timedelta(seconds=10)) is None
    assert refused(slow, last=None) is None
    assert refused(slow, runs=True, last=NOW) is None
    with pytest.raises(Refusal) as found:
        check(slow, runs=False, last=NOW - timedelta(seconds=3.5), now=NOW)
    assert (found.value.code, found.value.data) == ("speaking.slow", {"retry_after_s": 7})
