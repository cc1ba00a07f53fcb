"""Who may speak in a live class now (rules §7): speaking on or off, paused for all, slow mode."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.rules.live import LIVE, State
from server.rules.refusal import Refusal

OPEN = LIVE | {State.WAITING}
"""States in which the speaking area takes posts."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """The settings of a speaking area; `slow_s` seconds between two posts of one learner, 0 for none."""

    state: State
    allowed: bool
    frozen: bool
    slow_s: int


def check(speaking: Speaking, *, runs: bool, last: datetime | None, now: datetime) -> None:
    """Refuse a post now; `runs`: by who runs the class, `last`: when its author last wrote here.

    Refusals: `speaking.closed`, `speaking.off`, `speaking.frozen`, `speaking.slow` with the seconds left.
    """
    if speaking.state not in OPEN:
        raise Refusal("speaking.closed", state=speaking.state.value)
    if not speaking.allowed:
        raise Refusal("speaking.off")
    if runs:
        return
    if speaking.frozen:
        raise Refusal("speaking.frozen")
    if last is not None and (left := last + timedelta(seconds=speaking.slow_s) - now) > timedelta(0):
        wait_s = -(-left // timedelta(seconds=1))
        raise Refusal("speaking.slow", status=429, retry_after_s=wait_s)


def open_to(speaking: Speaking, *, runs: bool) -> bool:
    """Whether the area takes posts at all now, slow mode aside."""
    return speaking.state in OPEN and speaking.allowed and (runs or not speaking.frozen)
