"""From minutes to learning hours (Article 10; rules §3.6–3.8): only the result of a whole activity is floored."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from server.rules.policy import Policy

ZERO = Decimal(0)
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class LiveHours:
    """What a live class is worth to one learner; lengths in ms of the media clock."""

    nominal_ms: int
    share: Decimal
    hours: Decimal
    missing_ms: int


def floored(hours: Decimal, policy: Policy) -> Decimal:
    """`hours` down to a whole number of quanta."""
    quanta = (hours / policy.hour_quantum).to_integral_value(ROUND_FLOOR)
    return quanta * policy.hour_quantum


def hours_of(length_ms: int, policy: Policy) -> Decimal:
    """The hours of a whole activity of that length."""
    return floored(Decimal(length_ms) / _MINUTE_MS / policy.minutes_per_hour, policy)


def nominal_ms(planned_minutes: int, air_ms: int, policy: Policy) -> int:
    """The length that a class counts as: the planned one while the air time is near it, else the air time."""
    planned = planned_minutes * _MINUTE_MS
    near = abs(Decimal(air_ms - planned)) <= policy.live_shortened * planned
    return planned if near else air_ms


def live_hours(covered_ms: int, air_ms: int, planned_minutes: int, policy: Policy) -> LiveHours:
    """The hours for `covered_ms` verified of `air_ms` on air (rules §3.6); below the lowest share none yet."""
    nominal = nominal_ms(planned_minutes, air_ms, policy)
    share = Decimal(covered_ms) / air_ms if air_ms else ZERO
    counted = _counted_ms(covered_ms, air_ms, nominal, policy)
    return LiveHours(nominal, share, hours_of(counted, policy), air_ms - covered_ms)


def _counted_ms(covered_ms: int, air_ms: int, nominal: int, policy: Policy) -> int:
    if not air_ms or covered_ms < policy.live_min_ratio * air_ms:
        return 0
    if covered_ms >= policy.live_full_ratio * air_ms or policy.live_credit == "full":
        return nominal
    return min(covered_ms, nominal)


def course_hours(
    declared: Decimal | None, length_ms: int, *, covered_share: Decimal, exam_score: Decimal | None, policy: Policy
) -> Decimal:
    """The hours of a course: none before every unit is complete, and its exam, where it has one, passed.

    `covered_share` is that of the unit least covered; `exam_score` the best one out of 100 (0
    before the first sitting), None for a course without an exam; `length_ms` at speed 1.0 counts
    where no hours were declared.
    """
    if covered_share < policy.course_min_ratio:
        return ZERO
    if exam_score is not None and exam_score < policy.exam_pass_score:
        return ZERO
    return hours_of(length_ms, policy) if declared is None else floored(declared, policy)


def topic_class_hours(planned: Decimal, credited: Decimal, *, complete: bool) -> Decimal:
    """What completing a topic class by `on_completion` still adds to what its modules gave that year (rules §3.8)."""
    return max(planned - credited, ZERO) if complete else ZERO


def due(assessed: Decimal, held: Decimal) -> Decimal:
    """The credit still due: the difference to what the ledger holds, never negative (rules §3.6)."""
    return max(assessed - held, ZERO)


def excess(assessed: Decimal, held: Decimal) -> Decimal:
    """What the ledger holds beyond the assessment: to be proposed to a person, never taken back by itself."""
    return max(held - assessed, ZERO)
