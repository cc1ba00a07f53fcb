"""The seats that this process remembers: bounded, found by stay and by learner."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from server.attendance.figures import SEATS
from server.attendance.seat import Seat

MAX_SEATS = 20_000


class Seats:
    """Seats by stay; the one heard of longest ago goes first when there are too many."""

    def __init__(self, limit: int = MAX_SEATS) -> None:
        self._limit = limit
        self._by_stay: OrderedDict[UUID, Seat] = OrderedDict()
        self._of_account: defaultdict[UUID, set[UUID]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._by_stay)

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._by_stay.values()))

    def get(self, stay: UUID) -> Seat | None:
        return self._by_stay.get(stay)

    def of_account(self, account: UUID) -> list[Seat]:
        return [self._by_stay[stay] for stay in self._of_account.get(account, ())]

    def missing(self, stays: Iterable[UUID]) -> list[UUID]:
        return sorted({stay for stay in stays if stay not in self._by_stay})

    def put(self, seat: Seat) -> None:
        """Remember a seat as the one heard of last."""
        self._by_stay[seat.stay.id] = seat
        self._by_stay.move_to_end(seat.stay.id)
        self._of_account[seat.stay.account].add(seat.stay.id)
        while len(self._by_stay) > self._limit:
            self.forget(next(iter(self._by_stay)))
        SEATS.set(len(self._by_stay))

    def move_on(self, before: Seat, after: Seat) -> None:
        """Put `after` in the place of `before`; forget one that changed meanwhile, of which `after` knows nothing."""
        stay = before.stay.id
        if self._by_stay.get(stay) is before:
            self._by_stay[stay] = after
            self._by_stay.move_to_end(stay)
        else:
            self.forget(stay)

    def forget(self, stay: UUID) -> None:
        """Drop a seat; it is made again from the evidence when needed."""
        seat = self._by_stay.pop(stay, None)
        if seat is None:
            return
        others = self._of_account[seat.stay.account]
        others.discard(stay)
        if not others:
            del self._of_account[seat.stay.account]
        SEATS.set(len(self._by_stay))

    def forget_idle(self, now_ms: int) -> None:
        """Drop the seats of which nothing was heard for longer than their late window."""
        for seat in self:
            if now_ms - seat.heard_ms > seat.policy.late_beat_s * 1000:
                self.forget(seat.stay.id)
