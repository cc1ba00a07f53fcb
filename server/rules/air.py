"""Air time of a live class from what media reports, on the media clock (rules §3.4): pauses and breaks are no air."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from server.rules.stretches import Stretches, stretch, union

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Aired:
    """What was broadcast in one go; `until_ms` of an open one is the last moment of which media said so.

    `run` names one uninterrupted stretch of publishing; it may be on air several times, with pauses between.
    """

    run: str
    from_ms: int
    until_ms: int
    open: bool


Record = tuple[Aired, ...]
"""In order, none reaching into the next, only the last one open."""


def begin(record: Record, run: str, at_ms: int, ended_ms: int | None = None) -> Record:
    """The first picture of `run` is on air at `at_ms`; nothing goes on air once the class has ended."""
    closed = tuple(replace(each, open=False) for each in record)
    at_ms = max(at_ms, closed[-1].until_ms) if closed else at_ms
    if ended_ms is not None and at_ms >= ended_ms:
        return closed
    return (*closed, Aired(run, at_ms, at_ms, open=True))


def reach(record: Record, run: str, at_ms: int, ended_ms: int | None = None) -> Record:
    """`run` is still on air at `at_ms`; what was said of another run, or of one that is over, changes nothing."""
    if not record or not record[-1].open or record[-1].run != run:
        return record
    last = record[-1]
    if ended_ms is not None:
        at_ms = min(at_ms, ended_ms)
    return (*record[:-1], replace(last, until_ms=max(last.until_ms, at_ms)))


def leave(record: Record, run: str, at_ms: int, ended_ms: int | None = None) -> Record:
    """The last picture of `run` was on air until `at_ms`."""
    reached = reach(record, run, at_ms, ended_ms)
    if not reached or reached[-1].run != run:
        return reached
    return (*reached[:-1], replace(reached[-1], open=False))


def stretches(record: Sequence[Aired]) -> Stretches:
    """What was really broadcast, without what has no length."""
    return union(part for each in record for part in stretch(each.from_ms, each.until_ms))


def media_ms(at: datetime) -> int:
    """An aware instant in whole milliseconds of the media clock."""
    return (at - _EPOCH) // _MILLISECOND


def instant(at_ms: int) -> datetime:
    """The aware instant of a moment of the media clock."""
    return _EPOCH + at_ms * _MILLISECOND
