"""What follows from years that were not completed (Article 17; rules §6)."""

from collections.abc import Mapping
from enum import StrEnum

from server.rules.policy import Policy
from server.rules.words import Category


class Outcome(StrEnum):
    """How a closed year ended for a learner."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    EXEMPT = "exempt"
    OUTSIDE = "outside"
    """Before joining, after leaving, or joined too late: the year does not count."""


class Effect(StrEnum):
    """What the record means for that year's assessment, which the managing authority makes."""

    NONE = "none"
    NOT_EXCELLENT = "not_excellent"
    NOT_COMPETENT = "not_competent"
    INCOMPETENT = "incompetent"


def effect(year: int, history: Mapping[int, Outcome], policy: Policy) -> Effect:
    """The strongest effect of Article 17 for `year`, from the learner's closed years."""
    if _outcome(year, history, policy) is not Outcome.INCOMPLETE:
        return Effect.NONE
    failed = _failed_in_a_row(year, history, policy)
    first = cycle_of(year, policy)
    if sum(each >= first for each in failed) >= 3:
        return Effect.INCOMPETENT
    return Effect.NOT_COMPETENT if len(failed) >= 2 else Effect.NOT_EXCELLENT


def cycle_of(year: int, policy: Policy) -> int:
    """First year of the five-year assessment cycle in which `year` lies."""
    known = [each for each in policy.cycles if each <= year]
    if not known:
        return policy.consequences_from_year
    return known[-1] + (year - known[-1]) // 5 * 5


def grade_words(effect: Effect, category: Category, policy: Policy) -> str | None:
    """The words of the effect for that category of learners; None without an effect."""
    if effect is Effect.NONE:
        return None
    words = policy.grades.get(category.value, policy.grades["other"])
    return words[effect.value]


def _outcome(year: int, history: Mapping[int, Outcome], policy: Policy) -> Outcome:
    if year < policy.consequences_from_year:
        return Outcome.OUTSIDE
    return history.get(year, Outcome.OUTSIDE)


def _failed_in_a_row(year: int, history: Mapping[int, Outcome], policy: Policy) -> list[int]:
    failed = []
    while True:
        outcome = _outcome(year, history, policy)
        if outcome is Outcome.INCOMPLETE:
            failed.append(year)
        elif not (outcome is Outcome.EXEMPT and policy.exempt_year == "skipped"):
            return failed
        year -= 1
