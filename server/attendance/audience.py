"""Who is in a class at this moment, as far as this process hears their beats."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from server.attendance.seat import Seat

HERE_MS = 45_000
"""Without a beat for longer than this, a page is not here (the socket's own limit)."""


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

    here: int
    earning: int
    waiting_check: int
    weak: int


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


def classes(seats: Iterable[Seat]) -> set[UUID]:
    """The classes in which anybody was heard."""
    return {seat.stay.activity for seat in seats}


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
