"""Playlist texts, whole."""

import m3u8
import pytest

from media.hls.playlist import (
    Discontinuity,
    EndList,
    Inf,
    Map,
    MediaSequence,
    PartInf,
    PartTag,
    PlaylistType,
    PreloadHint,
    ProgramDateTime,
    SegmentEntry,
    ServerControl,
    Skip,
    StreamInf,
    Tag,
    TargetDuration,
    Version,
    multivariant,
    playlist,
    text,
    vod,
)


@pytest.mark.parametrize(
    ("tag", "line"),
    [
        (Version(), "#EXT-X-VERSION:9"),
        (TargetDuration(5), "#EXT-X-TARGETDURATION:5"),
        (MediaSequence(12), "#EXT-X-MEDIA-SEQUENCE:12"),
        (PlaylistType("EVENT"), "#EXT-X-PLAYLIST-TYPE:EVENT"),
        (PartInf(0.5), "#EXT-X-PART-INF:PART-TARGET=0.5"),
        (PartInf(1.0), "#EXT-X-PART-INF:PART-TARGET=1"),
        (ServerControl(15, 30), "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=30,HOLD-BACK=15"),
        (
            ServerControl(15, 30, 1.5),
            "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=30,HOLD-BACK=15,PART-HOLD-BACK=1.5",
        ),
        (Skip(1_300), "#EXT-X-SKIP:SKIPPED-SEGMENTS=1300"),
        (Discontinuity(), "#EXT-X-DISCONTINUITY"),
        (Map("r/init-0.mp4"), '#EXT-X-MAP:URI="r/init-0.mp4"'),
        (ProgramDateTime(1_764_035_000_007), "#EXT-X-PROGRAM-DATE-TIME:2025-11-25T01:43:20.007Z"),
        (PartTag(0.48, "r/3.0.m4s", True), '#EXT-X-PART:DURATION=0.48,URI="r/3.0.m4s",INDEPENDENT=YES'),
        (PartTag(0.466_67, "r/3.1.m4s"), '#EXT-X-PART:DURATION=0.46667,URI="r/3.1.m4s"'),
        (Inf(4.0, "r/3.m4s"), "#EXTINF:4,\nr/3.m4s"),
        (PreloadHint("r/3.2.m4s"), '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="r/3.2.m4s"'),
        (EndList(), "#EXT-X-ENDLIST"),
    ],
)
def test_a_tag_has_its_text(tag: Tag, line: str) -> None:
    assert str(tag) == line


def test_the_multivariant_playlist_says_what_a_player_chooses_by() -> None:
    assert multivariant(StreamInf("video.m3u8", 2_600_000, 2_100_000, "avc1.42c01f,mp4a.40.2", 1280, 720, 30.0)) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=2600000,AVERAGE-BANDWIDTH=2100000"
        ',CODECS="avc1.42c01f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000\n'
        "video.m3u8\n"
    )


def test_a_recording_lists_every_segment_with_its_time_and_ends() -> None:
    segments = [
        SegmentEntry("a/0.m4s", 1_764_035_000_000, 4.0, map_uri="a/init-0.mp4"),
        SegmentEntry("a/1.m4s", 1_764_035_004_000, 4.0, gap=True),
        SegmentEntry("b/2.m4s", 1_764_035_020_000, 1.48, map_uri="b/init-0.mp4", discontinuity=True),
    ]
    whole = vod(5, 0, segments)
    assert whole == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n"
        "#EXT-X-TARGETDURATION:5\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        '#EXT-X-MAP:URI="a/init-0.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-25T01:43:20.000Z\n"
        "#EXTINF:4,\n"
        "a/0.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-25T01:43:24.000Z\n"
        "#EXT-X-GAP\n"
        "#EXTINF:4,\n"
        "a/1.m4s\n"
        "#EXT-X-DISCONTINUITY\n"
        '#EXT-X-MAP:URI="b/init-0.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-25T01:43:40.000Z\n"
        "#EXTINF:1.48,\n"
        "b/2.m4s\n"
        "#EXT-X-ENDLIST\n"
    )
    parsed = m3u8.loads(whole)
    assert parsed.is_endlist
    assert [segment.init_section.uri for segment in parsed.segments] == ["a/init-0.mp4"] * 2 + ["b/init-0.mp4"]


def test_a_growing_segment_has_only_parts() -> None:
    growing = SegmentEntry("a/2.m4s", 1_764_035_008_000, None, parts=(PartTag(0.48, "a/2.0.m4s", True),))
    assert text(growing.tags()) == (
        '#EXT-X-PROGRAM-DATE-TIME:2025-11-25T01:43:28.000Z\n#EXT-X-PART:DURATION=0.48,URI="a/2.0.m4s",INDEPENDENT=YES\n'
    )


def test_an_empty_list_is_its_opening_line() -> None:
    assert playlist([]) == "#EXTM3U\n"
