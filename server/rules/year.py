"""The academic year of a learner: its states, its borders and what counts for it (Article 9; rules §5)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from server.rules.policy import MonthDay, Policy
from server.rules.refusal import Clause, Refusal


class YearState(StrEnum):
    """Where an academic year stands on a day."""

    IN_YEAR = "in_year"
    MAKEUP = "makeup"
    CLOSING = "closing"
    CLOSED = "closed"


class Outside(StrEnum):
    """Why a year makes no demand on somebody."""

    EXEMPT = "exempt"
    JOINED_LATE = "joined_late"
    LEFT = "left"


class Ground(StrEnum):
    """On which ground a year may be exempt; the managing authority's document says so."""

    ILLNESS = "illness"
    MATERNITY = "maternity"
    FULL_TIME_STUDY = "full_time_study"
    SECONDMENT = "secondment"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stretch of time that counts for one year, or for none."""

    begin: datetime
    end: datetime
    year: int | None


def day_of(at: datetime, policy: Policy) -> date:
    """The day of an aware instant in the policy's zone."""
    return at.astimezone(policy.zone).date()


def day_begins(day: date, policy: Policy) -> datetime:
    """The instant at which a day begins in the policy's zone."""
    return _midnight(day, policy)


def state_of(year: int, at: datetime, policy: Policy) -> YearState:
    """The state of the academic year `year` at an aware instant."""
    day = day_of(at, policy)
    if day <= policy.year_end.of(year):
        return YearState.IN_YEAR
    if day <= policy.makeup_end.of(year):
        return YearState.MAKEUP
    if day <= policy.closing_end.of(year):
        return YearState.CLOSING
    return YearState.CLOSED


def year_of(at: datetime, policy: Policy) -> int | None:
    """The year for which study at that instant counts; None when it counts for none (December)."""
    day = day_of(at, policy)
    if policy.year_start.of(day.year) <= day <= policy.makeup_end.of(day.year):
        return day.year
    if day < policy.year_start.of(day.year):
        return None
    return day.year + 1 if policy.december == "next_year" else None


def in_makeup(at: datetime, policy: Policy) -> bool:
    """Whether hours studied at that instant carry the make-up mark; 1 November marks and does not cut."""
    day = day_of(at, policy)
    return policy.makeup_start.of(day.year) <= day <= policy.makeup_end.of(day.year)


def accepts(year: int, at: datetime, policy: Policy) -> bool:
    """Whether study at that instant can still count for an activity of `year`, its make-up period included."""
    return year_of(at, policy) == year


def pieces(begin: datetime, end: datetime, policy: Policy) -> tuple[Piece, ...]:
    """Cut a stretch at 1 December 00:00 and 1 January 00:00, the only borders that cut (rules §5)."""
    cuts = [begin, *(each for each in _borders(begin, end, policy) if begin < each < end), end]
    return tuple(Piece(a, b, year_of(a, policy)) for a, b in pairwise(cuts) if a < b)


def window(year: int, policy: Policy) -> tuple[datetime, datetime]:
    """From when until when study counts for `year`: to the first moment after its make-up period."""
    begins = policy.year_start.of(year)
    if policy.december == "next_year":
        begins = _day_after(policy.makeup_end, year - 1)
    return _midnight(begins, policy), _midnight(_day_after(policy.makeup_end, year), policy)


def outside(year: int, joined: date, left: date | None, policy: Policy, *, exempt: bool = False) -> Outside | None:
    """Why a year makes no demand on a learner; None where it does (rules §2 `joiners_after`, `exempt_year`, §6)."""
    if left is not None and left <= policy.makeup_end.of(year):
        return Outside.LEFT
    if exempt:
        return Outside.EXEMPT
    late = joined.year == year and policy.joiners == "outside" and joined > policy.joiners_after.of(year)
    return Outside.JOINED_LATE if late or joined.year > year else None


def check_exemption(year: int, at: datetime, joined: date, policy: Policy) -> None:
    """Refuse to exempt from a year before joining or beyond the next, or from one whose states are final."""
    if not joined.year <= year <= day_of(at, policy).year + 1:
        raise Refusal("exemption.wrong_year", status=422, field="year", basis=Clause("exempt_year"))
    if state_of(year, at, policy) is YearState.CLOSED:
        raise Refusal("exemption.closed", basis=Clause("closing_end"), year=year)


def _borders(begin: datetime, end: datetime, policy: Policy) -> list[datetime]:
    years = range(day_of(begin, policy).year, day_of(end, policy).year + 2)
    borders = [_midnight(policy.year_start.of(year), policy) for year in years]
    borders += [_midnight(_day_after(policy.makeup_end, year), policy) for year in years]
    return sorted(borders)


def _day_after(day: MonthDay, year: int) -> date:
    return day.of(year) + timedelta(days=1)


def _midnight(day: date, policy: Policy) -> datetime:
    return datetime.combine(day, time(), policy.zone).astimezone(UTC)
