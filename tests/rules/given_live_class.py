"""The case kind `live_class`: what a learner gets for a class, first after it, then after the replay."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.rules.attendance import Kind, assess
from server.rules.checks import Check, settle, show
from server.rules.checks import answer as answer_check
from server.rules.evidence import Evidence
from server.rules.hours import due
from server.rules.policy import Policy
from server.rules.stretches import Stretch
from tests.rules.browser import at
from tests.rules.told import Learner


def answer(given: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    air = [_stretch(each) for each in given["air"]]
    checks = tuple(_check(each, policy) for each in given.get("checks", ()))
    signs = tuple(at(each) for each in given.get("signs", ()))
    learner = Learner(given["learner"])
    first = assess(Evidence(learner.stays, checks, signs), air, given["planned_minutes"], policy)
    learner.tell(given.get("later", ()))
    last = assess(Evidence(learner.stays, checks, signs), air, given["planned_minutes"], policy)
    rows = (first.hours, due(last.hours, first.hours))
    return {
        "minutes": _minutes(first.verified_ms),
        "share": f"{first.share:.3f}",
        "nominal_minutes": _minutes(first.nominal_ms),
        "missing_minutes": _minutes(first.missing_ms),
        "void_minutes": _minutes(sum(each.media.length_ms for each in first.parts() if each.kind is Kind.VOID)),
        "hours": f"{first.hours:.1f}",
        "rows": [f"{each:.1f}" for each in rows if each],
        "minutes_in_all": _minutes(last.verified_ms),
        "hours_in_all": f"{last.hours:.1f}",
    }


def _minutes(length_ms: int) -> str:
    return f"{Decimal(length_ms) / 60_000:.2f}"


def _stretch(text: str) -> Stretch:
    start, _, end = text.partition("-")
    return Stretch(at(start), at(end))


def _check(told: Mapping[str, Any], policy: Policy) -> Check:
    """A check as the server followed it; its line is up unless told otherwise."""
    check = Check(told.get("stay", "office"), at(told["asked"]), told.get("answer_s", policy.presence_answer_s))
    if told.get("shown", True):
        check = show(check, at(told["asked"]))
    if "answered" in told:
        check = answer_check(check, at(told["answered"]))
    over = check.due_ms + 1
    return settle(check, heard_ms=over, stay_ended=False, now_ms=over, policy=policy)
