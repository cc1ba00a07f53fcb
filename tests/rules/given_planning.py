"""A live class planned for a time: the year that its hours will count for."""

from collections.abc import Mapping
from typing import Any

from server.rules.live import check_year
from server.rules.policy import Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    return {"year": check_year(given["starts_at"], given["ends_at"], policy)}
