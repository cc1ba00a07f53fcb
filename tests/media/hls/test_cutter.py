"""What the cutter promises: no part too long, every part as long as it can be, whole segments, rising times."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.hls.cuts import CutPolicy, Part, SegmentEnd, choose_part_target
from media.sample import VIDEO_TIMESCALE, Sample, Track
from tests.media.hls.samples import AAC, asked, cut, ends, frame, new_cutter, parts, pictures, sound
from tests.media.material import interleaved

HALF = VIDEO_TIMESCALE // 2


def ms(ticks: int) -> float:
    return ticks * 1_000 / VIDEO_TIMESCALE


@pytest.mark.parametrize(
    ("fps", "target_ms"), [(60, 500), (50, 500), (30, 500), (25, 500), (20, 500), (15, 535), (10, 700), (1, 500)]
)
def test_the_part_target_is_chosen_to_fit_the_pictures(fps: int, target_ms: int) -> None:
    assert ms(choose_part_target(HALF, [VIDEO_TIMESCALE // fps] * 9)) == target_ms


def test_without_a_known_duration_the_part_target_is_the_wanted_one() -> None:
    assert choose_part_target(HALF, []) == HALF


def test_a_steady_camera_gives_parts_one_picture_under_the_target_and_segments_of_whole_groups() -> None:
    cuts = cut(new_cutter(), pictures(8.0))
    assert [ms(part.duration) for part in parts(cuts)][:9] == [480] * 8 + [160]
    assert [(end.segment, ms(end.start), ms(end.duration)) for end in ends(cuts)] == [(0, 0, 4_000), (1, 4_000, 4_000)]


def test_a_part_begins_with_number_0_in_each_segment() -> None:
    cuts = cut(new_cutter(segment=7), pictures(8.0))
    assert [(part.segment, part.index) for part in parts(cuts)] == [(7, n) for n in range(9)] + [
        (8, n) for n in range(9)
    ]


def test_a_part_that_begins_with_a_key_picture_is_independent() -> None:
    cuts = cut(new_cutter(), pictures(4.0))
    assert [part.index for part in parts(cuts) if part.independent] == [0]


def test_a_key_picture_is_asked_for_shortly_before_the_end_and_ends_the_segment() -> None:
    cutter = new_cutter(part_target=HALF)
    cuts = cut(cutter, pictures(3.72, key_every=10_000), finish=False)
    assert asked(cuts) == 0
    wanted = [n for n in range(93, 110) if asked(cutter.push(frame(n * 40)))]
    assert wanted == [93]
    closed = cutter.push(frame(4_400, key=True))
    assert [ms(end.duration) for end in ends(closed)] == [4_400]


def test_the_next_asking_is_as_early_as_the_last_answer_was_slow() -> None:
    cutter = new_cutter(part_target=HALF)
    asked_at: list[float] = []
    keys = [0.0]
    for n in range(400):
        answer = bool(asked_at) and asked_at[-1] > keys[-1] and n * 40 >= asked_at[-1] + 280
        keys += [n * 40.0] * answer
        asked_at += [n * 40.0] * asked(cutter.push(frame(n * 40, key=n == 0 or answer)))
    lengths = [after - before for before, after in pairwise(keys)]
    assert all(abs(length - 3_840) <= 80 for length in lengths[1:])
    assert len(lengths) >= 3


def test_a_publisher_that_sends_no_key_picture_gets_segments_under_the_target_duration() -> None:
    cuts = cut(new_cutter(), pictures(30.0, key_every=10_000))
    assert max(end.duration for end in ends(cuts)) <= CutPolicy().longest_segment
    assert [part.independent for part in parts(cuts) if part.index == 0][1:] == [False] * (len(ends(cuts)) - 1)
    assert asked(cuts) >= 6


def test_a_key_picture_soon_after_the_beginning_does_not_end_the_segment() -> None:
    cuts = cut(new_cutter(), pictures(4.0, key_every=25))
    assert [ms(end.duration) for end in ends(cuts)] == [3_000, 1_000]


def test_pictures_shown_in_another_order_keep_their_offsets() -> None:
    order = [(0, 80, True), (40, 200, False), (80, 120, False), (120, 160, False)]
    cuts = cut(new_cutter(), [frame(at, shown_ms=shown, key=key) for at, shown, key in order])
    (only,) = parts(cuts)
    assert [ms(f.sample.pts - f.sample.dts) for f in only.video] == [80, 160, 40, 40]
    assert [ms(f.duration) for f in only.video] == [40] * 4


def test_sound_goes_into_the_part_whose_pictures_it_belongs_to() -> None:
    cuts = cut(new_cutter(), interleaved(tuple(pictures(8.0)), tuple(sound(8.0))))
    for part in parts(cuts)[:-1]:
        until = part.start + part.duration
        assert all(heard.sample.pts * 15 < until * 8 for heard in part.audio)
    spans = [(f.sample.pts, f.sample.pts + f.duration) for part in parts(cuts) for f in part.audio]
    assert all(before[1] == after[0] for before, after in pairwise(spans))


def late_sound(seconds: float, ms: int) -> list[Sample]:
    """A camera whose sound comes so much later than its picture."""
    heard = [(one.pts / 48 + ms, one) for one in sound(seconds)]
    seen = [(one.dts / 90, one) for one in pictures(seconds)]
    return [one for _, one in sorted(heard + seen, key=lambda timed: timed[0])]


@pytest.mark.parametrize("ms", [0, 65, 140])
def test_a_segment_ends_when_its_sound_has_come_as_far_as_its_pictures(ms: int) -> None:
    cuts = cut(new_cutter(), late_sound(12.0, ms), finish=False)
    for end in ends(cuts):
        own = [f for part in parts(cuts) if part.segment == end.segment for f in part.audio]
        heard = max(f.sample.pts + f.duration for f in own)
        assert 0 <= heard - (end.start + end.duration) * 48 // 90 < AAC
    assert [end.duration for end in ends(cuts)] == [360_000, 360_000]
    shown = [f.sample for part in parts(cuts) for f in part.video]
    assert shown == pictures(12.0)[: len(shown)]


def test_sound_that_does_not_come_holds_nothing_up_for_long() -> None:
    heard, seen = sound(1.0), pictures(4.2)
    cutter = new_cutter()
    cuts = cut(cutter, interleaved(tuple(heard), tuple(seen)), finish=False)
    assert [ms(end.duration) for end in ends(cuts)] == [4_000]
    quiet = new_cutter()
    cut(quiet, interleaved(tuple(heard), tuple(seen[:101])), finish=False)
    assert ends(quiet.tick(4_100 * 90)) == []
    assert [ms(end.duration) for end in ends(quiet.tick(4_500 * 90))] == [4_000]


def test_a_still_key_picture_is_shown_again_at_the_head_of_each_part() -> None:
    cutter = new_cutter(part_target=HALF)
    cutter.push(frame(0, key=True))
    cuts = [one for now in range(0, 2_600, 50) for one in cutter.tick(now * 90)]
    assert [ms(part.duration) for part in parts(cuts)] == [500] * 4
    assert all(part.independent for part in parts(cuts))
    assert asked(cuts) == 0


def test_a_still_picture_that_cannot_stand_alone_is_stretched_and_a_key_picture_asked_for() -> None:
    cutter = new_cutter(part_target=HALF)
    cut(cutter, [frame(0, key=True), frame(40)], finish=False)
    cuts = [one for now in range(40, 1_300, 50) for one in cutter.tick(now * 90)]
    first, second = parts(cuts)
    assert [ms(f.duration) for f in first.video] == [40, 460]
    assert second.video == ()
    assert asked(cuts) == 1
    moved = cutter.push(frame(1_320, key=True)) + cutter.finish(1_400 * 90)
    assert [part.video[0].sample.dts / 90 for part in parts(moved) if part.video] == [1_320]


def test_a_picture_that_comes_after_its_part_was_closed_is_moved_behind_it() -> None:
    cutter = new_cutter(part_target=HALF)
    cut(cutter, [frame(0, key=True)], finish=False)
    cutter.tick(800 * 90)
    cuts = cutter.push(frame(300)) + cutter.finish()
    assert [f.sample.dts for part in parts(cuts) for f in part.video] == [45_000, 45_001]


def test_nothing_comes_of_a_stretch_without_a_picture() -> None:
    cutter = new_cutter()
    assert cut(cutter, sound(1.0)) == []
    assert cutter.tick(10_000) == []


def test_few_pictures_are_cut_when_the_clock_says_that_no_more_will_come() -> None:
    cutter = new_cutter()
    cutter.push(frame(0, key=True))
    assert cutter.tick(VIDEO_TIMESCALE // 2) == []
    assert cutter.tick(VIDEO_TIMESCALE * 2)


steps = st.lists(
    st.tuples(
        st.integers(1, 900), st.booleans(), st.integers(0, 120), st.sampled_from(["push", "push", "push", "tick"])
    ),
    max_size=150,
)


@given(steps, st.booleans())
def test_whatever_comes_the_promises_hold(plan: list[tuple[int, bool, int, str]], probe: bool) -> None:
    cutter = new_cutter(part_target=None if probe else HALF)
    cuts = cutter.push(frame(0, key=True))
    now = 0
    for step, key, offset, kind in plan:
        now += step
        cuts += cutter.tick(now * 90) if kind == "tick" else cutter.push(frame(now, key=key, shown_ms=now + offset))
    cuts += cutter.finish()
    _holds(parts(cuts), ends(cuts), cutter.part_target or 0)


def _holds(cut_parts: list[Part], cut_ends: list[SegmentEnd], target: int) -> None:
    assert all(0 < part.duration <= target for part in cut_parts)
    assert all(before.start + before.duration == after.start for before, after in pairwise(cut_parts))
    assert all(before.start + before.duration == after.start for before, after in pairwise(cut_ends))
    assert all(end.duration <= CutPolicy().longest_segment for end in cut_ends)
    for end in cut_ends:
        own = [part for part in cut_parts if part.segment == end.segment]
        assert [part.index for part in own] == list(range(len(own)))
        assert (own[0].start, sum(part.duration for part in own)) == (end.start, end.duration)
    frames = [f for part in cut_parts for f in part.video]
    assert all(a.sample.dts + a.duration <= b.sample.dts for a, b in pairwise(frames))
    for part in cut_parts:
        inside = (
            part.start <= f.sample.dts and f.sample.dts + f.duration <= part.start + part.duration for f in part.video
        )
        assert all(inside)


@given(st.floats(8, 60), st.integers(10, 400))
def test_a_camera_of_any_rate_loses_no_picture_and_fills_its_parts(fps: float, key_every: int) -> None:
    shot = pictures(9.0, fps=fps, key_every=key_every)
    cuts = cut(new_cutter(), shot)
    assert [f.sample for part in parts(cuts) for f in part.video] == shot
    last = {end.segment: max(p.index for p in parts(cuts) if p.segment == end.segment) for end in ends(cuts)}
    target = max(part.duration for part in parts(cuts))
    inner = [part for part in parts(cuts) if part.index != last[part.segment]]
    assert all(part.duration >= 0.85 * target for part in inner)


def test_samples_are_not_changed_on_the_way() -> None:
    shot: tuple[Sample, ...] = tuple(pictures(3.0))
    heard = tuple(sound(3.0))
    cuts = cut(new_cutter(), interleaved(shot, heard))
    assert tuple(f.sample for part in parts(cuts) for f in part.video) == shot
    assert tuple(f.sample for part in parts(cuts) for f in part.audio) == heard
    assert all(f.sample.track is Track.AUDIO for part in parts(cuts) for f in part.audio)
