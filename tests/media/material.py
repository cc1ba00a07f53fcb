"""Real encoded material, made with the libraries' own encoders: pictures that move and a tone."""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import av

from media.sample import AUDIO_TIMESCALE, VIDEO_TIMESCALE, Sample, Track

TONE_HZ = 440
OPUS_PACKET = 960


def picture(index: int, width: int, height: int) -> av.VideoFrame:
    """A grey picture on which a lighter block walks."""
    frame = av.VideoFrame(width, height, "yuv420p")
    luma = bytearray(b"\x40" * (frame.planes[0].line_size * height))
    left = index * 8 % (width - 16)
    for row in range(8, 24):
        at = row * frame.planes[0].line_size + left
        luma[at : at + 16] = b"\xc0" * 16
    frame.planes[0].update(bytes(luma))
    for plane in frame.planes[1:]:
        plane.update(b"\x80" * plane.buffer_size)
    frame.pts = index
    return frame


@cache
def h264(
    seconds: float = 1.0, *, fps: int = 25, width: int = 320, height: int = 180, key_every: int = 50, b_frames: int = 0
) -> tuple[Sample, ...]:
    """Access units in Annex B form, parameter sets before each key picture, from time 0."""
    encoder = av.VideoCodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(fps), Fraction(1, fps)
    encoder.gop_size, encoder.max_b_frames = key_every, b_frames
    encoder.options = {"preset": "ultrafast", "sc_threshold": "0", "bframes": str(b_frames), "forced-idr": "1"}
    if not b_frames:
        encoder.options |= {"tune": "zerolatency"}
    packets = [
        packet for index in range(round(seconds * fps)) for packet in encoder.encode(picture(index, width, height))
    ]
    packets += encoder.encode(None)
    ticks = VIDEO_TIMESCALE // fps
    delay = -min(packet.dts or 0 for packet in packets)
    return tuple(
        Sample(
            Track.VIDEO,
            ((packet.pts or 0) + delay) * ticks,
            ((packet.dts or 0) + delay) * ticks,
            packet.is_keyframe,
            bytes(packet),
        )
        for packet in packets
    )


@cache
def opus(seconds: float = 1.0) -> tuple[Sample, ...]:
    """A tone in packets of 20 ms, from time 0."""
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = AUDIO_TIMESCALE, "mono", "s16"
    encoder.time_base = Fraction(1, AUDIO_TIMESCALE)
    packets = [
        packet
        for index in range(round(seconds * AUDIO_TIMESCALE / OPUS_PACKET))
        for packet in encoder.encode(_tone(index * OPUS_PACKET))
    ]
    return tuple(Sample(Track.AUDIO, n * OPUS_PACKET, n * OPUS_PACKET, True, bytes(p)) for n, p in enumerate(packets))


def _tone(start: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=OPUS_PACKET)
    wave = (math.sin(2 * math.pi * TONE_HZ * n / AUDIO_TIMESCALE) for n in range(start, start + OPUS_PACKET))
    frame.planes[0].update(array("h", (round(8_000 * height) for height in wave)).tobytes())
    frame.sample_rate, frame.pts = AUDIO_TIMESCALE, start
    return frame


def interleaved(*tracks: tuple[Sample, ...]) -> Iterator[Sample]:
    """The samples of all tracks in the order of their decoding times."""
    return iter(sorted((s for track in tracks for s in track), key=lambda s: Fraction(s.dts, s.track.timescale)))
