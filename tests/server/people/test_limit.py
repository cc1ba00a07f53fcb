"""One limiter for every way in: accounts first, addresses only where no office sits behind them."""

import pytest

from server.people.limit import Limiter
from server.rules.passwords import password_rules
from server.rules.refusal import Refusal
from tests.clock import TestClock

RULES = password_rules("gov")


@pytest.fixture
def limiter(clock: TestClock) -> Limiter:
    return Limiter(clock, exempt="10.1.0.0/16, 2001:db8::/32")


async def _fails(limiter: Limiter, address: str, times: int) -> None:
    """As many wrong passwords, each for another account."""
    for number in range(times):
        await limiter.enter(f"account {number}", address)
        await limiter.failed(f"account {number}", address, RULES)


async def test_an_address_that_guesses_at_many_accounts_has_to_wait(limiter: Limiter) -> None:
    await _fails(limiter, "192.0.2.1", 30)
    with pytest.raises(Refusal, match=r"sign_in\.later"):
        await limiter.enter("another", "192.0.2.1")
    await limiter.enter("another", "192.0.2.2")


@pytest.mark.parametrize("address", ["10.1.2.3", "2001:db8::1"])
async def test_a_named_exit_of_an_office_is_not_counted(limiter: Limiter, address: str) -> None:
    await _fails(limiter, address, 40)
    await limiter.enter("another", address)


async def test_an_address_that_is_none_is_counted_like_any_other(limiter: Limiter) -> None:
    await _fails(limiter, "unknown", 30)
    with pytest.raises(Refusal, match=r"sign_in\.later"):
        await limiter.enter("another", "unknown")


async def test_success_makes_the_account_new(limiter: Limiter, clock: TestClock) -> None:
    for _ in range(2):
        await limiter.failed("account", "192.0.2.1", RULES)
    limiter.passed("account")
    assert await limiter.failed("account", "192.0.2.1", RULES) == RULES.tries - 1


async def test_the_wait_doubles_and_ends_in_a_rest(limiter: Limiter, clock: TestClock) -> None:
    waits = []
    for _ in range(RULES.tries):
        await limiter.failed("account", "10.1.0.1", RULES)
        try:
            await limiter.enter("account", "10.1.0.1")
            waits.append(0)
        except Refusal as refusal:
            waits.append(refusal.data["retry_after_s"] - 1)
            clock.pass_(refusal.data["retry_after_s"])
    assert waits == [0, 0, 2, 4, RULES.lock_minutes * 60]


async def test_failures_of_long_ago_are_forgotten(limiter: Limiter, clock: TestClock) -> None:
    for number in range(10_001):
        await limiter.failed(f"account {number}", "10.1.0.1", RULES)
    clock.pass_(3601)
    await limiter.failed("the last one", "10.1.0.1", RULES)
    assert await limiter.failed("account 1", "10.1.0.1", RULES) == RULES.tries - 1
