"""The index of a recorded class: JSON lines, each one thing that happened, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from media.hls.segment import Segment, Stretch


@dataclass(frozen=True, slots=True)
class StretchLine:
    """An init section is on disk; segments that follow play from it."""

    run: str
    init: str
    codecs: str
    width: int
    height: int
    at_ms: int
    kind: Literal["stretch"] = "stretch"


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment is on disk, or is lost; `duration` in seconds, `size` in bytes."""

    msn: int
    at_ms: int
    duration: float
    size: int
    pictures: int
    gap: bool = False
    kind: Literal["segment"] = "segment"


@dataclass(frozen=True, slots=True)
class OffLine:
    """The class went off air, for now or for good."""

    reason: str
    at_ms: int
    kind: Literal["off"] = "off"


@dataclass(frozen=True, slots=True)
class EndLine:
    """The class has ended and may be replayed."""

    at_ms: int
    kind: Literal["end"] = "end"


Line = StretchLine | SegmentLine | OffLine | EndLine
LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="kind")])


@dataclass(slots=True)
class Index:
    """What the lines of a class say together."""

    segments: list[Segment] = field(default_factory=list)
    stretch: Stretch | None = None
    began_ms: int = 0
    on_air: bool = False
    ended: bool = False

    @property
    def end_ms(self) -> int:
        """Programme date-time of the end of what is kept."""
        return max(self.began_ms, self.segments[-1].end_ms if self.segments else 0)

    def take(self, line: Line) -> None:
        """Understand one more line."""
        match line:
            case StretchLine():
                self.stretch = Stretch(line.run, line.init, line.codecs, line.width, line.height)
                self.began_ms = line.at_ms
                self.on_air = True
            case SegmentLine() if self.stretch is not None:
                self.segments.append(_segment(line, self.stretch, self.segments))
            case OffLine():
                self.on_air = False
            case EndLine():
                self.on_air, self.ended = False, True


def read(content: bytes) -> Index:
    """The index that these bytes hold; a last line cut off by a kill is not there."""
    index = Index()
    whole, _, _ = content.rpartition(b"\n")
    for line in whole.splitlines():
        index.take(LINE.validate_json(line))
    return index


def written(line: Line) -> bytes:
    """The line as it is added to the file."""
    return LINE.dump_json(line) + b"\n"


def gap_ms(segments: Iterable[Segment]) -> int:
    """How much of them is lost."""
    return sum(round((segment.duration or 0) * 1_000) for segment in segments if segment.gap)


def line_of(segment: Segment, *, gap: bool) -> SegmentLine:
    """The line of a closed segment."""
    duration = round(segment.duration or 0, 6)
    return SegmentLine(segment.msn, segment.at_ms, duration, segment.size, segment.pictures, gap)


def _segment(line: SegmentLine, stretch: Stretch, before: list[Segment]) -> Segment:
    leads = not before or before[-1].stretch != stretch
    return Segment(
        msn=line.msn,
        stretch=stretch,
        at_ms=line.at_ms,
        leads=leads,
        discontinuity=leads and bool(before),
        duration=line.duration,
        size=line.size,
        pictures=line.pictures,
        gap=line.gap,
        stored=True,
    )
