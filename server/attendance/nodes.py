"""One stay at several processes: what a seat must know before its beats are written, and who is heard elsewhere.

Theory of operation. Each process remembers seats of its own. Before beats are written, the same transaction looks
whether the database knows more of the stay than the seat does: a change of earning, or later beats that came to
another process. Then nothing is written, and the seat is made again. So two devices of a learner never both earn,
whatever became of the message that tells of it.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance.audience import Marked, Marks, marks_of, merge
from server.attendance.seat import Seat
from server.attendance.seats import Seats
from server.attendance.tables import beats, earnings
from server.base.bus import Bus, Message

TOPIC = "attending:"
REMEMBERED_MS = 15_000
"""How long the last word of a process counts; it speaks every five seconds."""


class Stale(Exception):
    """The database knows more of these stays than their seats do."""

    def __init__(self, stays: Collection[UUID]) -> None:
        super().__init__(f"{len(stays)} seats are out of date")
        self.stays = stays


async def check_fresh(tx: AsyncConnection, seats: Collection[Seat]) -> None:
    """Raise `Stale` where another process wrote something of a stay that its seat does not know."""
    stays = [seat.stay.id for seat in seats]
    query = sa.select(beats.c.stay, sa.func.max(beats.c.seq)).where(beats.c.stay.in_(stays)).group_by(beats.c.stay)
    last = {row[0]: row[1] for row in await tx.execute(query)}
    changes = sa.select(earnings.c.stay, earnings.c.held).where(earnings.c.stay.in_(stays))
    earns = {row.stay: row.held is None for row in await tx.execute(changes.order_by(earnings.c.at_ms, earnings.c.id))}
    old = {seat.stay.id for seat in seats if _is_old(seat, last, earns)}
    if old:
        raise Stale(old)


def _is_old(seat: Seat, last: Mapping[UUID, int], earns: Mapping[UUID, bool]) -> bool:
    stay, presence = seat.stay.id, seat.presence
    return last.get(stay, 0) > presence.seq or earns.get(stay, False) != presence.earns


class Elsewhere:
    """Who attends by what the other processes hear; one that falls silent is forgotten."""

    def __init__(self, bus: Bus, stamp: Callable[[], int]) -> None:
        """`stamp` gives the milliseconds of this process's receipt clock."""
        self._bus, self._stamp = bus, stamp
        self._told: dict[str, tuple[int, dict[UUID, Marks]]] = {}
        bus.listen(TOPIC, self._hear)

    def tell(self, seats: Seats) -> None:
        """Tell the other processes who is heard here; there is nobody to tell in an academy of one process."""
        if self._bus.node:
            marks = {str(activity): _packed(each) for activity, each in marks_of(seats, self._stamp()).items()}
            self._bus.publish(Message(TOPIC + self._bus.node, "attending.heard", marks))

    def marks(self) -> dict[UUID, Marks]:
        """By class and learner, all other processes together."""
        oldest = self._stamp() - REMEMBERED_MS
        self._told = {node: (at_ms, told) for node, (at_ms, told) in self._told.items() if at_ms >= oldest}
        merged: dict[UUID, Marks] = {}
        for _, told in self._told.values():
            for activity, marks in told.items():
                merge(merged.setdefault(activity, {}), marks)
        return merged

    def _hear(self, message: Message) -> None:
        node = message.topic.removeprefix(TOPIC)
        if node != self._bus.node:
            self._told[node] = self._stamp(), {UUID(each): _unpacked(marks) for each, marks in message.data.items()}


def _packed(marks: Marks) -> list[list[Any]]:
    return [[account.hex, marked.marks, marked.since_ms] for account, marked in marks.items()]


def _unpacked(packed: list[list[Any]]) -> Marks:
    return {UUID(account): Marked(marks, since_ms) for account, marks, since_ms in packed}
