"""What the staff of a class read after it: air time, how many were there when, who has studied how much."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance import store
from server.attendance.evidence import last_receipts
from server.attendance.lesson import Lesson
from server.attendance.store import StoredAssessment
from server.rules.stretches import Stretch, total_ms

MINUTE_MS = 60_000
MAX_POINTS = 300


@dataclass(frozen=True, slots=True)
class Point:
    """How many were there and how many studied what counts, at an instant of the media clock."""

    at_ms: int
    here: int
    earning: int


@dataclass(frozen=True, slots=True)
class Report:
    """Of one class; nobody is ranked."""

    air: tuple[Stretch, ...]
    curve: tuple[Point, ...]
    assessments: tuple[StoredAssessment, ...]

    @property
    def air_ms(self) -> int:
        return total_ms(self.air)


async def report_of(tx: AsyncConnection, held: Lesson) -> Report:
    """The report of a class; before it is closed nobody has a result."""
    stays = await store.stays_of_class(tx, held.id)
    heard = await last_receipts(tx, [each.id for each in stays])
    here = [
        Stretch(each.opened_ms, heard[each.id]) for each in stays if heard.get(each.id, each.opened_ms) > each.opened_ms
    ]
    assessed = await store.assessments_of_class(tx, held.id)
    studied = [each for one in assessed for each in one.result.verified]
    return Report(held.air, _curve(held.air, here, studied), tuple(assessed))


def _curve(air: tuple[Stretch, ...], here: Iterable[Stretch], studied: Iterable[Stretch]) -> tuple[Point, ...]:
    if not air:
        return ()
    begin, end = air[0].from_ms, air[-1].until_ms
    step = max(MINUTE_MS, (end - begin) // MAX_POINTS)
    moments = range(begin, end + 1, step)
    present, earning = _at(moments, here), _at(moments, studied)
    return tuple(Point(at, present[place], earning[place]) for place, at in enumerate(moments))


def _at(moments: range, stretches: Iterable[Stretch]) -> list[int]:
    """How many of the stretches hold each moment."""
    changes = [0] * (len(moments) + 1)
    for each in stretches:
        changes[_place(moments, each.from_ms)] += 1
        changes[_place(moments, each.until_ms)] -= 1
    return list(accumulate(changes))[:-1]


def _place(moments: range, at_ms: int) -> int:
    """The number of moments before an instant."""
    return min(max(0, -(-(at_ms - moments.start) // moments.step)), len(moments))
