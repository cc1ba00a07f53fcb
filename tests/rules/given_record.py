"""A learner's closed years: the effect for a year's assessment, and its words."""

from collections.abc import Mapping
from typing import Any

from server.rules.consequences import Outcome, effect, grade_words
from server.rules.policy import Policy
from server.rules.words import Category


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    history = {year: outcome for outcome in Outcome for year in given.get(outcome.value, ())}
    category = Category(given.get("category", "officials"))
    said: dict[str, Any] = {str(year): effect(year, history, policy).value for year in history}
    latest = max(history)
    return said | {"words": grade_words(effect(latest, history, policy), category, policy)}
