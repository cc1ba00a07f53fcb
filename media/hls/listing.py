"""The text of the growing list: what is old is written once, only the tail is written anew for each part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from media.hls.playlist import (
    Discontinuity,
    EndList,
    MediaSequence,
    PartInf,
    PlaylistType,
    PreloadHint,
    ServerControl,
    Skip,
    StreamInf,
    Tag,
    TargetDuration,
    Version,
    playlist,
    text,
)
from media.hls.reading import NotThere
from media.hls.segment import Segment

TARGETS_WITH_PARTS = 3
TARGETS_NOT_SKIPPED = 6
HOLD_BACK = 3
RATE_MARGIN = 1.1
RECENT = 5


@dataclass(frozen=True, slots=True)
class Target:
    """Durations that the list promises, in seconds."""

    segment: int
    part: float

    @property
    def advance_part_limit(self) -> int:
        """How many parts ahead a reader may ask for (RFC 8216bis, 6.2.5.2)."""
        return math.ceil(3 / self.part) if self.part < 1 else 3


class Listing:
    """All segments of a class; the DVR window is the whole class."""

    def __init__(self) -> None:
        """An empty class."""
        self.segments: list[Segment] = []
        self._old = 0
        self._old_text: list[str] = []
        self._bodies: dict[tuple[bool, bool], bytes] = {}

    def changed(self) -> None:
        """A segment or a part has come or a state has changed."""
        self._bodies.clear()

    def lost(self) -> None:
        """An old segment has become a gap: what was written of it is no longer true."""
        self._old = 0
        self._old_text = []
        self.changed()

    def body(self, target: Target, *, skip: bool, low_latency: bool, hint: str | None, ended: bool) -> bytes:
        """The list as it stands, without the old segments where `skip` asks for an update.

        Without a hint nothing of this stretch comes any more: whatever follows will be discontinuous, which is said
        now, because hls.js gives the segment to come its place among the discontinuities before it is there.
        """
        key = (skip, low_latency)
        if key not in self._bodies:
            self._bodies[key] = self._written(target, skip, low_latency, hint, ended).encode()
        return self._bodies[key]

    def _written(self, target: Target, skip: bool, low_latency: bool, hint: str | None, ended: bool) -> str:
        self._age(target)
        head = playlist(self._head(target, low_latency))
        tail = text(self._tail(target, low_latency, hint, ended))
        if skip and self._old:
            return head + text([Skip(self._old)]) + tail
        return head + "".join(self._old_text) + tail

    def _head(self, target: Target, low_latency: bool) -> list[Tag]:
        part_hold_back = HOLD_BACK * target.part if low_latency else None
        control = ServerControl(HOLD_BACK * target.segment, TARGETS_NOT_SKIPPED * target.segment, part_hold_back)
        parts: list[Tag] = [PartInf(target.part)] if low_latency else []
        start: list[Tag] = [Version(), TargetDuration(target.segment), control, *parts]
        return [*start, PlaylistType("EVENT"), MediaSequence(self.segments[0].msn)]

    def _tail(self, target: Target, low_latency: bool, hint: str | None, ended: bool) -> list[Tag]:
        recent = self.segments[self._old :]
        tags: list[Tag] = []
        for segment, distance in zip(recent, self._distances(recent), strict=True):
            with_parts = low_latency and distance <= TARGETS_WITH_PARTS * target.segment
            if segment.duration is not None or with_parts:
                tags += segment.entry(with_parts=with_parts).tags()
        if ended:
            return [*tags, EndList()]
        if hint is None:
            return [*tags, Discontinuity()]
        return [*tags, PreloadHint(hint)] if low_latency else tags

    def _distances(self, recent: list[Segment]) -> list[float]:
        """How far from the end of the list each segment ends, in seconds of media."""
        distance = 0.0
        distances = []
        for segment in reversed(recent):
            distances.append(distance)
            distance += segment.duration or sum(piece.duration for piece in segment.pieces)
        return distances[::-1]

    def _age(self, target: Target) -> None:
        """Write once those segments that no update has to repeat (4.4.3.8, Skip Boundary)."""
        recent = self.segments[self._old :]
        for segment, distance in zip(recent, self._distances(recent), strict=True):
            if distance <= TARGETS_NOT_SKIPPED * target.segment or segment.duration is None:
                break
            self._old_text.append(text(segment.entry(with_parts=False).tags()))
            self._old += 1


def stream_inf(segments: Sequence[Segment]) -> StreamInf:
    """What is told of the class so far: peak and mean rate of whole segments, with a margin for the lists; NotThere."""
    whole = [segment for segment in segments if segment.duration and segment.size]
    if not whole:
        raise NotThere
    stretch = whole[-1].stretch
    seconds = sum(segment.duration or 0 for segment in whole)
    return StreamInf(
        uri="video.m3u8",
        bandwidth=round(RATE_MARGIN * max(segment.size * 8 / (segment.duration or 1) for segment in whole)),
        average_bandwidth=round(RATE_MARGIN * sum(segment.size * 8 for segment in whole) / seconds),
        codecs=stretch.codecs,
        width=stretch.width,
        height=stretch.height,
        frame_rate=max(segment.pictures / (segment.duration or 1) for segment in whole[-RECENT:]),
    )
