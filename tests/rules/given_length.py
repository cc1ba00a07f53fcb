"""A live class by lengths alone: what was covered of what was on air."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.rules.hours import live_hours
from server.rules.policy import Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    covered, air = (int(Decimal(given[key]) * 60_000) for key in ("covered_minutes", "air_minutes"))
    worth = live_hours(covered, air, given["planned_minutes"], policy)
    return {"hours": worth.hours, "nominal": worth.nominal_ms // 60_000, "missing": worth.missing_ms // 60_000}
