"""The bytes of an init section and of a part: fragmented MP4 by ISO/IEC 14496-12, -14 and -15."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

from media.h264 import length_prefixed
from media.hls.cuts import Frame, Part
from media.sample import AUDIO_TIMESCALE, VIDEO_TIMESCALE, AudioInfo, TrackInfo, VideoInfo

VIDEO_TRACK, AUDIO_TRACK = 1, 2
SYNC_SAMPLE, NON_SYNC_SAMPLE = 0x0200_0000, 0x0101_0000
IDENTITY_MATRIX = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000)
HIGH_PROFILE, HIGH_420_8_BIT = 100, b"\xfd\xf8\xf8\x00"
AAC_LC, RATE_48000 = 2, 3
AVERAGE_SOUND_BITRATE = 96_000
DEFAULT_BASE_IS_MOOF = 0x02_0000
TRUN_OFFSET, TRUN_DURATION, TRUN_SIZE, TRUN_FLAGS, TRUN_COMPOSITION = 0x1, 0x100, 0x200, 0x400, 0x800


def box(kind: bytes, *content: bytes) -> bytes:
    """A box with its 32-bit size."""
    body = b"".join(content)
    return pack(">I4s", len(body) + 8, kind) + body


def full_box(kind: bytes, version: int, flags: int, *content: bytes) -> bytes:
    """A box with version and flags."""
    return box(kind, pack(">I", version << 24 | flags), *content)


def init_section(tracks: TrackInfo) -> bytes:
    """`ftyp` and `moov` for the tracks of a stretch (EXT-X-MAP)."""
    traks = [_video_trak(tracks.video)]
    trexs = [_trex(VIDEO_TRACK)]
    if tracks.audio is not None:
        traks.append(_audio_trak(tracks.audio))
        trexs.append(_trex(AUDIO_TRACK))
    head = pack(">5I", 0, 0, 1_000, 0, 0x10000) + pack(">H", 0x0100) + bytes(10) + IDENTITY_MATRIX + bytes(24)
    moov = box(b"moov", full_box(b"mvhd", 0, 0, head, pack(">I", AUDIO_TRACK + 1)), *traks, box(b"mvex", *trexs))
    return box(b"ftyp", b"iso6", pack(">I", 0), b"iso6cmfcmp41") + moov


def fragment(sequence: int, part: Part) -> bytes:
    """`moof` and `mdat` of one part; the bytes of a segment are those of its parts one after another."""
    pictures = [length_prefixed(frame.sample.data) for frame in part.video]
    sounds = [frame.sample.data for frame in part.audio]
    size = len(_moof(sequence, part, pictures, sounds, 0))
    moof = _moof(sequence, part, pictures, sounds, size + 8)
    return moof + box(b"mdat", *pictures, *sounds)


def _moof(sequence: int, part: Part, pictures: Sequence[bytes], sounds: Sequence[bytes], offset: int) -> bytes:
    trafs = [_traf(VIDEO_TRACK, _first(part.video, part.start), _video_trun(part.video, pictures, offset))]
    if part.audio:
        behind = offset + sum(map(len, pictures))
        trafs.append(_traf(AUDIO_TRACK, _first(part.audio, 0), _audio_trun(part.audio, sounds, behind)))
    return box(b"moof", full_box(b"mfhd", 0, 0, pack(">I", sequence)), *trafs)


def _first(frames: Sequence[Frame], otherwise: int) -> int:
    return frames[0].sample.dts if frames else otherwise


def _traf(track: int, decode_time: int, trun: bytes) -> bytes:
    tfhd = full_box(b"tfhd", 0, DEFAULT_BASE_IS_MOOF, pack(">I", track))
    return box(b"traf", tfhd, full_box(b"tfdt", 1, 0, pack(">Q", decode_time)), trun)


def _video_trun(frames: Sequence[Frame], bodies: Sequence[bytes], offset: int) -> bytes:
    entries = [
        pack(
            ">IIIi",
            frame.duration,
            len(body),
            SYNC_SAMPLE if frame.sample.key else NON_SYNC_SAMPLE,
            frame.sample.pts - frame.sample.dts,
        )
        for frame, body in zip(frames, bodies, strict=True)
    ]
    flags = TRUN_OFFSET | TRUN_DURATION | TRUN_SIZE | TRUN_FLAGS | TRUN_COMPOSITION
    return full_box(b"trun", 1, flags, pack(">Ii", len(entries), offset), *entries)


def _audio_trun(frames: Sequence[Frame], bodies: Sequence[bytes], offset: int) -> bytes:
    entries = [pack(">II", frame.duration, len(body)) for frame, body in zip(frames, bodies, strict=True)]
    return full_box(b"trun", 0, TRUN_OFFSET | TRUN_DURATION | TRUN_SIZE, pack(">Ii", len(entries), offset), *entries)


def _video_trak(video: VideoInfo) -> bytes:
    size = pack(">II", video.width << 16, video.height << 16)
    handler = _handler(b"vide", b"VideoHandler")
    header = full_box(b"vmhd", 0, 1, bytes(8))
    return _trak(VIDEO_TRACK, 0, size, VIDEO_TIMESCALE, handler, header, _avc1(video))


def _audio_trak(audio: AudioInfo) -> bytes:
    handler = _handler(b"soun", b"SoundHandler")
    return _trak(
        AUDIO_TRACK, 0x0100, bytes(8), AUDIO_TIMESCALE, handler, full_box(b"smhd", 0, 0, bytes(4)), _mp4a(audio)
    )


def _trak(track: int, volume: int, size: bytes, timescale: int, handler: bytes, header: bytes, entry: bytes) -> bytes:
    tkhd = full_box(
        b"tkhd", 0, 3, pack(">5I", 0, 0, track, 0, 0), bytes(12), pack(">HH", volume, 0), IDENTITY_MATRIX, size
    )
    mdhd = full_box(b"mdhd", 0, 0, pack(">4IHH", 0, 0, timescale, 0, 0x55C4, 0))
    dinf = box(b"dinf", full_box(b"dref", 0, 0, pack(">I", 1), full_box(b"url ", 0, 1)))
    minf = box(b"minf", header, dinf, _empty_table(entry))
    return box(b"trak", tkhd, box(b"mdia", mdhd, handler, minf))


def _handler(kind: bytes, name: bytes) -> bytes:
    return full_box(b"hdlr", 0, 0, bytes(4), kind, bytes(12), name, b"\0")


def _empty_table(entry: bytes) -> bytes:
    none = pack(">I", 0)
    return box(
        b"stbl",
        full_box(b"stsd", 0, 0, pack(">I", 1), entry),
        full_box(b"stts", 0, 0, none),
        full_box(b"stsc", 0, 0, none),
        full_box(b"stsz", 0, 0, none, none),
        full_box(b"stco", 0, 0, none),
    )


def _trex(track: int) -> bytes:
    return full_box(b"trex", 0, 0, pack(">5I", track, 1, 0, 0, 0))


def _avc1(video: VideoInfo) -> bytes:
    visual = bytes(6) + pack(">H", 1) + bytes(16) + pack(">HH", video.width, video.height)
    resolution = pack(">IIIH", 0x48_0000, 0x48_0000, 0, 1)
    return box(b"avc1", visual, resolution, bytes(32), pack(">Hh", 0x18, -1), _avcc(video))


def _avcc(video: VideoInfo) -> bytes:
    sps = video.sps
    head = bytes([1, sps[1], sps[2], sps[3], 0xFF, 0xE1]) + pack(">H", len(sps)) + sps
    pictures = (pack(">H", len(pps)) + pps for pps in video.pps)
    tail = HIGH_420_8_BIT if sps[1] == HIGH_PROFILE else b""
    return box(b"avcC", head, bytes([len(video.pps)]), *pictures, tail)


def _mp4a(audio: AudioInfo) -> bytes:
    entry = bytes(6) + pack(">H", 1) + bytes(8) + pack(">HHHH", audio.channels, 16, 0, 0)
    return box(b"mp4a", entry, pack(">I", AUDIO_TIMESCALE << 16), full_box(b"esds", 0, 0, _es_descriptor(audio)))


def _es_descriptor(audio: AudioInfo) -> bytes:
    specific = _descriptor(5, pack(">H", AAC_LC << 11 | RATE_48000 << 7 | audio.channels << 3))
    config = bytes([0x40, 0x15, 0, 0, 0]) + pack(">II", AVERAGE_SOUND_BITRATE, AVERAGE_SOUND_BITRATE)
    return _descriptor(3, pack(">HB", AUDIO_TRACK, 0), _descriptor(4, config, specific), _descriptor(6, b"\x02"))


def _descriptor(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    return bytes([tag, len(body)]) + body
