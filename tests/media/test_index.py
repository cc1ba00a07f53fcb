"""What the lines of a class say."""

from media.hls.segment import Segment, Stretch
from media.index import EndLine, Index, OffLine, SegmentLine, StretchLine, gap_ms, line_of, read, written

LINES = (
    StretchLine("a", "init-0.mp4", "avc1.42c01f", 1_280, 720, 1_000),
    SegmentLine(0, 1_000, 4.0, 500, 100),
    SegmentLine(1, 5_000, 2.5, 0, 62, gap=True),
    OffLine("lost", 7_500),
    StretchLine("b", "init-0.mp4", "avc1.42c01f", 640, 360, 9_000),
    SegmentLine(2, 9_000, 4.0, 400, 100),
)


def index_of(*lines: StretchLine | SegmentLine | OffLine | EndLine) -> Index:
    return read(b"".join(written(line) for line in lines))


def test_segments_come_back_with_their_stretch() -> None:
    index = index_of(*LINES)
    assert [(s.msn, s.uri, s.at_ms, s.duration, s.gap) for s in index.segments] == [
        (0, "a/0.m4s", 1_000, 4.0, False),
        (1, "a/1.m4s", 5_000, 2.5, True),
        (2, "b/2.m4s", 9_000, 4.0, False),
    ]
    assert [(s.leads, s.discontinuity, s.stored) for s in index.segments] == [
        (True, False, True),
        (False, False, True),
        (True, True, True),
    ]
    assert gap_ms(index.segments) == 2_500


def test_a_class_is_on_air_until_a_line_says_otherwise() -> None:
    assert not index_of().on_air
    assert index_of(*LINES).on_air
    assert not index_of(*LINES, OffLine("paused", 13_000)).on_air


def test_only_an_end_makes_a_recording() -> None:
    assert not index_of(*LINES).ended
    ended = index_of(*LINES, OffLine("ended", 13_000), EndLine(13_000))
    assert ended.ended
    assert ended.end_ms == 13_000


def test_a_line_cut_off_by_a_kill_is_not_there() -> None:
    content = b"".join(written(line) for line in LINES)
    for cut in range(1, len(written(LINES[-1])) + 1):
        assert [s.msn for s in read(content[:-cut]).segments] == [0, 1]


def test_a_stretch_that_has_just_begun_has_its_beginning_as_end() -> None:
    assert index_of(LINES[0]).end_ms == 1_000


def test_the_line_of_a_segment_has_what_a_list_needs() -> None:
    segment = Segment(7, Stretch("a", "init-0.mp4", "avc1.42c01f", 1_280, 720), 1_000, size=10, pictures=3)
    segment.close(4.0)
    assert line_of(segment, gap=False) == SegmentLine(7, 1_000, 4.0, 10, 3)
