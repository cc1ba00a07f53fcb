"""Opus in, AAC-LC out (PyAV), on one unbroken time line: gaps are filled, drift is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av

from media.sample import AUDIO_TIMESCALE, Sample, Track

FRAME = 1_024
BITRATE = 96_000
LAYOUT = "stereo"
LARGEST_DRIFT = AUDIO_TIMESCALE // 20
LONGEST_FILL = 10 * AUDIO_TIMESCALE


class OpusToAac:
    """One publisher's sound; what comes out follows frame upon frame, whatever is missing of what goes in."""

    def __init__(self) -> None:
        """Nothing comes out before the first packet, or `fill`, has set the beginning."""
        self._decoder = av.AudioCodecContext.create("libopus", "r")
        self._encoder = av.AudioCodecContext.create("aac", "w")
        for codec in (self._decoder, self._encoder):
            codec.sample_rate = AUDIO_TIMESCALE
            codec.layout = LAYOUT
        self._encoder.format = "fltp"
        self._encoder.bit_rate = BITRATE
        self._encoder.time_base = Fraction(1, AUDIO_TIMESCALE)
        self._planar = av.AudioResampler(format="fltp", layout=LAYOUT, rate=AUDIO_TIMESCALE)
        self._fifo = av.AudioFifo()
        self._end: int | None = None
        self._encoded_to = 0
        self._dropping = False

    @property
    def end(self) -> int | None:
        """Where the sound taken in so far ends, in ticks of 48 kHz."""
        return self._end

    def push(self, packet: Sample) -> list[Sample]:
        """AAC frames complete now; a packet that no decoder takes counts as lost."""
        frames = self._decoded(packet.data)
        if not frames:
            return []
        ahead = self._begin(packet.pts) - packet.pts
        self._dropping = ahead > (0 if self._dropping else LARGEST_DRIFT)
        if self._dropping:
            return []
        filled = self.fill(packet.pts) if -ahead > LARGEST_DRIFT else []
        for frame in frames:
            self._write(frame)
        return filled + self._whole_frames()

    def fill(self, until: int) -> list[Sample]:
        """Silence up to `until` (48 kHz ticks), at most ten seconds a call, where the publisher sent nothing."""
        missing = min(until - self._begin(until), LONGEST_FILL)
        for length in _pieces(missing):
            self._write(_silence(length))
        return self._whole_frames()

    def _begin(self, pts: int) -> int:
        if self._end is None:
            self._end = self._encoded_to = pts
        return self._end

    def _decoded(self, data: bytes) -> list[av.AudioFrame]:
        try:
            decoded = self._decoder.decode(av.Packet(data))
        except av.FFmpegError:
            return []
        return [planar for frame in decoded for planar in self._planar.resample(frame)]

    def _write(self, frame: av.AudioFrame) -> None:
        frame.pts = None
        self._fifo.write(frame)
        self._end = (self._end or 0) + frame.samples

    def _whole_frames(self) -> list[Sample]:
        return [sample for frame in self._ready() for sample in self._encoded(frame)]

    def _ready(self) -> Iterator[av.AudioFrame]:
        while (frame := self._fifo.read(FRAME)) is not None:
            frame.pts, frame.time_base = self._encoded_to, Fraction(1, AUDIO_TIMESCALE)
            self._encoded_to += FRAME
            yield frame

    def _encoded(self, frame: av.AudioFrame) -> Iterator[Sample]:
        """The encoder itself sets its packets back by its priming, so that sound and picture stay together."""
        for packet in self._encoder.encode(frame):
            if packet.pts is not None:
                yield Sample(Track.AUDIO, packet.pts, packet.pts, True, bytes(packet))


def _pieces(length: int) -> Iterator[int]:
    while length > 0:
        yield min(length, FRAME)
        length -= FRAME


def _silence(samples: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="fltp", layout=LAYOUT, samples=samples)
    frame.sample_rate = AUDIO_TIMESCALE
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame
