"""A sub-centre's overlay, with or without an approval document: the value that holds then."""

from collections.abc import Mapping
from typing import Any

from server.rules.overlay import lay_over
from server.rules.policy import Policies, Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    document = Policies.shipped().documents[0]
    laid = lay_over(document, given["overlay"], name="3401.1", approval=given.get("approval"))
    changed = {name for name in document.sources if getattr(laid.policy, name) != getattr(policy, name)}
    return {"version": laid.policy.version, **{name: getattr(laid.policy, name) for name in changed}}
