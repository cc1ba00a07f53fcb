"""The growing list, whole texts: with parts, as an update, without parts, with a gap, at the end."""

from media.hls.listing import Listing, Target, stream_inf
from media.hls.segment import Piece, Segment, Stretch

AT = 1_764_035_000_000
TARGET = Target(5, 0.5)


def stretch(run: str = "a", init: str = "init-0.mp4") -> Stretch:
    return Stretch(run, init, "avc1.42c01f,mp4a.40.2", 1_280, 720)


def segment(msn: int, *, whole: bool = True, parts: int = 2, of: Stretch | None = None, size: int = 100) -> Segment:
    one = Segment(msn, of or stretch(), AT + 4_000 * msn, leads=msn == 0)
    for index in range(parts):
        one.add(Piece(b"x" * size, 0.5, index == 0), pictures=60)
    if whole:
        one.close(4.0)
    return one


def body(listing: Listing, *, skip: bool = False, low_latency: bool = True, ended: bool = False) -> str:
    return listing.body(TARGET, skip=skip, low_latency=low_latency, hint="a/next.m4s", ended=ended).decode()


def listing_of(*segments: Segment) -> Listing:
    listing = Listing()
    listing.segments += segments
    return listing


HEAD = (
    "#EXTM3U\n"
    "#EXT-X-VERSION:9\n"
    "#EXT-X-TARGETDURATION:5\n"
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=30,HOLD-BACK=15,PART-HOLD-BACK=1.5\n"
    "#EXT-X-PART-INF:PART-TARGET=0.5\n"
    "#EXT-X-PLAYLIST-TYPE:EVENT\n"
    "#EXT-X-MEDIA-SEQUENCE:0\n"
)


def test_a_growing_class_lists_its_parts_and_what_comes_next() -> None:
    assert body(listing_of(segment(0), segment(1, whole=False, parts=1))) == (
        HEAD + '#EXT-X-MAP:URI="a/init-0.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-25T01:43:20.000Z\n"
        '#EXT-X-PART:DURATION=0.5,URI="a/0.0.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=0.5,URI="a/0.1.m4s"\n'
        "#EXTINF:4,\n"
        "a/0.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-25T01:43:24.000Z\n"
        '#EXT-X-PART:DURATION=0.5,URI="a/1.0.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="a/next.m4s"\n'
    )


def test_readers_who_want_no_parts_get_whole_segments_only() -> None:
    assert body(listing_of(segment(0), segment(1, whole=False, parts=1)), low_latency=False) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n"
        "#EXT-X-TARGETDURATION:5\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=30,HOLD-BACK=15\n"
        "#EXT-X-PLAYLIST-TYPE:EVENT\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        '#EXT-X-MAP:URI="a/init-0.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2025-11-25T01:43:20.000Z\n"
        "#EXTINF:4,\n"
        "a/0.m4s\n"
    )


def test_parts_are_listed_up_to_three_target_durations_from_the_end() -> None:
    text = body(listing_of(*(segment(msn) for msn in range(8))))
    listed = {msn for msn in range(8) if f'"a/{msn}.0.m4s"' in text}
    assert listed == {4, 5, 6, 7}


def test_an_update_leaves_out_what_is_older_than_six_target_durations() -> None:
    whole = listing_of(*(segment(msn) for msn in range(20)))
    full, update = body(whole), body(whole, skip=True)
    assert "#EXT-X-SKIP:SKIPPED-SEGMENTS=12\n" in update
    kept = update.split("#EXT-X-SKIP:SKIPPED-SEGMENTS=12\n")
    assert kept[0] == HEAD
    assert full.startswith(HEAD)
    assert full.endswith(kept[1])
    skipped = full[len(HEAD) : -len(kept[1])]
    assert skipped.count("#EXTINF") == 12


def test_an_update_of_a_short_class_is_the_whole_list() -> None:
    short = listing_of(*(segment(msn) for msn in range(4)))
    assert body(short, skip=True) == body(short)


def test_the_text_of_old_segments_does_not_change_while_the_list_grows() -> None:
    listing = listing_of()
    for msn in range(40):
        listing.segments.append(segment(msn))
        listing.changed()
        grown = body(listing)
    at_once = listing_of(*(segment(msn) for msn in range(40)))
    assert grown == body(at_once)


def test_a_lost_segment_becomes_a_gap_wherever_it_stands() -> None:
    listing = listing_of(*(segment(msn) for msn in range(20)))
    body(listing)
    listing.segments[2].gap = True
    listing.lost()
    assert "#EXT-X-GAP\n#EXTINF:4,\na/2.m4s\n" in body(listing)
    assert body(listing).count("#EXT-X-GAP") == 1


def test_another_stretch_begins_with_a_discontinuity_and_its_init_section() -> None:
    second = segment(1, of=stretch("b"))
    second.leads = second.discontinuity = True
    text = body(listing_of(segment(0), second), low_latency=False)
    assert '#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="b/init-0.mp4"\n#EXT-X-PROGRAM-DATE-TIME' in text


def test_a_class_that_pauses_says_that_what_follows_is_discontinuous() -> None:
    listing = listing_of(segment(0))
    paused = listing.body(TARGET, skip=False, low_latency=True, hint=None, ended=False).decode()
    assert paused.endswith("a/0.m4s\n#EXT-X-DISCONTINUITY\n")
    second = segment(1, of=stretch("b"))
    second.leads = second.discontinuity = True
    listing.segments.append(second)
    listing.changed()
    assert body(listing).startswith(paused)


def test_an_ended_class_says_so_and_promises_nothing() -> None:
    text = body(listing_of(segment(0)), ended=True)
    assert text.endswith("a/0.m4s\n#EXT-X-ENDLIST\n")
    assert "PRELOAD-HINT" not in text


def test_rates_are_those_of_whole_segments() -> None:
    told = stream_inf([segment(0, size=50_000), segment(1, size=100_000), segment(2, whole=False)])
    assert (told.bandwidth, told.average_bandwidth) == (440_000, 330_000)
    assert (told.width, told.height, told.frame_rate) == (1_280, 720, 30.0)


def test_readers_may_be_ahead_by_as_many_parts_as_the_standard_allows() -> None:
    assert (Target(5, 0.5).advance_part_limit, Target(5, 0.535).advance_part_limit) == (6, 6)
    assert Target(5, 1.0).advance_part_limit == 3
