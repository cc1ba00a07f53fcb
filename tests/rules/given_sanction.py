"""A sanction decided by one person: in force, or a proposal."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from server.rules.conduct import SanctionKind, needs_second_person
from server.rules.policy import Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    begins = datetime(2026, 9, 16, 10, tzinfo=UTC)
    until = begins + timedelta(days=given["days"]) if "days" in given else None
    second = needs_second_person(SanctionKind(given["kind"]), begins, until, policy)
    return {"effect": "proposal" if second else "in force"}
