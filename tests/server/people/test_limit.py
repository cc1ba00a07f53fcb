"""One limiter for every way in: accounts first, addresses only where no office sits behind them."""

import asyncio
import contextlib
from uuid import uuid4

import pytest

from server.people.limit import Limiter
from server.rules.passwords import password_rules
from server.rules.refusal import Refusal
from tests.clock import TestClock
from tests.redis_server import RedisServer

RULES = password_rules("gov")


@pytest.fixture
def limiter(clock: TestClock) -> Limiter:
    return Limiter(clock, exempt="10.1.0.0/16, 2001:db8::/32")


async def _try(limiter: Limiter, key: str, address: str = "192.0.2.1") -> int:
    """One wrong password; the tries left."""
    async with limiter.attempt(key, address, RULES) as attempt:
        return await attempt.failed()


async def _tries(limiter: Limiter, address: str, times: int) -> None:
    """As many wrong passwords, each for another account."""
    for number in range(times):
        await _try(limiter, f"account {number}", address)


async def test_an_address_that_guesses_at_many_accounts_has_to_wait(limiter: Limiter) -> None:
    await _tries(limiter, "192.0.2.1", 30)
    with pytest.raises(Refusal, match=r"sign_in\.later"):
        await _try(limiter, "another", "192.0.2.1")
    assert await _try(limiter, "another", "192.0.2.2")


@pytest.mark.parametrize("address", ["10.1.2.3", "2001:db8::1"])
async def test_a_named_exit_of_an_office_is_not_counted(limiter: Limiter, address: str) -> None:
    await _tries(limiter, address, 40)
    assert await _try(limiter, "another", address)


async def test_an_address_that_is_none_is_counted_like_any_other(limiter: Limiter) -> None:
    await _tries(limiter, "unknown", 30)
    with pytest.raises(Refusal, match=r"sign_in\.later"):
        await _try(limiter, "another", "unknown")


async def test_success_makes_the_account_new(limiter: Limiter) -> None:
    for _ in range(2):
        await _try(limiter, "account")
    async with limiter.attempt("account", "192.0.2.1", RULES) as attempt:
        await attempt.passed()
    assert await _try(limiter, "account") == RULES.tries - 1


async def test_the_wait_doubles_and_ends_in_a_rest(limiter: Limiter, clock: TestClock) -> None:
    waits = []
    for _ in range(RULES.tries):
        await _try(limiter, "account", "10.1.0.1")
        try:
            async with limiter.attempt("account", "10.1.0.1", RULES):
                waits.append(0)
        except Refusal as refusal:
            waits.append(refusal.data["retry_after_s"] - 1)
            clock.pass_(refusal.data["retry_after_s"])
    assert waits == [0, 0, 2, 4, RULES.lock_minutes * 60]


async def test_guessing_in_parallel_gives_no_more_tries(limiter: Limiter) -> None:
    async def guess() -> str:
        try:
            async with limiter.attempt("account", "10.1.0.1", RULES) as attempt:
                await asyncio.sleep(0.01)
                await attempt.failed()
        except Refusal as refusal:
            return refusal.code
        return "tried"

    outcomes = await asyncio.gather(*(guess() for _ in range(50)))
    assert outcomes.count("tried") == RULES.tries


async def test_a_try_that_breaks_off_is_not_held_against_anybody(limiter: Limiter) -> None:
    for _ in range(RULES.tries + 1):
        with pytest.raises(RuntimeError):
            async with limiter.attempt("account", "10.1.0.1", RULES):
                raise RuntimeError("the line was lost")
    assert await _try(limiter, "account") == RULES.tries - 1


async def test_failures_of_long_ago_are_forgotten(limiter: Limiter, clock: TestClock) -> None:
    for number in range(10_001):
        await _try(limiter, f"account {number}", "10.1.0.1")
    clock.pass_(3601)
    await _try(limiter, "the last one", "10.1.0.1")
    assert await _try(limiter, "account 1", "10.1.0.1") == RULES.tries - 1


async def test_all_processes_together_count_the_failures_of_one_account(
    clock: TestClock, redis_server: RedisServer
) -> None:
    processes = [Limiter(clock, redis=redis_server.url) for _ in range(RULES.tries)]
    account = uuid4().hex
    for each in processes:
        await _try(each, account, f"address {account}")
    with pytest.raises(Refusal, match=r"sign_in\.later"):
        await _try(processes[0], account, f"another {account}")
    for each in processes:
        await each.close()


async def test_while_redis_is_away_each_process_counts_by_itself(clock: TestClock) -> None:
    alone = Limiter(clock, redis="redis://127.0.0.1:9/0")
    for _ in range(RULES.tries - 1):
        with contextlib.suppress(Refusal):
            await _try(alone, "account")
        clock.pass_(60)
    await _try(alone, "account")
    with pytest.raises(Refusal, match=r"sign_in\.later"):
        await _try(alone, "account")
    await alone.close()
