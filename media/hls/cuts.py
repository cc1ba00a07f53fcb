"""The values of cutting: what is aimed at, and what the cutter has decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from media.sample import VIDEO_TIMESCALE, Sample

SHORTEST_PART_PERCENT = 85
PART_STEP = VIDEO_TIMESCALE // 200


@dataclass(frozen=True, slots=True)
class CutPolicy:
    """What is aimed at, in ticks of 90 kHz."""

    part: int = VIDEO_TIMESCALE // 2
    segment: int = 4 * VIDEO_TIMESCALE
    shortest_segment: int = 5 * VIDEO_TIMESCALE // 2
    longest_segment: int = 5 * VIDEO_TIMESCALE
    patience: int = VIDEO_TIMESCALE // 4
    sound_patience: int = VIDEO_TIMESCALE * 3 // 20
    ask_again: int = VIDEO_TIMESCALE
    first_lead: int = VIDEO_TIMESCALE // 10
    longest_lead: int = VIDEO_TIMESCALE // 2


@dataclass(frozen=True, slots=True)
class Frame:
    """A sample whose duration, in ticks of its track, is known."""

    sample: Sample
    duration: int


@dataclass(frozen=True, slots=True)
class Part:
    """One partial segment; `start` and `duration` in ticks of 90 kHz on the decoding time line of the pictures."""

    segment: int
    index: int
    start: int
    duration: int
    video: tuple[Frame, ...]
    audio: tuple[Frame, ...]

    @property
    def independent(self) -> bool:
        """Whether a player may begin here."""
        return bool(self.video) and self.video[0].sample.key


@dataclass(frozen=True, slots=True)
class SegmentEnd:
    """The parts since the last end are one whole segment."""

    segment: int
    start: int
    duration: int


@dataclass(frozen=True, slots=True)
class KeyFrameWanted:
    """The publisher should send a key picture now."""


Cut = Part | SegmentEnd | KeyFrameWanted


def choose_part_target(wanted: int, durations: Sequence[int]) -> int:
    """The shortest part target from `wanted` up that whole pictures fill to 85 % even when one too few is taken.

    RFC 8216bis, 4.4.4.9 forbids shorter parts inside a segment. Pictures too slow for any target up to twice the
    wanted one leave it as it is.
    """
    longest = max(durations, default=0)
    if not longest:
        return wanted
    for target in range(wanted, 2 * wanted + 1, PART_STEP):
        if (target // longest - 1) * longest * 100 >= SHORTEST_PART_PERCENT * target:
            return target
    return wanted
