"""Which packets are asked for again, when, and how often."""

from media.webrtc.nack import Nack


def test_nothing_is_asked_for_while_nothing_is_missing() -> None:
    nack = Nack(worth_s=0.4)
    assert [nack.seen(n & 0xFFFF, n * 0.01) for n in range(65_500, 65_700)] == [[]] * 200


def test_a_hole_is_asked_for_at_once() -> None:
    nack = Nack(worth_s=0.4)
    nack.seen(65_534, 0.0)
    assert nack.seen(1, 0.01) == [65_535, 0]


def test_it_is_asked_for_again_when_a_round_trip_has_passed() -> None:
    nack = Nack(worth_s=0.4)
    nack.seen(1, 0.0)
    assert nack.seen(3, 0.01) == [2]
    assert nack.seen(4, 0.05) == []
    assert nack.seen(5, 0.08) == [2]


def test_what_came_is_not_asked_for_any_more() -> None:
    nack = Nack(worth_s=0.4)
    nack.seen(1, 0.0)
    nack.seen(3, 0.01)
    nack.seen(2, 0.05)
    assert nack.seen(4, 0.2) == []
    assert nack.lost == 0


def test_what_is_no_longer_worth_having_counts_as_lost() -> None:
    nack = Nack(worth_s=0.4)
    nack.seen(1, 0.0)
    nack.seen(3, 0.01)
    assert nack.seen(4, 0.5) == []
    assert (nack.lost, nack.expected) == (1, 4)


def test_a_sender_that_starts_again_is_not_asked_for_everything() -> None:
    nack = Nack(worth_s=0.4)
    nack.seen(1, 0.0)
    assert nack.seen(20_000, 0.01) == []
