"""The receipt clock when the wall clock is put right or wrong."""

from datetime import timedelta

from server.attendance.receipts import Receipts, instant, ms
from tests.clock import TestClock


def test_stamps_go_on_at_the_same_pace_when_the_wall_clock_is_put_back() -> None:
    clock = TestClock()
    receipts = Receipts(clock)
    before = receipts.stamp()
    clock.set(clock.now() - timedelta(hours=1))
    clock.pass_(15)
    assert receipts.stamp() - before == 15_000


def test_stamps_follow_a_wall_clock_put_forward() -> None:
    clock = TestClock()
    receipts = Receipts(clock)
    clock.set(clock.now() + timedelta(days=1))
    assert instant(receipts.stamp()) == clock.now()


def test_a_wall_clock_that_is_slewed_changes_nothing() -> None:
    clock = TestClock()
    receipts = Receipts(clock)
    before = receipts.stamp()
    clock.set(clock.now() + timedelta(milliseconds=400))
    clock.pass_(15)
    assert receipts.stamp() - before == 15_000


def test_stamp_and_instant_are_the_same_moment() -> None:
    now = TestClock().now()
    assert instant(ms(now)) == now
