"""Samples that only have times: what the cutter needs to know."""

from collections.abc import Iterable

from media.hls.cuts import Cut, CutPolicy, KeyFrameWanted, Part, SegmentEnd
from media.hls.cutter import Cutter
from media.sample import AUDIO_TIMESCALE, VIDEO_TIMESCALE, Sample, Track

AAC = 1_024


def frame(ms: float, *, key: bool = False, shown_ms: float | None = None) -> Sample:
    """A picture decoded at `ms`, shown at `shown_ms` or at once."""
    dts = round(ms * VIDEO_TIMESCALE / 1_000)
    pts = dts if shown_ms is None else round(shown_ms * VIDEO_TIMESCALE / 1_000)
    return Sample(Track.VIDEO, pts, dts, key, b"\0\0\0\1" + (b"\x65" if key else b"\x41") + b"picture")


def pictures(seconds: float, *, fps: float = 25, key_every: int = 50, since: float = 0) -> list[Sample]:
    """A steady camera."""
    step = 1_000 / fps
    return [frame(since * 1_000 + n * step, key=n % key_every == 0) for n in range(round(seconds * fps))]


def sound(seconds: float, *, since: float = 0) -> list[Sample]:
    """AAC frames, one upon the other."""
    first = round(since * AUDIO_TIMESCALE)
    times = range(first, first + round(seconds * AUDIO_TIMESCALE), AAC)
    return [Sample(Track.AUDIO, pts, pts, True, b"sound") for pts in times]


def cut(cutter: Cutter, samples: Iterable[Sample], *, finish: bool = True) -> list[Cut]:
    """Everything that comes of the samples."""
    cuts = [one for sample in samples for one in cutter.push(sample)]
    return cuts + cutter.finish() if finish else cuts


def parts(cuts: Iterable[Cut]) -> list[Part]:
    return [one for one in cuts if isinstance(one, Part)]


def ends(cuts: Iterable[Cut]) -> list[SegmentEnd]:
    return [one for one in cuts if isinstance(one, SegmentEnd)]


def asked(cuts: Iterable[Cut]) -> int:
    return sum(isinstance(one, KeyFrameWanted) for one in cuts)


def new_cutter(segment: int = 0, part_target: int | None = None) -> Cutter:
    return Cutter(segment, CutPolicy(), part_target)
