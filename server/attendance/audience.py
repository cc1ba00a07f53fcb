"""Who is in a class at this moment, by the beats that this process hears and the marks that others tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from server.attendance.seat import Seat

HERE_MS = 45_000
"""Without a beat for longer than this, a page is not here (the socket's own limit)."""

_EARNING, _CHECKED, _HEARD = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Attendee:
    """One learner in a class; `weak`: beats are overdue."""

    account: UUID
    earning: bool
    waiting_check: bool
    weak: bool
    since_ms: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many are here, earn, have a check open, have a bad line."""

    here: int = 0
    earning: int = 0
    waiting_check: int = 0
    weak: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """One learner in a class, small enough to be told to other processes."""

    marks: int
    since_ms: int


Marks = dict[UUID, Marked]
"""Learners of one class by account."""


def attendees(
    seats: Iterable[Seat], class_id: UUID, now_ms: int, elsewhere: Mapping[UUID, Marks] = {}
) -> list[Attendee]:
    """The learners in a class, each once whatever the number of pages and of processes."""
    of_account: defaultdict[UUID, list[Seat]] = defaultdict(list)
    for seat in seats:
        if seat.stay.activity == class_id and _is_here(seat, now_ms):
            of_account[seat.stay.account].append(seat)
    found = {account: _attendee(account, pages, now_ms) for account, pages in of_account.items()}
    for account, marked in elsewhere.get(class_id, {}).items():
        found[account] = _also(found.get(account), account, marked)
    return [each for _, each in sorted(found.items())]


def count(here: Iterable[Attendee]) -> Count:
    people = list(here)
    return Count(
        here=len(people),
        earning=sum(each.earning for each in people),
        waiting_check=sum(each.waiting_check for each in people),
        weak=sum(each.weak for each in people),
    )


def headcount(seats: Iterable[Seat], now_ms: int, elsewhere: Mapping[UUID, Marks] = {}) -> dict[UUID, Count]:
    """The count of every class in which anybody was heard; it is made for thousands, so of marks and not of people."""
    classes: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    for seat in seats:
        marks = classes[seat.stay.activity]
        if _is_here(seat, now_ms):
            marks[seat.stay.account] = marks.get(seat.stay.account, 0) | _marks(seat, now_ms)
    for class_id, told in elsewhere.items():
        marks = classes[class_id]
        for account, marked in told.items():
            marks[account] = marks.get(account, 0) | marked.marks
    return {class_id: _count(list(marks.values())) for class_id, marks in classes.items()}


def marks_of(seats: Iterable[Seat], now_ms: int) -> dict[UUID, Marks]:
    """Who is heard, by class and learner, for other processes."""
    classes: dict[UUID, Marks] = {}
    for seat in seats:
        if _is_here(seat, now_ms):
            marked = Marked(_marks(seat, now_ms), seat.stay.opened_ms)
            merge(classes.setdefault(seat.stay.activity, {}), {seat.stay.account: marked})
    return classes


def merge(into: Marks, more: Marks) -> None:
    """Put the marks of the same learners together."""
    for account, marked in more.items():
        own = into.get(account)
        into[account] = marked if own is None else Marked(own.marks | marked.marks, min(own.since_ms, marked.since_ms))


def _marks(seat: Seat, now_ms: int) -> int:
    heard = now_ms - seat.heard_ms <= _overdue_ms(seat)
    return _EARNING * seat.counting | _CHECKED * seat.waits_for_check | _HEARD * heard


def _count(people: list[int]) -> Count:
    return Count(
        here=len(people),
        earning=sum(marks & _EARNING != 0 for marks in people),
        waiting_check=sum(marks & _CHECKED != 0 for marks in people),
        weak=sum(not marks & _HEARD for marks in people),
    )


def _attendee(account: UUID, pages: list[Seat], now_ms: int) -> Attendee:
    return Attendee(
        account=account,
        earning=any(each.counting for each in pages),
        waiting_check=any(each.waits_for_check for each in pages),
        weak=all(now_ms - each.heard_ms > _overdue_ms(each) for each in pages),
        since_ms=min(each.stay.opened_ms for each in pages),
    )


def _also(here: Attendee | None, account: UUID, marked: Marked) -> Attendee:
    """The learner as this process and others see them together."""
    earning, waiting = bool(marked.marks & _EARNING), bool(marked.marks & _CHECKED)
    weak = not marked.marks & _HEARD
    if here is None:
        return Attendee(account, earning, waiting, weak, marked.since_ms)
    since_ms = min(here.since_ms, marked.since_ms)
    return Attendee(account, here.earning or earning, here.waiting_check or waiting, here.weak and weak, since_ms)


def _is_here(seat: Seat, now_ms: int) -> bool:
    return not seat.presence.ended and now_ms - seat.heard_ms <= HERE_MS


def _overdue_ms(seat: Seat) -> int:
    """One interval and a half."""
    return seat.policy.heartbeat_interval_s * 1500
