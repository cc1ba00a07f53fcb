"""Wall and monotonic time of a process; the only place that reads them."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time: aware UTC instants, and seconds that never jump."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


def rfc3339(at: datetime) -> str:
    """A UTC instant as the API writes it (RFC 3339, with `Z`)."""
    return at.isoformat().replace("+00:00", "Z")


class SystemClock:
    """The computer's clock, held so that instants never go back within a process."""

    def __init__(self) -> None:
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        self._last = max(self._last, datetime.now(UTC))
        return self._last

    def monotonic(self) -> float:
        return time.monotonic()
