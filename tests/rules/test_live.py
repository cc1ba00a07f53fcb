"""The states of a live class: every step of the table, and no other."""

import pytest

from server.rules.live import TRANSITIONS, Action, State, actions, advance
from server.rules.refusal import Refusal


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("action", list(Action))
def test_a_step_is_taken_only_where_the_table_has_it(state: State, action: Action) -> None:
    if action in actions(state):
        assert advance(state, action) in State
    else:
        with pytest.raises(Refusal) as refused:
            advance(state, action)
        assert refused.value.code == "class.wrong_state"
        assert refused.value.data == {"state": state.value, "action": action.value}


def test_an_ended_class_is_never_opened_again() -> None:
    assert not actions(State.ENDED)
    assert not actions(State.CANCELLED)


def test_whatever_is_on_air_can_be_cut() -> None:
    for state in (State.ON_AIR, State.PAUSED, State.INTERRUPTED):
        assert advance(state, Action.CUT) is State.ENDED


def test_every_state_can_be_reached_from_scheduled() -> None:
    seen, waiting = set(), [State.SCHEDULED]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += TRANSITIONS[state].values()
    assert seen == set(State)
