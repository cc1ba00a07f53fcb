"""The values that travel from a publisher to the packager: one encoded picture or one packet of sound."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

VIDEO_TIMESCALE = 90_000
AUDIO_TIMESCALE = 48_000


class Track(StrEnum):
    """Which of the two tracks a sample belongs to."""

    VIDEO = "video"
    AUDIO = "audio"

    @property
    def timescale(self) -> int:
        """Ticks a second of this track's timestamps."""
        return VIDEO_TIMESCALE if self is Track.VIDEO else AUDIO_TIMESCALE


class AudioCodec(StrEnum):
    """The codecs of sound that a publisher may send."""

    OPUS = "opus"
    AAC = "aac"


@dataclass(frozen=True, slots=True)
class Sample:
    """One access unit; its duration is unknown until the next one of its track is here.

    `pts` and `dts` are in ticks of the track's timescale, both tracks counted from one common zero. `data` is an
    H.264 access unit in Annex B form (parameter sets in band before each key picture), one Opus packet, or one raw
    AAC frame of 1,024 samples.
    """

    track: Track
    pts: int
    dts: int
    key: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a decoder has to know before the first picture; two of them differ when a new init section is due."""

    sps: bytes
    pps: tuple[bytes, ...]
    width: int
    height: int

    @property
    def codec(self) -> str:
        """RFC 6381 name, e.g. `avc1.42c01f`."""
        return f"avc1.{self.sps[1:4].hex()}"


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """AAC-LC at 48 kHz, the only sound that is packaged."""

    channels: int = 2

    @property
    def codec(self) -> str:
        """RFC 6381 name."""
        return "mp4a.40.2"


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """The tracks of one init section."""

    video: VideoInfo
    audio: AudioInfo | None

    @property
    def codecs(self) -> str:
        """The CODECS attribute of a multivariant playlist."""
        return ",".join(track.codec for track in (self.video, self.audio) if track is not None)
