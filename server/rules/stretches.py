"""Stretches of a time line in whole milliseconds, and their arithmetic; `from_ms` is in, `until_ms` is not."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From one instant to a later one of the same clock."""

    from_ms: int
    until_ms: int

    def __post_init__(self) -> None:
        if self.from_ms >= self.until_ms:
            raise ValueError(f"a stretch without length: {self.from_ms}..{self.until_ms}")

    @property
    def length_ms(self) -> int:
        return self.until_ms - self.from_ms


Stretches = tuple[Stretch, ...]
"""In their order, without overlap, none touching the next."""


def stretch(from_ms: int, until_ms: int) -> Stretches:
    """The stretch between two instants; nothing where they are not in that order."""
    return (Stretch(from_ms, until_ms),) if from_ms < until_ms else ()


def union(stretches: Iterable[Stretch]) -> Stretches:
    """Every instant that is in at least one of the stretches."""
    merged: list[Stretch] = []
    for each in sorted(stretches):
        if merged and each.from_ms <= merged[-1].until_ms:
            last = merged.pop()
            each = Stretch(last.from_ms, max(last.until_ms, each.until_ms))
        merged.append(each)
    return tuple(merged)


def with_more(stretches: Stretches, more: Iterable[Stretch]) -> Stretches:
    """The union with further stretches, of which most go on where the last one ends."""
    for each in more:
        last = stretches[-1] if stretches else each
        if last.from_ms <= each.from_ms <= last.until_ms:
            stretches = (*stretches[:-1], Stretch(last.from_ms, max(last.until_ms, each.until_ms)))
        else:
            stretches = union((*stretches, each))
    return stretches


def intersection(one: Stretches, other: Stretches) -> Stretches:
    """Every instant that is in both."""
    common: list[Stretch] = []
    i = j = 0
    while i < len(one) and j < len(other):
        a, b = one[i], other[j]
        common.extend(stretch(max(a.from_ms, b.from_ms), min(a.until_ms, b.until_ms)))
        if a.until_ms < b.until_ms:
            i += 1
        else:
            j += 1
    return tuple(common)


def difference(one: Stretches, other: Stretches) -> Stretches:
    """Every instant of `one` that is not in `other`."""
    if not one:
        return ()
    return intersection(one, _outside(other, one[0].from_ms, one[-1].until_ms))


def total_ms(stretches: Stretches) -> int:
    return sum(each.length_ms for each in stretches)


def _outside(stretches: Stretches, from_ms: int, until_ms: int) -> Stretches:
    """Every instant of one span that is in none of the stretches."""
    free: list[Stretch] = []
    for each in stretches:
        free.extend(stretch(from_ms, min(each.from_ms, until_ms)))
        from_ms = max(from_ms, each.until_ms)
    return (*free, *stretch(from_ms, until_ms))
