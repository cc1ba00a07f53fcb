"""What a reader may ask of a window, and what it is told when that cannot be had."""

from __future__ import annotations

from dataclasses import dataclass


class NotThere(LookupError):
    """No such playlist, segment or part (404)."""


class Gone(LookupError):
    """The class was cut; nothing of it is shown (410)."""


class TooFarAhead(ValueError):
    """The reader asks for more than the future holds (400; RFC 8216bis, 6.2.5.2)."""


class NotInTime(TimeoutError):
    """What was promised did not come (503; RFC 8216bis, 6.2.5.2)."""


@dataclass(frozen=True, slots=True)
class Position:
    """What a blocking request waits for: a segment, or a part of it."""

    msn: int
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A playlist; `settled` when the same request will get the same answer for a while."""

    body: bytes
    settled: bool
    waited: bool = False
