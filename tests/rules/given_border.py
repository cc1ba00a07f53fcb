"""A stretch over a border of the year: its pieces in minutes, each with the year it counts for."""

from collections.abc import Mapping
from typing import Any

from server.rules.policy import Policy
from server.rules.year import pieces


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    cut = pieces(given["begin"], given["end"], policy)
    return {"pieces": [[(each.end - each.begin).seconds // 60, each.year or "no year"] for each in cut]}
