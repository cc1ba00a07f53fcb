"""A learner's year as the page shows it: sums, demand, band, rows and what can still be repaired."""

from datetime import datetime

from server.base.api import View
from server.base.shapes import Named, hours_text
from server.hours.store import Tx
from server.hours.views import AboutClass, EntryView, class_line, entry_views, minutes, share_text
from server.hours.year import YearRecord
from server.live import store as live
from server.people.store import Person
from server.rules.consequences import Effect
from server.rules.year import Ground


class Calendar(View):
    """Days of every year, `MM-DD`."""

    year_end: str
    makeup_start: str
    makeup_end: str


class GapView(AboutClass):
    """An ended class that gives less than it could, and until when it can be repaired."""

    share: str
    missing_minutes: float
    hours_if_repaired: str
    until: datetime | None


class ExemptionLine(View):
    """Why the year is not counted: ground and number of the document."""

    ground: Ground
    document: str


class YearView(View):
    """Where a learner stands; hours are decimal text."""

    person: Named
    year: int
    years: list[int]
    calendar: Calendar
    state: str
    complete: bool
    outside: str | None
    exemption: ExemptionLine | None
    min_total: str
    min_required: str
    total: str
    required: str
    elective: str
    days_left: int
    consequence: str | None
    policy_version: str


class RecordView(YearView):
    """The same with its rows."""

    entries: list[EntryView]
    pending: list[GapView]


def year_view(person: Person, record: YearRecord) -> YearView:
    policy = record.policy
    return YearView(
        person=Named(id=person.id, name=person.name),
        year=record.year,
        years=list(record.years),
        calendar=Calendar(
            year_end=str(policy.year_end), makeup_start=str(policy.makeup_start), makeup_end=str(policy.makeup_end)
        ),
        state=record.state.value,
        complete=record.demand.complete,
        outside=record.outside.value if record.outside else None,
        exemption=_exemption(record),
        min_total=hours_text(record.demand.total),
        min_required=hours_text(record.demand.required),
        total=hours_text(record.held.total),
        required=hours_text(record.held.required),
        elective=hours_text(record.held.elective),
        days_left=record.days_left,
        consequence=None if record.effect is Effect.NONE else record.effect.value,
        policy_version=policy.version,
    )


def _exemption(record: YearRecord) -> ExemptionLine | None:
    found = record.exemption
    return ExemptionLine(ground=found.ground, document=found.document) if found else None


async def record_view(tx: Tx, person: Person, record: YearRecord) -> RecordView:
    return RecordView(
        **year_view(person, record).model_dump(),
        entries=await entry_views(tx, record.entries),
        pending=await gap_views(tx, record),
    )


async def gap_views(tx: Tx, record: YearRecord) -> list[GapView]:
    """What can still be repaired, the latest class first."""
    lessons = await live.by_ids(tx, {each.class_id for each in record.gaps})
    views = [
        GapView(
            about=class_line(lessons[each.class_id]),
            share=share_text(each.share),
            missing_minutes=minutes(each.missing_ms),
            hours_if_repaired=hours_text(each.hours_if_repaired),
            until=each.until,
        )
        for each in record.gaps
        if each.class_id in lessons
    ]
    return sorted(views, key=lambda each: each.about.starts_at, reverse=True)
