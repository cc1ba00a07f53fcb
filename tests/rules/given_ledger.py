"""Rows offered to the ledger: accepted, or refused for their sign or for want of a decision."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.rules.ledger import Facts, RowKind, append
from server.rules.policy import RULES_VERSION, Policy
from server.rules.words import ActivityKind, Nature, Pseudonym

SOMEBODY = Pseudonym(UUID(int=7))


def facts(kind: str, hours: str, *, decided: bool = False) -> Facts:
    return Facts(
        kind=RowKind(kind),
        learner=SOMEBODY,
        year=2026,
        hours=Decimal(hours),
        nature=Nature.ELECTIVE,
        makeup=False,
        activity_kind=ActivityKind.CLASS,
        activity=UUID(int=9),
        evidence="assessment:00000000-0000-0000-0000-000000000001",
        policy_version="2019-11-09",
        rules_version=RULES_VERSION,
        actor=Pseudonym(UUID(int=8)) if decided else None,
        reason="study_by_another" if decided else "assessment",
        at=datetime(2026, 9, 16, 10, 34, tzinfo=UTC),
    )


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    row = append(facts(given["row"], given["hours"], decided=given.get("decided", False)), None)
    return {"chain_seq": row.chain_seq}
