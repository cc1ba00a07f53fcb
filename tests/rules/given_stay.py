"""The case kind `stay`: what the beats of one page covered."""

from collections.abc import Mapping
from typing import Any

from server.rules.evidence import replay
from server.rules.policy import Policy
from server.rules.presence import Presence
from tests.rules.told import Learner


def answer(given: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    (stay,) = Learner(given["learner"]).stays
    _, verdicts = replay(stay, policy, Presence(policy.speed_elective))
    reasons = {each.reason.value for each in verdicts if each.reason is not None}
    return {"counted_ms": sum(each.counted_ms for each in verdicts), "reasons": sorted(reasons)}
