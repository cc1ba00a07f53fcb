"""What a learner is told of an assessment: minutes, share and hours as decimal strings."""

from decimal import ROUND_DOWN, Decimal
from typing import Any

from server.attendance.store import StoredAssessment

_MINUTE_MS = 60_000


def minutes(length_ms: int) -> str:
    """A length in minutes with two decimals, never rounded up."""
    return str((Decimal(length_ms) / _MINUTE_MS).quantize(Decimal("0.01"), ROUND_DOWN))


def share(value: Decimal) -> str:
    """A share with four decimals, never rounded up to a border that was not reached."""
    return str(value.quantize(Decimal("0.0001"), ROUND_DOWN))


def hours(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.1"), ROUND_DOWN))


def closed(stored: StoredAssessment) -> dict[str, Any]:
    """The event `attendance.closed`."""
    return {
        "class": str(stored.class_id),
        "minutes": minutes(stored.verified_ms),
        "air_minutes": minutes(stored.air_ms),
        "share": share(stored.share),
        "hours": hours(stored.hours),
        "missing_minutes": minutes(stored.missing_ms),
    }
