"""Init sections and parts, read back by FFmpeg's demuxer and decoders."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av

from media.h264 import video_info
from media.hls.boxes import fragment, init_section
from media.hls.cuts import CutPolicy
from media.hls.cutter import Cutter
from media.sample import AudioInfo, Sample, TrackInfo
from media.transcode import OpusToAac
from tests.media.hls.samples import cut, parts
from tests.media.material import h264, interleaved, opus


def aac(seconds: float) -> tuple[Sample, ...]:
    transcoder = OpusToAac()
    frames = [out for packet in opus(seconds) for out in transcoder.push(packet)]
    return tuple(frame for frame in frames if frame.pts >= 0)


def tracks(video: Sequence[Sample], *, audio: bool) -> TrackInfo:
    info = video_info(video[0].data)
    assert info is not None
    return TrackInfo(info, AudioInfo() if audio else None)


def packaged(video: tuple[Sample, ...], audio: tuple[Sample, ...] = ()) -> tuple[bytes, list[bytes]]:
    """An init section and the parts of everything."""
    cuts = cut(Cutter(0, CutPolicy()), interleaved(video, audio))
    bodies = [fragment(number, part) for number, part in enumerate(parts(cuts))]
    return init_section(tracks(video, audio=bool(audio))), bodies


def demuxed(content: bytes) -> dict[str, list[av.Packet[Any]]]:
    with av.open(io.BytesIO(content), "r") as container:
        packets: dict[str, list[av.Packet[Any]]] = {stream.type: [] for stream in container.streams}
        for packet in container.demux():
            if packet.size:
                packets[packet.stream.type].append(packet)
        return packets


def test_the_init_section_names_codecs_and_size() -> None:
    init, bodies = packaged(h264(1.0, width=642, height=362), aac(1.0))
    with av.open(io.BytesIO(init + bodies[0]), "r") as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", 642, 362)
        assert (audio.codec_context.name, audio.sample_rate, audio.channels) == ("aac", 48_000, 2)
        assert video.time_base == Fraction(1, 90_000)
        assert audio.time_base == Fraction(1, 48_000)


def test_times_and_keys_come_back_as_they_went_in() -> None:
    video, audio = h264(4.0), aac(4.0)
    init, bodies = packaged(video, audio)
    packets = demuxed(init + b"".join(bodies))
    assert [(p.dts, p.pts, p.is_keyframe) for p in packets["video"]] == [(s.dts, s.pts, s.key) for s in video]
    assert [p.pts for p in packets["audio"]] == [s.pts for s in audio]
    assert [bytes(p) for p in packets["audio"]] == [s.data for s in audio]
    assert {p.duration for p in packets["video"]} == {3_600}


def test_pictures_sent_out_of_order_are_shown_in_order() -> None:
    video = h264(2.0, b_frames=2)
    assert any(s.pts != s.dts for s in video)
    init, bodies = packaged(video)
    packets = demuxed(init + b"".join(bodies))
    assert [(p.dts, p.pts) for p in packets["video"]] == [(s.dts, s.pts) for s in video]
    with av.open(io.BytesIO(init + b"".join(bodies)), "r") as container:
        shown = [frame.pts or 0 for frame in container.decode(video=0)]
    assert len(shown) == len(video)
    assert all(before < after for before, after in pairwise(shown))


def test_every_picture_and_every_sound_decodes() -> None:
    init, bodies = packaged(h264(3.0), aac(3.0))
    with av.open(io.BytesIO(init + b"".join(bodies)), "r") as container:
        assert sum(1 for _ in container.decode(video=0)) == 75
    with av.open(io.BytesIO(init + b"".join(bodies)), "r") as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == len(aac(3.0)) * 1_024


def test_a_part_can_be_read_without_the_parts_before_it() -> None:
    init, bodies = packaged(h264(3.0), aac(3.0))
    packets = demuxed(init + bodies[3])
    assert packets["video"][0].dts == 3 * 12 * 3_600


def test_a_time_beyond_32_bits_survives() -> None:
    later = 2**33
    video = tuple(Sample(s.track, s.pts + later, s.dts + later, s.key, s.data) for s in h264(1.0))
    init, bodies = packaged(video)
    assert demuxed(init + bodies[0])["video"][0].dts == later


def test_a_part_without_a_picture_is_still_a_fragment() -> None:
    cutter = Cutter(0, CutPolicy(), 45_000)
    video = h264(0.2)
    cut(cutter, video[:2], finish=False)
    held = parts([one for now in range(0, 200_000, 4_500) for one in cutter.tick(now)])
    bodies = [fragment(number, part) for number, part in enumerate(held)]
    assert held[1].video == ()
    packets = demuxed(init_section(tracks(video, audio=False)) + b"".join(bodies))
    assert [p.dts for p in packets["video"]] == [0, 3_600]
