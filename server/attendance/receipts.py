"""The receipt clock: stamps that say how much time really passed, on the wall's calendar."""

from datetime import UTC, datetime, timedelta

from server.base.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

STEP_MS = 1000
"""A wall clock further ahead than this was put forward, and is followed."""


def ms(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - _EPOCH) // _MILLISECOND


def instant(at_ms: int) -> datetime:
    """The aware instant of a stamp."""
    return _EPOCH + at_ms * _MILLISECOND


class Receipts:
    """Stamps in milliseconds since 1970 that follow the monotonic clock.

    A wall clock put back never takes a stamp back and never stops them, so that an honest learner
    loses nothing. One put forward is followed at once: positions are on the media's wall clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_ms = float(ms(clock.now()))
        self._monotonic = clock.monotonic()

    def stamp(self) -> int:
        """The stamp of this moment; not earlier than any before."""
        monotonic = self._clock.monotonic()
        self._last_ms += max(0.0, monotonic - self._monotonic) * 1000
        self._monotonic = monotonic
        wall = ms(self._clock.now())
        if wall - self._last_ms > STEP_MS:
            self._last_ms = float(wall)
        return int(self._last_ms)

    def reach(self, at_ms: int) -> None:
        """Go on from what a process before this one stamped, or media broadcast, whatever the wall clock says."""
        self._last_ms = max(self._last_ms, float(at_ms))
