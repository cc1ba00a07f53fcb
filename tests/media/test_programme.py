"""Programme date-time follows the media clock, and the wall clock only when the two have parted."""

from media.programme import MediaClock, Programme

SECOND = 90_000


def test_the_media_clock_leads() -> None:
    programme = Programme(1_000, 500_000)
    assert programme.at(1_000 + SECOND) == 501_000


def test_what_was_held_up_on_the_way_moves_nothing() -> None:
    programme = Programme(0, 0)
    for second in range(1, 5):
        programme.arrived(second * SECOND, second * 1_000 + 900 * (second != 2))
    programme.correct()
    assert programme.at(5 * SECOND) == 5_000


def test_half_a_second_of_drift_is_left_alone() -> None:
    programme = Programme(0, 0)
    programme.arrived(SECOND, 1_500)
    programme.correct()
    assert programme.at(SECOND) == 1_000


def test_more_drift_is_followed_in_either_direction() -> None:
    for drift in (501, -501, 86_400_000):
        programme = Programme(0, 0)
        programme.arrived(SECOND, 1_000 + drift)
        programme.correct()
        assert programme.at(SECOND) == 1_000 + drift


def test_a_correction_looks_only_at_what_came_since_the_last() -> None:
    programme = Programme(0, 0)
    programme.arrived(SECOND, 1_000)
    programme.correct()
    programme.arrived(2 * SECOND, 2_700)
    programme.correct()
    assert programme.at(2 * SECOND) == 2_700


def test_media_time_is_told_by_the_quickest_picture() -> None:
    clock = MediaClock(0, 100.0)
    clock.arrived(SECOND, 101.4)
    assert clock.media(102.0) == 2 * SECOND
    clock.arrived(2 * SECOND, 101.9)
    assert clock.media(102.0) == round(2.1 * SECOND)


def test_a_publishers_clock_that_is_slower_than_ours_is_followed() -> None:
    clock = MediaClock(0, 0.0)
    for second in range(1, 5_400):
        clock.arrived(round(second * SECOND * 0.9995), second + 0.2 * (second % 3 > 0))
    assert abs(clock.media(5_400.0) - 5_400 * SECOND * 0.9995) < SECOND // 20
