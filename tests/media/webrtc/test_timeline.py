"""Sound and picture on one line: by arrival first, exactly as soon as the sender has reported."""

import pytest

from media.sample import Track
from media.webrtc.timeline import Timeline


def ntp(seconds: float) -> int:
    return round((seconds + 3_900_000_000) * (1 << 32))


def seconds(line: Timeline, track: Track, timestamp: int, now: float) -> float:
    return line.ticks(track, timestamp, now) / track.timescale


def test_without_reports_the_first_arrivals_are_the_same_instant_apart() -> None:
    line = Timeline()
    assert seconds(line, Track.AUDIO, 5_000, 10.0) == 0.0
    assert seconds(line, Track.VIDEO, 777, 10.1) == pytest.approx(0.1, abs=1e-4)
    assert seconds(line, Track.VIDEO, 777 + 90_000, 99.0) == pytest.approx(1.1, abs=1e-4)


def test_reports_put_the_sound_where_it_was_taken() -> None:
    line = Timeline()
    # Both first packets were taken at sender time 0; the picture needed 80 ms longer on its way.
    line.ticks(Track.AUDIO, 1_000, 10.0)
    line.ticks(Track.VIDEO, 9_000, 10.08)
    line.report(Track.AUDIO, ntp(0), 1_000)
    assert seconds(line, Track.AUDIO, 1_000 + 960, 10.02) == pytest.approx(0.02, abs=1e-4)
    line.report(Track.VIDEO, ntp(2), 9_000 + 180_000)
    assert seconds(line, Track.VIDEO, 9_000 + 90_000, 11.0) == pytest.approx(1.08, abs=1e-4)
    assert seconds(line, Track.AUDIO, 1_000 + 48_000, 11.0) == pytest.approx(1.08, abs=1e-4)


def test_the_picture_never_moves() -> None:
    line = Timeline()
    line.ticks(Track.AUDIO, 0, 0.0)
    before = line.ticks(Track.VIDEO, 90_000, 0.5)
    line.report(Track.AUDIO, ntp(3), 0)
    line.report(Track.VIDEO, ntp(9), 90_000)
    assert line.ticks(Track.VIDEO, 90_000 + 3_000, 0.6) == before + 3_000


def test_a_drifting_sound_card_is_followed() -> None:
    line = Timeline()
    line.ticks(Track.VIDEO, 0, 0.0)
    line.ticks(Track.AUDIO, 0, 0.0)
    for minute in range(91):
        at = minute * 60.0
        line.ticks(Track.VIDEO, round(at * 90_000) % (1 << 32), at)
        line.ticks(Track.AUDIO, round(at * 48_005) % (1 << 32), at)
        line.report(Track.VIDEO, ntp(at), round(at * 90_000) % (1 << 32))
        line.report(Track.AUDIO, ntp(at), round(at * 48_005) % (1 << 32))
    assert seconds(line, Track.AUDIO, (5_400 * 48_005) % (1 << 32), 5_400.0) == pytest.approx(5_400, abs=1e-3)


def test_timestamps_wrap_around() -> None:
    line = Timeline()
    start = (1 << 32) - 1_000
    first = line.ticks(Track.VIDEO, start, 0.0)
    assert line.ticks(Track.VIDEO, 2_000, 0.1) == first + 3_000
    assert line.ticks(Track.VIDEO, start + 500, 0.1) == first + 500


def test_a_report_without_a_clock_is_ignored() -> None:
    line = Timeline()
    line.report(Track.AUDIO, ntp(1), 0)
    line.ticks(Track.VIDEO, 0, 0.0)
    line.ticks(Track.AUDIO, 0, 0.25)
    line.report(Track.AUDIO, 0, 0)
    line.report(Track.VIDEO, ntp(1), 0)
    assert seconds(line, Track.AUDIO, 0, 0.3) == pytest.approx(0.25)
