"""Redis slow or cut off: nothing waits for it, and what was missed is noticed."""

import asyncio

from server.base.bus_redis import redis_bus
from server.people.limit import Limiter
from server.rules.passwords import password_rules
from tests.clock import TestClock
from tests.contracts.test_bus import HELLO, Ear
from tests.faults.proxy import a_proxy
from tests.redis_server import RedisServer

RULES = password_rules("gov")


async def test_a_slow_redis_delays_only_what_goes_to_other_processes(redis_server: RedisServer) -> None:
    async with (
        a_proxy(redis_server.port) as proxy,
        redis_bus(f"redis://127.0.0.1:{proxy.port}/0") as slow,
        redis_bus(redis_server.url) as other,
    ):
        own, far = Ear(slow), Ear(other)
        proxy.delay_s = 0.5
        slow.publish(HELLO)
        assert own.heard == [HELLO]
        assert far.heard == []
        await far.until(heard=1)
        assert far.heard == [HELLO]
        proxy.delay_s = 0


async def test_a_line_that_was_cut_is_taken_up_and_what_was_missed_is_noticed(redis_server: RedisServer) -> None:
    async with (
        a_proxy(redis_server.port) as proxy,
        redis_bus(f"redis://127.0.0.1:{proxy.port}/0") as injured,
        redis_bus(redis_server.url) as other,
    ):
        ear = Ear(injured)
        proxy.cut()
        other.publish(HELLO)
        await ear.until(missed=1)
        ear.heard.clear()
        other.publish(HELLO)
        await ear.until(heard=1)


async def test_nobody_waits_at_the_door_for_a_slow_redis(clock: TestClock, redis_server: RedisServer) -> None:
    async with a_proxy(redis_server.port) as proxy:
        proxy.delay_s = 30
        limiter = Limiter(clock, redis=f"redis://127.0.0.1:{proxy.port}/0")
        async with asyncio.timeout(20), limiter.attempt("account", "192.0.2.1", RULES) as attempt:
            assert await attempt.failed() == RULES.tries - 1
        await limiter.close()
