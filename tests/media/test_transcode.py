"""Sound on one unbroken time line, whatever is missing; what comes out is judged by a decoder."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace
from itertools import pairwise

import av

from media.sample import Sample, Track
from media.transcode import FRAME, LARGEST_DRIFT, OpusToAac
from tests.media.material import OPUS_PACKET, TONE_HZ, opus


def unbroken(frames: list[Sample]) -> bool:
    return all(after.pts - before.pts == FRAME for before, after in pairwise(frames))


def decoded(frames: list[Sample]) -> list[array[float]]:
    """The left channel of each frame."""
    decoder = av.AudioCodecContext.create("aac", "r")
    decoder.extradata = b"\x11\x90"
    decoder.sample_rate, decoder.layout = 48_000, "stereo"
    heard = (frame for sample in frames for frame in decoder.decode(av.Packet(sample.data)))
    return [array("f", bytes(frame.planes[0])[: frame.samples * 4]) for frame in heard]


def loudness(frames: list[Sample]) -> list[float]:
    """Root mean square of each frame, 0 to 1."""
    return [math.sqrt(sum(value * value for value in plane) / len(plane)) for plane in decoded(frames)]


def test_what_comes_in_at_a_time_comes_out_at_that_time() -> None:
    aac = OpusToAac()
    silence = aac.fill(0) + aac.fill(48_000)
    frames = silence + [out for packet in opus(1.0) for out in aac.push(replace(packet, pts=48_000 + packet.pts))]
    assert unbroken(frames)
    first_loud = next(n for n, level in enumerate(loudness(frames)) if level > 0.1)
    assert abs(frames[first_loud].pts - 48_000) <= FRAME


def test_the_tone_survives() -> None:
    aac = OpusToAac()
    frames = [out for packet in opus(1.0) for out in aac.push(packet)]
    wave = [value for plane in decoded(frames)[3:] for value in plane]
    crossings = sum(before < 0 <= after for before, after in pairwise(wave))
    assert abs(crossings - TONE_HZ * len(wave) / 48_000) <= 2


def test_one_lost_packet_does_not_break_the_line() -> None:
    aac = OpusToAac()
    frames = [out for n, packet in enumerate(opus(1.0)) if n != 10 for out in aac.push(packet)]
    assert unbroken(frames)


def test_a_hole_is_filled_with_silence_so_that_later_sound_keeps_its_time() -> None:
    aac = OpusToAac()
    packets = opus(1.0)
    late = [replace(packet, pts=packet.pts + 48_000) for packet in packets]
    frames = [out for packet in (*packets, *late) for out in aac.push(packet)]
    shifted = [replace(packet, pts=packet.pts + 3 * 48_000) for packet in packets]
    frames += [out for packet in shifted for out in aac.push(packet)]
    assert unbroken(frames)
    assert aac.end == 4 * 48_000
    assert min(loudness(frames)) < 0.01


def test_a_fast_clock_is_taken_back_when_it_has_run_ahead_50_ms() -> None:
    aac = OpusToAac()
    packets = opus(1.0) * 20
    slow = OPUS_PACKET - 4
    frames: list[Sample] = []
    drift: list[int] = []
    for n, packet in enumerate(packets):
        frames += aac.push(replace(packet, pts=n * slow))
        drift.append((aac.end or 0) - (n + 1) * slow)
    assert unbroken(frames)
    assert max(drift) <= LARGEST_DRIFT + OPUS_PACKET
    assert min(drift[800:]) < LARGEST_DRIFT // 2


def test_bytes_that_are_no_opus_count_as_lost() -> None:
    aac = OpusToAac()
    assert aac.push(Sample(Track.AUDIO, 0, 0, True, b"\xff\xff\xff")) == []
    assert aac.end is None


def test_silence_alone_begins_the_line() -> None:
    aac = OpusToAac()
    assert aac.fill(5_000) == []
    frames = aac.fill(5_000 + 48_000)
    assert unbroken(frames)
    assert frames[0].pts == 5_000 - FRAME
    assert max(loudness(frames)) < 0.001
