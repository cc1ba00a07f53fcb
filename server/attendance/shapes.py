"""Shapes of what browsers send to and read from attendance."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool

from server.attendance.tables import DEVICE
from server.base.api import Body, View
from server.live.views import ClassView

Milliseconds = Annotated[int, Field(strict=True, ge=0, le=2**53)]


class Activity(Body):
    """What is attended."""

    kind: Literal["class"]
    id: UUID


class OpenBody(Body):
    """`stay.open`."""

    activity: Activity
    device: Annotated[str, Field(min_length=1, max_length=DEVICE)]


class StayBody(Body):
    """`stay.take`."""

    stay: UUID


class RestBody(Body):
    """`stay.rest`: 暂离, or back again."""

    stay: UUID
    resting: StrictBool


class BeatIn(Body):
    """Beat, version 1."""

    seq: Annotated[int, Field(strict=True, ge=1, lt=2**31)]
    position_ms: Milliseconds
    rate: Annotated[float, Field(ge=0, le=16, allow_inf_nan=False)]
    since_previous_ms: Annotated[int, Field(strict=True, ge=0, lt=2**31)]
    playing: StrictBool
    visible: StrictBool
    ended: StrictBool


class BeatsBody(Body):
    """`beat.send`: the beats not yet acknowledged, oldest first."""

    stay: UUID
    beats: Annotated[list[BeatIn], Field(min_length=1, max_length=200)]


class CheckBody(Body):
    """`check.shown` and `check.answer`."""

    check: UUID


class ReportBody(Body):
    """`player.report`: stalls since the last report, latency behind the live edge, level of quality."""

    stay: UUID
    stalls: Annotated[int, Field(strict=True, ge=0, le=1000)]
    latency_ms: Annotated[int, Field(strict=True, ge=0, le=2**31)] | None = None
    level: Annotated[int, Field(strict=True, ge=-1, le=64)] | None = None


class OtherView(View):
    """The stay that earns instead."""

    device: str
    since: datetime


class StayView(View):
    """A stay of one's own, with the beat's pace and what the learner has in the class so far."""

    stay: UUID
    earning: bool
    other: OtherView | None
    interval_s: int
    late_s: int
    verified_ms: int
    pending_ms: int


class VerdictView(View):
    """What one beat brought."""

    seq: int
    counted_ms: int
    reason: str | None


class AckView(View):
    """All beats up to `acked_seq` are written; `verdicts` tells of the new ones."""

    stay: UUID
    acked_seq: int
    verdicts: list[VerdictView]
    verified_ms: int
    pending_ms: int


class AnswerView(View):
    """What became of a check."""

    check: UUID
    outcome: str


class RangeView(View):
    """A stretch on the media clock."""

    from_ms: int
    until_ms: int


class PartView(RangeView):
    """A stretch of air time and what became of it."""

    kind: str
    reason: str | None


class OwnView(View):
    """One's own attendance of a class as it would be assessed now; the parts tile the air time."""

    stretches: list[PartView]
    air: list[RangeView]
    verified_minutes: str
    air_minutes: str
    share: str
    hours_now: str
    missing: list[RangeView]


class AttendeeView(View):
    """One learner in the class now."""

    id: UUID
    name: str
    unit: str | None
    earning: bool
    waiting_check: bool
    weak: bool
    since: datetime


class AudienceView(View):
    """Who is in the class now."""

    here: int
    earning: int
    waiting_check: int
    weak: int
    people: list[AttendeeView]


class PointView(View):
    """How many were there, and how many studied what counts."""

    at_ms: int
    here: int
    earning: int


class PostsView(View):
    """Posts of a class by what became of them."""

    published: int
    held: int
    rejected: int
    removed: int


class StudiedView(View):
    """What one learner has of a class."""

    id: UUID
    name: str
    unit: str | None
    verified_minutes: str
    share: str
    hours: str


class ReportView(View):
    """A class as its staff look back on it; people by name, nobody ranked."""

    model_config = ConfigDict(serialize_by_alias=True)

    class_: ClassView = Field(serialization_alias="class")
    air: list[RangeView]
    air_minutes: float
    curve: list[PointView]
    posts: PostsView
    people: list[StudiedView]
