"""One suite for the bus of one process and for the bus over Redis, and what only the latter can lose."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from server.base.bus import Bus, LocalBus, Message
from server.base.bus_redis import RedisBus, redis_bus
from tests.redis_server import RedisServer

HELLO = Message("class:1", "post.published", {"text": "同志们好"})


class Ear:
    """Keeps what it hears, and can be waited for."""

    def __init__(self, bus: Bus, prefix: str = "") -> None:
        self.heard: list[Message] = []
        self._news = asyncio.Event()
        bus.listen(prefix, self._hear)
        bus.when_missed(self._miss)
        self.missed = 0

    def _hear(self, message: Message) -> None:
        self.heard.append(message)
        self._news.set()

    def _miss(self) -> None:
        self.missed += 1
        self._news.set()

    async def until(self, heard: int = 0, missed: int = 0) -> None:
        async with asyncio.timeout(20):
            while len(self.heard) < heard or self.missed < missed:
                self._news.clear()
                await self._news.wait()


@pytest.fixture(params=["local", "redis"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Bus, Bus]]:
    """Where one publishes and where another listens; in one process that is the same."""
    if request.param == "local":
        bus = LocalBus()
        yield bus, bus
        return
    url = request.getfixturevalue("redis_server").url
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(redis_bus(url))
        yield one, await stack.enter_async_context(redis_bus(url))


async def test_a_message_reaches_whoever_listens_wherever(pair: tuple[Bus, Bus]) -> None:
    ear = Ear(pair[1])
    pair[0].publish(HELLO)
    await ear.until(heard=1)
    assert ear.heard == [HELLO]


async def test_messages_come_in_order_and_each_once(pair: tuple[Bus, Bus]) -> None:
    ear = Ear(pair[1])
    for number in range(3000):
        pair[0].publish(Message("class:1", "n.n", {"n": number}))
    await ear.until(heard=3000)
    assert [each.data["n"] for each in ear.heard] == list(range(3000))
    assert ear.missed == 0


async def test_only_topics_of_the_prefix_are_heard(pair: tuple[Bus, Bus]) -> None:
    ear = Ear(pair[1], "person:")
    pair[0].publish(HELLO)
    pair[0].publish(Message("person:7", "stay.moved"))
    await ear.until(heard=1)
    assert [each.topic for each in ear.heard] == ["person:7"]


async def test_the_own_listeners_hear_at_once(pair: tuple[Bus, Bus]) -> None:
    ear = Ear(pair[0])
    pair[0].publish(HELLO)
    pair[0].publish_here(HELLO)
    assert ear.heard == [HELLO, HELLO]


async def test_what_is_told_here_stays_here(redis_server: RedisServer) -> None:
    async with redis_bus(redis_server.url) as one, redis_bus(redis_server.url) as other:
        ear = Ear(other)
        one.publish_here(HELLO)
        one.publish(Message("class:1", "after.it"))
        await ear.until(heard=1)
        assert [each.type for each in ear.heard] == ["after.it"]


async def test_a_lost_batch_is_noticed_by_its_number(redis_server: RedisServer) -> None:
    async with redis_bus(redis_server.url) as bus:
        assert isinstance(bus, RedisBus)
        ear = Ear(bus)
        for number in (7, 8, 10, 10):
            messages = [] if number == 10 else [["class:1", "n.n", {}]]
            bus.take(json.dumps({"node": "other", "number": number, "messages": messages}))
        assert (len(ear.heard), ear.missed) == (2, 1)


async def test_redis_may_be_killed_and_both_sides_find_each_other_again(redis_server: RedisServer) -> None:
    async with redis_bus(redis_server.url) as one, redis_bus(redis_server.url) as other:
        ear, own = Ear(other), Ear(one)
        redis_server.kill()
        one.publish(HELLO)
        assert own.heard == [HELLO]
        redis_server.start()
        await asyncio.gather(ear.until(missed=1), own.until(missed=1))
        ear.heard.clear()
        one.publish(Message("class:1", "after.it"))
        await ear.until(heard=1)
        assert ear.heard[-1].type == "after.it"


async def test_an_academy_starts_though_redis_is_away() -> None:
    async with redis_bus("redis://127.0.0.1:9/0") as bus:
        assert not bus.whole
        ear = Ear(bus)
        bus.publish(HELLO)
        assert ear.heard == [HELLO]
