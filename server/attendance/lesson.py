"""What attendance asks of a live class: whether it takes study, its air time, policy and year."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance.receipts import ms
from server.live import store as live
from server.live.store import LiveClass
from server.rules.live import ATTENDED, State
from server.rules.policy import Policies, Policy
from server.rules.stretches import Stretch, Stretches
from server.rules.year import pieces, window, year_of

_NEVER = Stretch(0, 1)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A live class as far as attendance needs it; `air` is on the media clock."""

    id: UUID
    title: str
    state: State
    planned_minutes: int
    began_at: datetime
    ended_at: datetime | None
    air: Stretches

    @property
    def takes_study(self) -> bool:
        """Whether beats can count: it has begun; after its end they are replay (rules §3.4)."""
        return self.state in ATTENDED

    def policy(self, policies: Policies) -> Policy:
        """The policy under which it first began (rules §2)."""
        return policies.in_force(self.began_at)

    def year(self, policy: Policy) -> int | None:
        """The academic year for which it counts; over a border that of its first part that counts at all."""
        if self.ended_at is None or self.ended_at <= self.began_at:
            return year_of(self.began_at, policy)
        years = [each.year for each in pieces(self.began_at, self.ended_at, policy)]
        return next((year for year in years if year is not None), None)

    def study_time(self, policy: Policy) -> Stretch:
        """The time on the server's clock in which study counts for its year."""
        year = self.year(policy)
        if year is None:
            return _NEVER
        begin, end = window(year, policy)
        return Stretch(ms(begin), ms(end))


async def lesson(tx: AsyncConnection, class_id: UUID) -> Lesson | None:
    """The class of that id; None when there is none."""
    found = await live.by_id(tx, class_id)
    return await lesson_of(tx, found) if found else None


async def lesson_of(tx: AsyncConnection, found: LiveClass) -> Lesson:
    """The same of a class that was read already."""
    return Lesson(
        id=found.id,
        title=found.title,
        state=found.state,
        planned_minutes=found.planned_minutes,
        began_at=found.went_on_air_at or found.starts_at,
        ended_at=found.ended_at,
        air=await live.air_of(tx, found.id),
    )


def last_aired(held: Lesson | None) -> int:
    """The last moment of the media clock that was broadcast; 0 before the first."""
    return held.air[-1].until_ms if held and held.air else 0
