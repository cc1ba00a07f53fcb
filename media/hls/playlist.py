"""Playlists of RFC 8216bis: one tag is one small value with its own text, a playlist is tags in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

VERSION = 9
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Version:
    """4.4.1.2; 9 because playlists may be delta updates."""

    def __str__(self) -> str:
        return f"#EXT-X-VERSION:{VERSION}"


@dataclass(frozen=True, slots=True)
class TargetDuration:
    """4.4.3.1; no segment is longer once rounded."""

    seconds: int

    def __str__(self) -> str:
        return f"#EXT-X-TARGETDURATION:{self.seconds}"


@dataclass(frozen=True, slots=True)
class MediaSequence:
    """4.4.3.2; number of the first segment in the list."""

    number: int

    def __str__(self) -> str:
        return f"#EXT-X-MEDIA-SEQUENCE:{self.number}"


@dataclass(frozen=True, slots=True)
class PlaylistType:
    """4.4.3.5; EVENT while segments are only added, VOD when none will be."""

    kind: str

    def __str__(self) -> str:
        return f"#EXT-X-PLAYLIST-TYPE:{self.kind}"


@dataclass(frozen=True, slots=True)
class PartInf:
    """4.4.3.7; no part is longer than `target` seconds."""

    target: float

    def __str__(self) -> str:
        return f"#EXT-X-PART-INF:PART-TARGET={_seconds(self.target)}"


@dataclass(frozen=True, slots=True)
class ServerControl:
    """4.4.3.8; times in seconds, `part_hold_back` only where there are parts."""

    hold_back: float
    can_skip_until: float
    part_hold_back: float | None = None

    def __str__(self) -> str:
        parts = "" if self.part_hold_back is None else f",PART-HOLD-BACK={_seconds(self.part_hold_back)}"
        return (
            f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL={_seconds(self.can_skip_until)}"
            f",HOLD-BACK={_seconds(self.hold_back)}{parts}"
        )


@dataclass(frozen=True, slots=True)
class Skip:
    """4.4.5.2; so many of the oldest segments are left out of this update."""

    segments: int

    def __str__(self) -> str:
        return f"#EXT-X-SKIP:SKIPPED-SEGMENTS={self.segments}"


@dataclass(frozen=True, slots=True)
class Discontinuity:
    """4.4.4.3; another publisher, another picture size, or a break of the time line."""

    def __str__(self) -> str:
        return "#EXT-X-DISCONTINUITY"


@dataclass(frozen=True, slots=True)
class Map:
    """4.4.4.5; where the init section is."""

    uri: str

    def __str__(self) -> str:
        return f'#EXT-X-MAP:URI="{self.uri}"'


@dataclass(frozen=True, slots=True)
class ProgramDateTime:
    """4.4.4.6; milliseconds since 1970 of the first picture."""

    at_ms: int

    def __str__(self) -> str:
        moment = EPOCH + timedelta(milliseconds=self.at_ms)
        return f"#EXT-X-PROGRAM-DATE-TIME:{moment.strftime('%Y-%m-%dT%H:%M:%S')}.{self.at_ms % 1_000:03}Z"


@dataclass(frozen=True, slots=True)
class Gap:
    """4.4.4.7; the segment that follows was lost and must not be asked for."""

    def __str__(self) -> str:
        return "#EXT-X-GAP"


@dataclass(frozen=True, slots=True)
class PartTag:
    """4.4.4.9; one part of the segment to come or just gone by."""

    duration: float
    uri: str
    independent: bool = False

    def __str__(self) -> str:
        independent = ",INDEPENDENT=YES" if self.independent else ""
        return f'#EXT-X-PART:DURATION={_seconds(self.duration)},URI="{self.uri}"{independent}'


@dataclass(frozen=True, slots=True)
class Inf:
    """4.4.4.1 and the address of the segment."""

    duration: float
    uri: str

    def __str__(self) -> str:
        return f"#EXTINF:{_seconds(self.duration)},\n{self.uri}"


@dataclass(frozen=True, slots=True)
class PreloadHint:
    """4.4.5.3; the part that comes next, to be asked for now."""

    uri: str

    def __str__(self) -> str:
        return f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{self.uri}"'


@dataclass(frozen=True, slots=True)
class EndList:
    """4.4.3.4; nothing will be added."""

    def __str__(self) -> str:
        return "#EXT-X-ENDLIST"


@dataclass(frozen=True, slots=True)
class StreamInf:
    """4.4.6.2 and the address of the media playlist; rates in bits a second."""

    uri: str
    bandwidth: int
    average_bandwidth: int
    codecs: str
    width: int
    height: int
    frame_rate: float

    def __str__(self) -> str:
        return (
            f"#EXT-X-STREAM-INF:BANDWIDTH={self.bandwidth},AVERAGE-BANDWIDTH={self.average_bandwidth}"
            f',CODECS="{self.codecs}",RESOLUTION={self.width}x{self.height},FRAME-RATE={self.frame_rate:.3f}'
            f"\n{self.uri}"
        )


Tag = (
    Version
    | TargetDuration
    | MediaSequence
    | PlaylistType
    | PartInf
    | ServerControl
    | Skip
    | Discontinuity
    | Map
    | ProgramDateTime
    | Gap
    | PartTag
    | Inf
    | PreloadHint
    | EndList
    | StreamInf
)


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """What a list says of one segment; `map_uri` where an init section begins to hold."""

    uri: str
    at_ms: int
    duration: float | None
    map_uri: str | None = None
    discontinuity: bool = False
    gap: bool = False
    parts: tuple[PartTag, ...] = ()

    def tags(self) -> list[Tag]:
        """Its tags; a segment without a duration is still growing and has only parts."""
        before: list[Tag] = [Discontinuity()] if self.discontinuity else []
        if self.map_uri is not None:
            before.append(Map(self.map_uri))
        before.append(ProgramDateTime(self.at_ms))
        after: list[Tag] = [Gap()] if self.gap else []
        if self.duration is not None:
            after.append(Inf(self.duration, self.uri))
        return [*before, *self.parts, *after]


def text(tags: Iterable[Tag]) -> str:
    """Lines without the opening one, each ended."""
    return "".join(f"{tag}\n" for tag in tags)


def playlist(tags: Iterable[Tag]) -> str:
    """A whole playlist."""
    return "#EXTM3U\n" + text(tags)


def multivariant(stream: StreamInf) -> str:
    """The multivariant playlist of one rendition (4.4.6)."""
    return playlist([Version(), stream])


def vod(target_seconds: int, first: int, segments: Sequence[SegmentEntry]) -> str:
    """The list of a recording."""
    head: list[Tag] = [Version(), TargetDuration(target_seconds), PlaylistType("VOD"), MediaSequence(first)]
    return playlist([*head, *(tag for segment in segments for tag in segment.tags()), EndList()])


def _seconds(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")
