"""The states of a live class and the one table of allowed transitions (rules §1, §7)."""

from datetime import datetime, timedelta
from enum import StrEnum

from server.rules.policy import Policy
from server.rules.refusal import Article, Clause, Refusal
from server.rules.year import day_of, year_of


class State(StrEnum):
    """Where a live class stands."""

    SCHEDULED = "scheduled"
    WAITING = "waiting"
    ON_AIR = "on_air"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What somebody, or the line itself, does to a live class."""

    CANCEL = "cancel"
    OPEN = "open"
    REHEARSE = "rehearse"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    LOSE = "lose"
    RETURN = "return"
    END = "end"
    CUT = "cut"


TRANSITIONS: dict[State, dict[Action, State]] = {
    State.SCHEDULED: {Action.OPEN: State.WAITING, Action.CANCEL: State.CANCELLED},
    State.WAITING: {
        Action.REHEARSE: State.WAITING,
        Action.START: State.ON_AIR,
        Action.CANCEL: State.CANCELLED,
    },
    State.ON_AIR: {
        Action.PAUSE: State.PAUSED,
        Action.LOSE: State.INTERRUPTED,
        Action.END: State.ENDED,
        Action.CUT: State.ENDED,
    },
    State.PAUSED: {Action.RESUME: State.ON_AIR, Action.END: State.ENDED, Action.CUT: State.ENDED},
    State.INTERRUPTED: {
        Action.RETURN: State.ON_AIR,
        Action.PAUSE: State.PAUSED,
        Action.END: State.ENDED,
        Action.CUT: State.ENDED,
    },
    State.ENDED: {},
    State.CANCELLED: {},
}

LIVE = frozenset({State.ON_AIR, State.PAUSED, State.INTERRUPTED})
"""States of a class that has begun and has not ended."""

ATTENDED = LIVE | {State.ENDED}
"""States in which study counts: after the end a beat is replay of the same class (rules §3.4)."""


def advance(state: State, action: Action) -> State:
    """The state after `action`; `class.wrong_state` (409) where the table has no such step."""
    after = TRANSITIONS[state].get(action)
    if after is None:
        raise Refusal("class.wrong_state", state=state.value, action=action.value)
    return after


def actions(state: State) -> frozenset[Action]:
    """What can be done to a class in that state."""
    return frozenset(TRANSITIONS[state])


def check_year(starts_at: datetime, ends_at: datetime, policy: Policy) -> int:
    """The academic year of a class planned for that time (Article 9).

    Refused: a class in a time that counts for no year, and one that ends too late to be repaired in
    its year (rules §3.7).
    """
    year = year_of(starts_at, policy)
    if year is None:
        raise Refusal("class.outside_year", basis=Article(9), field="starts_at")
    last = policy.makeup_end.of(year) - timedelta(days=policy.live_repair_days)
    if day_of(ends_at, policy) > last:
        basis = Clause("live_repair_days")
        raise Refusal("class.no_time_to_repair", basis=basis, field="starts_at", until=last.isoformat())
    return year
