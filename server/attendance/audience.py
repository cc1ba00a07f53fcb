"""Who is in a class at this moment, as far as this process hears their beats."""

from collections import defaultdict
from collections.abc import Iterable
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


def attendees(seats: Iterable[Seat], class_id: UUID, now_ms: int) -> list[Attendee]:
    """The learners in a class, each once whatever the number of pages."""
    of_account: defaultdict[UUID, list[Seat]] = defaultdict(list)
    for seat in seats:
        if seat.stay.activity == class_id and _is_here(seat, now_ms):
            of_account[seat.stay.account].append(seat)
    return [_attendee(account, pages, now_ms) for account, pages in sorted(of_account.items())]


def count(here: Iterable[Attendee]) -> Count:
    people = list(here)
    return Count(
        here=len(people),
        earning=sum(each.earning for each in people),
        waiting_check=sum(each.waiting_check for each in people),
        weak=sum(each.weak for each in people),
    )


def headcount(seats: Iterable[Seat], now_ms: int) -> dict[UUID, Count]:
    """The count of every class in which anybody was heard; it is made for thousands, so of marks and not of people."""
    classes: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    for seat in seats:
        marks = classes[seat.stay.activity]
        if _is_here(seat, now_ms):
            marks[seat.stay.account] = marks.get(seat.stay.account, 0) | _marks(seat, now_ms)
    return {class_id: _count(list(marks.values())) for class_id, marks in classes.items()}


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


def _is_here(seat: Seat, now_ms: int) -> bool:
    return not seat.presence.ended and now_ms - seat.heard_ms <= HERE_MS


def _overdue_ms(seat: Seat) -> int:
    """One interval and a half."""
    return seat.policy.heartbeat_interval_s * 1500
