"""Ledger rows of a year: their sums, and whether they complete it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.rules.completion import demand
from server.rules.ledger import Totals
from server.rules.policy import Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    held = Totals(required=Decimal(given["required"]), elective=Decimal(given["elective"]))
    asked = demand(held, policy)
    return {
        "total": held.total,
        "complete": asked.complete,
        "missing_total": asked.missing_total,
        "missing_required": asked.missing_required,
    }
