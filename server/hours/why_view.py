"""The explanation of a figure as the page draws it: stretches on the media clock, minutes, shares, rows."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import ConfigDict, Field

from server.base.api import View
from server.base.shapes import hours_text
from server.hours.explain import Why
from server.hours.store import Tx
from server.hours.topic_why import CountedView, counted_view
from server.hours.views import ClassLine, EntryView, entry_views, minutes, share_text
from server.rules.stretches import Stretch, total_ms


class SpanView(View):
    """A stretch of the media clock, in ms since 1970."""

    from_ms: int
    until_ms: int


class StretchView(SpanView):
    """What became of a stretch of air time, with the key of the reason."""

    kind: str
    reason: str | None


class PlannedClass(ClassLine):
    planned_minutes: int


class BeatsView(View):
    live: int
    replay: int
    refused: int


class WhyView(View):
    """From beats to hours; `state` is `open` while study goes on.

    `counted_by`: the topic class that counts for it, once, instead of the class itself.
    """

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    about: PlannedClass = Field(alias="class")
    state: str
    air: list[SpanView]
    air_minutes: float
    nominal_minutes: float
    verified_minutes: float
    repaired_minutes: float
    share: str
    min_share: str
    full_share: str
    minutes_per_hour: float
    hours: str
    nominal_hours: str
    beats: BeatsView
    stretches: list[StretchView]
    missing: list[SpanView]
    missing_minutes: float
    entries: list[EntryView]
    policy_version: str
    can_repair_until: datetime | None
    counted_by: CountedView | None


async def why_view(tx: Tx, why: Why) -> WhyView:
    """Everything behind a figure."""
    found, policy, lesson = why.assessment, why.policy, why.lesson
    return WhyView(
        about=PlannedClass(
            id=lesson.id, title=lesson.title, starts_at=lesson.starts_at, planned_minutes=lesson.planned_minutes
        ),
        state="assessed" if why.assessed else "open",
        air=_spans(found.air),
        air_minutes=minutes(found.air_ms),
        nominal_minutes=minutes(found.nominal_ms),
        verified_minutes=minutes(found.verified_ms),
        repaired_minutes=minutes(total_ms(found.repaired)),
        share=share_text(found.share),
        min_share=str(policy.live_min_ratio),
        full_share=str(policy.live_full_ratio),
        minutes_per_hour=float(policy.minutes_per_hour),
        hours=hours_text(found.hours),
        nominal_hours=hours_text(why.nominal_hours),
        beats=BeatsView(live=why.beats.live, replay=why.beats.replay, refused=why.beats.refused),
        stretches=[
            StretchView(from_ms=each.media.from_ms, until_ms=each.media.until_ms, kind=each.kind, reason=each.reason)
            for each in found.parts()
        ],
        missing=_spans(found.missing),
        missing_minutes=minutes(found.missing_ms),
        entries=await entry_views(tx, why.entries),
        policy_version=policy.version,
        can_repair_until=why.repair_until,
        counted_by=await counted_view(tx, why.person, why.lesson.id),
    )


def _spans(stretches: Iterable[Stretch]) -> list[SpanView]:
    return [SpanView(from_ms=each.from_ms, until_ms=each.until_ms) for each in stretches]
