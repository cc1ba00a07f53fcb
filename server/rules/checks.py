"""Presence checks: when one is asked, what became of it, and what a missed one voids (rules §3.5)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from server.rules.policy import Policy
from server.rules.stretches import Stretch, stretch


class Outcome(StrEnum):
    """What became of a check."""

    WAITING = "waiting"
    ANSWERED = "answered"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Check:
    """One presence check, asked in the stay named by `stay`; instants are milliseconds of the server's clock.

    `shown_ms`: the browser confirmed the dialog. `missed_ms`: found without an answer in time.
    `answered_ms` may be later than that, since the dialog stays open. `withdrawn_ms`: it could not
    be answered for no fault of the learner, and is asked again.
    """

    stay: str
    asked_ms: int
    answer_s: int
    shown_ms: int | None = None
    answered_ms: int | None = None
    missed_ms: int | None = None
    withdrawn_ms: int | None = None

    @property
    def due_ms(self) -> int:
        """When the answer, or before it the confirmation of the dialog, is due."""
        return (self.asked_ms if self.shown_ms is None else self.shown_ms) + self.answer_s * 1000

    @property
    def outcome(self) -> Outcome:
        if self.withdrawn_ms is not None:
            return Outcome.WITHDRAWN
        if self.missed_ms is not None:
            return Outcome.MISSED
        return Outcome.WAITING if self.answered_ms is None else Outcome.ANSWERED


def show(check: Check, now_ms: int) -> Check:
    """The check once the browser has confirmed that its dialog is on the screen."""
    if check.outcome is not Outcome.WAITING or check.shown_ms is not None:
        return check
    return replace(check, shown_ms=now_ms)


def answer(check: Check, now_ms: int) -> Check:
    """The check once answered; after its time it is missed and its dialog answered all the same."""
    if check.answered_ms is not None or check.outcome is Outcome.WITHDRAWN:
        return check
    late = check.outcome is Outcome.WAITING and now_ms > check.due_ms
    return replace(check, answered_ms=now_ms, missed_ms=now_ms if late else check.missed_ms)


def settle(check: Check, heard_ms: int, stay_ended: bool, now_ms: int, policy: Policy) -> Check:
    """The check decided once its time is over; `heard_ms` is the receipt of the stay's last beat.

    Withdrawn, not missed, where the stay ended before the time was over, where the dialog never came
    to the screen, and where the line was lost when the answer was due.
    """
    if check.outcome is not Outcome.WAITING:
        return check
    if stay_ended:
        return replace(check, withdrawn_ms=now_ms)
    if now_ms <= check.due_ms:
        return check
    line_lost = heard_ms + int(policy.gap_s * 1000) < check.due_ms
    if check.shown_ms is None or line_lost:
        return replace(check, withdrawn_ms=now_ms)
    return replace(check, missed_ms=now_ms)


def may_ask(checks: Iterable[Check], policy: Policy) -> bool:
    """Whether one more may be asked in this class: none waits, and not as many as allowed were decided."""
    outcomes = [each.outcome for each in checks]
    decided = sum(each is not Outcome.WITHDRAWN for each in outcomes)
    return Outcome.WAITING not in outcomes and decided < policy.presence_checks_max


@dataclass(frozen=True, slots=True)
class Timer:
    """Earning time since the last check or sign of activity, and how much of it brings the next check."""

    due_ms: int
    earned_ms: int = 0

    @property
    def rung(self) -> bool:
        return self.earned_ms >= self.due_ms

    def earn(self, earned_ms: int) -> "Timer":
        """The timer after more earning time; no other time moves it."""
        return Timer(self.due_ms, self.earned_ms + earned_ms)


def wind(chance: float, policy: Policy) -> Timer:
    """A timer set anew; `chance` is evenly drawn from 0 up to 1."""
    low, high = (minutes * 60_000 for minutes in policy.presence_check_minutes)
    return Timer(due_ms=low + int((high - low) * chance))


@dataclass(frozen=True, slots=True)
class Void:
    """A time on the server's clock that a missed check leaves unverified, in one stay or in all."""

    when: Stretch
    stay: str | None = None


ENDLESS_MS = 1 << 53
"""Later than every instant of evidence."""


def voids(checks: Iterable[Check], signs: Iterable[int]) -> tuple[Void, ...]:
    """What missed checks void; `signs` are instants at which the learner was active.

    The first missed one of a class voids from the last sign of activity, a further one from the
    check before. After a missed one whose dialog was never answered the rest of its stay is void.
    """
    decided = [each for each in checks if each.outcome in (Outcome.ANSWERED, Outcome.MISSED)]
    decided.sort(key=lambda each: each.asked_ms)
    active = sorted(signs)
    found: list[Void] = []
    since, missed_before = 0, False
    for each in decided:
        if each.missed_ms is None and each.answered_ms is not None:
            since = each.answered_ms
            continue
        start = since if missed_before else _last_between(active, since, each.asked_ms)
        found += [Void(when) for when in stretch(start, each.asked_ms)]
        since, missed_before = each.asked_ms, True
    return (*found, *_tails(decided))


def _last_between(active: list[int], since: int, until: int) -> int:
    return max((each for each in active if since < each <= until), default=since)


def _tails(decided: list[Check]) -> tuple[Void, ...]:
    last = {each.stay: each for each in decided}
    return tuple(
        Void(Stretch(each.asked_ms, ENDLESS_MS), stay)
        for stay, each in last.items()
        if each.outcome is Outcome.MISSED and each.answered_ms is None
    )
