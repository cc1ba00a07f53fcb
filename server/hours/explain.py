"""Why this number: from beats over stretches and minutes to hours and ledger rows, also when it is 0 (rules §3.10)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from server.attendance import store as attendance
from server.hours.store import Tx, ledger
from server.hours.store.ledger import Entry
from server.hours.walk import Walked, walk
from server.live import store as live
from server.live.store import LiveClass
from server.people.store import Person
from server.rules.attendance import Assessment
from server.rules.hours import hours_of
from server.rules.policy import Policies, Policy
from server.rules.refusal import unknown
from server.rules.year import window


@dataclass(frozen=True, slots=True)
class Beats:
    """How many beats there were: while the class went on, after it, and refused ones."""

    live: int
    replay: int
    refused: int


@dataclass(frozen=True, slots=True)
class Why:
    """Everything that stands behind the hours of one learner in one class.

    `assessed` is False while the class, or the learner's study of it, still goes on: then the
    assessment is what it would be now.
    """

    person: Person
    lesson: LiveClass
    assessed: bool
    assessment: Assessment
    policy: Policy
    nominal_hours: Decimal
    beats: Beats
    entries: tuple[Entry, ...]
    repair_until: datetime | None


async def why(tx: Tx, person: Person, class_id: UUID, now: datetime, policies: Policies) -> Why:
    """The chain for a class; `class.unknown` where there is none."""
    lesson = await live.by_id(tx, class_id)
    walked = await walk(tx, person.id, class_id, policies)
    if lesson is None or walked is None:
        raise unknown("class")
    shown = walked.stored.result if walked.stored and walked.settled else walked.assessment
    return Why(
        person=person,
        lesson=lesson,
        assessed=walked.stored is not None and walked.settled,
        assessment=shown,
        policy=walked.policy,
        nominal_hours=hours_of(shown.nominal_ms, walked.policy),
        beats=Beats(*walked.beats(), await attendance.refused_count(tx, person.id, class_id)),
        entries=tuple(await ledger.of_activity(tx, person.pseudonym, class_id)),
        repair_until=_repair_until(walked, now),
    )


def _repair_until(walked: Walked, now: datetime) -> datetime | None:
    year = walked.lesson.year(walked.policy)
    if year is None:
        return None
    ends = window(year, walked.policy)[1]
    return ends if now < ends else None
