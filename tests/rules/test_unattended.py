"""What a live class does by itself, and at which moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.rules.live import Action, State, actions
from server.rules.policy import Policies
from server.rules.unattended import Standing, due, time_is_up

BEGIN = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)
END = BEGIN + timedelta(minutes=90)
POLICY = Policies.shipped().in_force(BEGIN)
GRACE = timedelta(seconds=POLICY.live_grace_s)
TICK = timedelta(seconds=1)


def standing(state: State, since: datetime = BEGIN) -> Standing:
    return Standing(state, BEGIN, END, since)


def acts_at(found: Standing, moment: datetime, action: Action) -> None:
    assert due(found, moment - TICK, POLICY) is None
    assert due(found, moment, POLICY) is action


def test_the_waiting_room_opens_a_quarter_of_an_hour_before() -> None:
    planned = standing(State.SCHEDULED, BEGIN - timedelta(days=1))
    acts_at(planned, BEGIN - timedelta(minutes=15), Action.OPEN)


def test_a_class_that_never_began_is_cancelled_after_its_planned_time() -> None:
    waiting = standing(State.WAITING)
    acts_at(waiting, END + GRACE, Action.CANCEL)
    assert due(replace(waiting, sending=True), END + 2 * GRACE, POLICY) is None


def test_a_line_is_lost_when_media_has_said_nothing_for_twenty_seconds() -> None:
    on_air = replace(standing(State.ON_AIR), heard_at=BEGIN + timedelta(minutes=3))
    acts_at(on_air, BEGIN + timedelta(minutes=3, seconds=20), Action.LOSE)


def test_a_class_just_resumed_is_not_lost_because_it_was_silent_in_the_break() -> None:
    resumed = replace(standing(State.ON_AIR, BEGIN + timedelta(minutes=50)), heard_at=BEGIN + timedelta(minutes=40))
    acts_at(resumed, BEGIN + timedelta(minutes=50, seconds=20), Action.LOSE)


def test_a_class_without_its_source_ends_after_the_grace() -> None:
    lost = replace(standing(State.INTERRUPTED), interrupted_since=BEGIN + timedelta(minutes=7))
    acts_at(lost, BEGIN + timedelta(minutes=7) + GRACE, Action.END)


def test_a_pause_ends_the_class_only_after_all_that_was_planned_and_when_nobody_sends() -> None:
    paused = standing(State.PAUSED, BEGIN + timedelta(minutes=40))
    acts_at(paused, END + GRACE, Action.END)
    acts_at(replace(paused, resumes_at=END + timedelta(minutes=30)), END + timedelta(minutes=30) + GRACE, Action.END)
    assert due(replace(paused, sending=True), END + 3 * GRACE, POLICY) is None


@pytest.mark.parametrize("state", [State.ENDED, State.CANCELLED])
def test_nothing_happens_to_a_class_that_is_over(state: State) -> None:
    assert due(standing(state), END + timedelta(days=30), POLICY) is None


@pytest.mark.parametrize("state", list(State))
def test_what_happens_by_itself_is_a_step_of_the_table(state: State) -> None:
    late = due(standing(state), END + timedelta(days=1), POLICY)
    assert late is None or late in actions(state)


def test_the_planned_end_is_told_once_while_the_class_goes_on() -> None:
    on_air = standing(State.ON_AIR)
    assert time_is_up(on_air, END - TICK, END)
    assert not time_is_up(on_air, END, END + TICK)
    assert not time_is_up(standing(State.ENDED), END - TICK, END)
