"""An instant of study: the year it counts for, its mark, and the state of a year at that moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.rules.policy import Policy
from server.rules.year import accepts, in_makeup, state_of, year_of


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    at: datetime = given["studied_at"]
    year = given.get("year", at.year)
    return {
        "counts_for": year_of(at, policy) or "no year",
        "makeup": in_makeup(at, policy),
        "state": state_of(year, at, policy).value,
        "accepted": accepts(year, at, policy),
    }
