"""A learner's year: its sums, what it asks for, what can still be repaired (Articles 9, 10, 17; rules §5, §6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from server.attendance import store as attendance
from server.attendance.store import StoredAssessment
from server.hours.store import Tx, exemptions, ledger
from server.hours.store.exemptions import Exemption
from server.hours.store.ledger import Entry
from server.hours.topic import counted_of
from server.people.store import Person
from server.rules.completion import Demand, demand
from server.rules.consequences import Effect, Outcome, effect
from server.rules.hours import hours_of
from server.rules.ledger import Totals, totals
from server.rules.policy import Policies, Policy
from server.rules.year import Outside, YearState, day_of, outside, state_of, window

Exempt = Mapping[int, Exemption]
"""The exemptions that stand, by year."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A live class that can still give more: what is missing of it, and until when."""

    class_id: UUID
    share: Decimal
    missing_ms: int
    hours_if_repaired: Decimal
    until: datetime


@dataclass(frozen=True, slots=True)
class YearRecord:
    """Where a learner stands in a year; every sum is one of the ledger rows beside it."""

    year: int
    years: tuple[int, ...]
    policy: Policy
    state: YearState
    held: Totals
    demand: Demand
    outside: Outside | None
    exemption: Exemption | None
    days_left: int
    effect: Effect
    entries: tuple[Entry, ...]
    gaps: tuple[Gap, ...]


async def record(tx: Tx, person: Person, year: int, now: datetime, policies: Policies) -> YearRecord:
    """Read a learner's year out of the ledger."""
    policy = _policy_of(year, policies)
    rows = await ledger.chain(tx, person.pseudonym)
    of_year = tuple(each for each in rows if each.facts.year == year)
    held = totals(each.facts for each in of_year)
    assessed = await attendance.assessments_of(tx, person.id, year)
    exempt = await exemptions.standing(tx, person.id)
    return YearRecord(
        year=year,
        years=_years(person, rows, now, policy),
        policy=policy,
        state=state_of(year, now, policy),
        held=held,
        demand=demand(held, policy),
        outside=_outside(person, year, policy, exempt),
        exemption=exempt.get(year),
        days_left=_days_left(year, now, policy),
        effect=_effect(person, rows, year, now, policies, exempt),
        entries=of_year,
        gaps=await _gaps(tx, person, assessed, now, policies),
    )


async def _gaps(
    tx: Tx, person: Person, assessed: Sequence[StoredAssessment], now: datetime, policies: Policies
) -> tuple[Gap, ...]:
    gaps = [gap for each in assessed if (gap := repair(each, now, policies))]
    counted = await counted_of(tx, person, [each.class_id for each in gaps])
    return tuple(each for each in gaps if each.class_id not in counted)


def _policy_of(year: int, policies: Policies) -> Policy:
    """The policy in force when the make-up period of `year` ends: an earlier one can't decide about the whole year."""
    newest = policies.documents[-1].policy
    return policies.in_force(window(year, newest)[1] - timedelta(seconds=1))


def _years(person: Person, rows: list[Entry], now: datetime, policy: Policy) -> tuple[int, ...]:
    current = day_of(now, policy).year
    known = {each.facts.year for each in rows} | set(range(person.joined_at.year, current + 1))
    return tuple(sorted(known | {current}, reverse=True))


def _outside(person: Person, year: int, policy: Policy, exempt: Exempt) -> Outside | None:
    left = day_of(person.left_at, policy) if person.left_at else None
    return outside(year, day_of(person.joined_at, policy), left, policy, exempt=year in exempt)


def _days_left(year: int, now: datetime, policy: Policy) -> int:
    """Whole days until the period that runs now ends: the year itself, then its make-up period."""
    today = day_of(now, policy)
    ends: dict[YearState, date] = {
        YearState.IN_YEAR: policy.year_end.of(year),
        YearState.MAKEUP: policy.makeup_end.of(year),
    }
    last = ends.get(state_of(year, now, policy))
    return (last - today).days if last else 0


def _effect(person: Person, rows: list[Entry], year: int, now: datetime, policies: Policies, exempt: Exempt) -> Effect:
    history = {}
    for each in range(min(person.joined_at.year, year), year + 1):
        policy = _policy_of(each, policies)
        if state_of(each, now, policy) is YearState.CLOSED:
            history[each] = _outcome(person, rows, each, policy, exempt)
    return effect(year, history, _policy_of(year, policies))


def _outcome(person: Person, rows: list[Entry], year: int, policy: Policy, exempt: Exempt) -> Outcome:
    if why := _outside(person, year, policy, exempt):
        return Outcome.EXEMPT if why is Outside.EXEMPT else Outcome.OUTSIDE
    held = totals(each.facts for each in rows if each.facts.year == year)
    return Outcome.COMPLETE if demand(held, policy).complete else Outcome.INCOMPLETE


def repair(assessed: StoredAssessment, now: datetime, policies: Policies) -> Gap | None:
    """What is missing of an assessed class; None where nothing more can come of it."""
    return _gap(assessed, policies) if _can_give_more(assessed, now, policies) else None


def _can_give_more(assessed: StoredAssessment, now: datetime, policies: Policies) -> bool:
    if assessed.year is None or assessed.missing_ms <= 0:
        return False
    policy = policies.version(assessed.policy_version)
    return assessed.hours < hours_of(assessed.nominal_ms, policy) and now < window(assessed.year, policy)[1]


def _gap(assessed: StoredAssessment, policies: Policies) -> Gap:
    policy = policies.version(assessed.policy_version)
    assert assessed.year is not None
    return Gap(
        class_id=assessed.class_id,
        share=assessed.share,
        missing_ms=assessed.missing_ms,
        hours_if_repaired=hours_of(assessed.nominal_ms, policy),
        until=window(assessed.year, policy)[1],
    )
