"""Segments of a class: their stretch, their parts while these are needed, their bytes until they are stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from media.hls.playlist import PartTag, SegmentEntry


@dataclass(frozen=True, slots=True)
class Stretch:
    """What plays from one init section: one publisher's run without a break and with one picture size."""

    run: str
    init: str
    codecs: str
    width: int
    height: int

    @property
    def map_uri(self) -> str:
        """Address of the init section, relative to the playlist."""
        return f"{self.run}/{self.init}"


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one part; `duration` in seconds."""

    body: bytes
    duration: float
    independent: bool


@dataclass(slots=True)
class Segment:
    """One segment; growing while it has no duration. `at_ms` is its programme date-time."""

    msn: int
    stretch: Stretch
    at_ms: int
    leads: bool = False
    discontinuity: bool = False
    pieces: list[Piece] = field(default_factory=list)
    part_count: int = 0
    duration: float | None = None
    size: int = 0
    pictures: int = 0
    gap: bool = False
    stored: bool = False
    body: bytes | None = None

    @property
    def uri(self) -> str:
        """Address of the segment, relative to the playlist."""
        return f"{self.stretch.run}/{self.msn}.m4s"

    @property
    def end_ms(self) -> int:
        """Programme date-time of its end so far."""
        length = sum(piece.duration for piece in self.pieces) if self.duration is None else self.duration
        return self.at_ms + round(length * 1_000)

    def part_uri(self, index: int) -> str:
        """Address of one of its parts, relative to the playlist."""
        return f"{self.stretch.run}/{self.msn}.{index}.m4s"

    def add(self, piece: Piece, pictures: int) -> None:
        """One part more."""
        self.pieces.append(piece)
        self.part_count += 1
        self.size += len(piece.body)
        self.pictures += pictures

    def close(self, duration: float) -> None:
        """It is whole; its bytes are those of its parts."""
        self.duration = duration
        self.body = b"".join(piece.body for piece in self.pieces)

    def release(self) -> None:
        """Its bytes are needed no more, or are lost."""
        self.pieces = []
        self.body = None

    def entry(self, *, with_parts: bool) -> SegmentEntry:
        """What a list says of it."""
        tags = (
            PartTag(piece.duration, self.part_uri(index), piece.independent) for index, piece in enumerate(self.pieces)
        )
        return SegmentEntry(
            uri=self.uri,
            at_ms=self.at_ms,
            duration=self.duration,
            map_uri=self.stretch.map_uri if self.leads else None,
            discontinuity=self.discontinuity,
            gap=self.gap,
            parts=tuple(tags) if with_parts else (),
        )
