"""A live class of a topic class `on_completion`: whether it gives a member hours of its own."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.rules.policy import Policy
from server.rules.topic_class import gives_own_hours


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    held = Decimal(given["held"])
    return {"own_hours": gives_own_hours(ended=given["ended"], complete=given["complete"], held=held)}
