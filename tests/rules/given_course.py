"""A course: its declared hours or its length, how far it was covered, its exam."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.rules.hours import course_hours
from server.rules.policy import Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    declared, score = given.get("declared"), given.get("exam_score")
    hours = course_hours(
        None if declared is None else Decimal(declared),
        given["minutes"] * 60_000,
        covered_share=Decimal(given.get("covered_share", 1)),
        exam_score=None if score is None else Decimal(score),
        policy=policy,
    )
    return {"hours": hours}
