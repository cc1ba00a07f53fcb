"""A topic class: the hours planned, what its modules have given, whether it was completed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.rules.hours import topic_class_hours
from server.rules.policy import Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    modules = Decimal(given["credited"])
    further = topic_class_hours(Decimal(given["planned"]), modules, complete=given["complete"])
    return {"hours": modules + further}
