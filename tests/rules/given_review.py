"""A decision about a post and the request to review it."""

from collections.abc import Mapping
from typing import Any

from server.rules.conduct import check_review
from server.rules.policy import Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    check_review(given["decided_at"], given.get("asked_before", False), given["asked_at"], policy)
    return {"review": "accepted"}
