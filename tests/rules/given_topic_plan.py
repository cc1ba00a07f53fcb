"""A topic class planned with a way of giving hours."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.rules.policy import Policy
from server.rules.topic_class import Credit, check_hours


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    hours = Decimal(given["hours"]) if "hours" in given else None
    planned = check_hours(Credit(given["credit"]), hours, policy)
    return {"hours": planned if planned is not None else "of its modules"}
