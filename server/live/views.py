"""A live class as the pages read it, and what comes next for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import View
from server.base.shapes import Named
from server.base.work import Actor
from server.live import air_store, lists
from server.live.abilities import abilities
from server.live.store import LiveClass
from server.people import store as people
from server.people import units
from server.people.store import Person
from server.rules.air import stretches
from server.rules.conduct import Mode
from server.rules.hours import hours_of
from server.rules.live import LIVE, State
from server.rules.policy import Policies
from server.rules.stretches import total_ms
from server.rules.words import Family

SOON = timedelta(minutes=30)
NEXT = 5
_MINUTE_MS = 60_000


class LecturerView(Named):
    """The lecturer who is announced; `title` is the post."""

    title: str | None


class ClassView(View):
    """A live class; `may` names what the asker may do with it now and is left out where all are told the same.

    `min_share` and `full_share` are the shares of air time from which it gives hours, and all of them.
    """

    id: UUID
    title: str
    lecturer: LecturerView
    staff: list[Named]
    family: Family
    topic: str | None
    starts_at: datetime
    planned_minutes: int
    nominal_hours: str
    min_share: str
    full_share: str
    audience_unit: Named | None
    speaking: bool
    mode: Mode
    slow_s: int
    frozen: bool
    min_kbps: int | None
    state: State
    state_since: datetime
    version: int
    air_ms: int
    went_on_air_at: datetime | None
    ended_at: datetime | None
    recording: Literal["none", "ready", "withheld"]
    resumes_at: datetime | None
    interrupted_since: datetime | None
    may: list[str]


@dataclass(frozen=True, slots=True)
class Agenda:
    """Classes on air, those that begin within half an hour or wait already, and the next ones."""

    on_air: list[ClassView]
    soon: list[ClassView]
    next: list[ClassView]


async def views_of(
    tx: AsyncConnection, lessons: Sequence[LiveClass], actor: Actor, now: datetime, policies: Policies
) -> list[ClassView]:
    """Classes as `actor` reads them."""
    names = await people.many(tx, {account for lesson in lessons for account in lesson.staff})
    places = await units.names_of(tx, {lesson.audience_unit for lesson in lessons if lesson.audience_unit})
    records = await air_store.records_of(tx, [lesson.id for lesson in lessons])
    return [
        _view(
            lesson, names, places, total_ms(stretches(records.get(lesson.id, ()))), policies,
            abilities(actor, lesson, now),
        )
        for lesson in lessons
    ]  # fmt: skip


async def view_of(tx: AsyncConnection, lesson: LiveClass, actor: Actor, now: datetime, policies: Policies) -> ClassView:
    """One class as `actor` reads it."""
    return (await views_of(tx, [lesson], actor, now, policies))[0]


async def agenda(tx: AsyncConnection, actor: Actor, now: datetime, policies: Policies) -> Agenda:
    """What comes next for `actor`, of the classes that he or she may see."""
    found = await lists.coming(tx, actor, now, now - SOON)
    views = await views_of(tx, found, actor, now, policies)
    near = [view for view in views if view.state is State.WAITING or view.starts_at <= now + SOON]
    on_air = [view for view in views if view.state in LIVE]
    soon = [view for view in near if view.state not in LIVE]
    later = [view for view in views if view not in on_air and view not in soon]
    return Agenda(on_air, soon, later[:NEXT])


def _view(
    lesson: LiveClass,
    names: dict[UUID, Person],
    places: dict[UUID, str],
    air_ms: int,
    policies: Policies,
    may: list[str],
) -> ClassView:
    first, *others = lesson.lecturers
    policy = policies.in_force(lesson.starts_at)
    nominal = hours_of(lesson.planned_minutes * _MINUTE_MS, policy)
    audience = lesson.audience_unit
    return ClassView(
        id=lesson.id, title=lesson.title, lecturer=_lecturer(first, names.get(first)),
        staff=[Named(id=each, name=names[each].name) for each in (*others, *lesson.assistants) if each in names],
        family=lesson.family, topic=lesson.topic, starts_at=lesson.starts_at, planned_minutes=lesson.planned_minutes,
        nominal_hours=f"{nominal:.2f}".removesuffix("0"), min_share=str(policy.live_min_ratio),
        full_share=str(policy.live_full_ratio),
        audience_unit=Named(id=audience, name=places.get(audience, "")) if audience else None,
        speaking=lesson.speaking, mode=lesson.mode, slow_s=lesson.slow_s, frozen=lesson.frozen,
        min_kbps=lesson.min_kbps, state=lesson.state, state_since=lesson.state_since, version=lesson.version,
        air_ms=air_ms, went_on_air_at=lesson.went_on_air_at, ended_at=lesson.ended_at,
        recording=lesson.recording, resumes_at=lesson.resumes_at, interrupted_since=lesson.interrupted_since, may=may,
    )  # fmt: skip


def _lecturer(account: UUID, person: Person | None) -> LecturerView:
    if person is None:
        return LecturerView(id=account, name="", title=None)
    return LecturerView(id=account, name=person.name, title=person.post or None)
