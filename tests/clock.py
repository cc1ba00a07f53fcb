"""A clock that moves when told."""

from datetime import UTC, datetime, timedelta


class TestClock:
    """Stands still until `pass_`ed; wall and monotonic time move together unless the wall is set."""

    __test__ = False

    def __init__(self, now: datetime = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def set(self, now: datetime) -> None:
        """Put the wall clock right (or wrong)."""
        self._now = now
