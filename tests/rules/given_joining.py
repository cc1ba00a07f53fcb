"""When somebody joined and left: whether a year makes a demand."""

from collections.abc import Mapping
from typing import Any

from server.rules.policy import Policy
from server.rules.year import outside


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    return {"outside": outside(given["year"], given["joined"], given.get("left"), policy) or "no"}
