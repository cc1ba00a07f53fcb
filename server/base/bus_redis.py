"""The bus of several processes, over one channel of Redis.

Theory of operation. A message reaches the listeners of its own process at once, whatever becomes of Redis; for the
others it waits until the batch before it is on its way. Batches of a process are numbered, and an empty one goes every
`PULSE_S`: whoever sees a number missing, or was cut off for a while, forgets what it remembers and asks the database.
A process that has not heard its own pulse for `DEAF_S` knows that it is cut off.
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.base.bus import Bus, Listener, LocalBus, Message
from server.base.observe import FAULTS, log

CHANNEL = "jiangtang:bus"
PULSE_S = 1.0
DEAF_S = 4.0
AT_ONCE = 500
MOST_WAITING = 20_000
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0

_log = log("bus")


class RedisBus:
    """`Bus` of every process that names the same Redis; use through `redis_bus`."""

    def __init__(self, redis: Redis) -> None:
        self.node = token_hex(8)
        self._redis = redis
        self._here = LocalBus()
        self._forget: list[Callable[[], None]] = []
        self._waiting: deque[Message] = deque(maxlen=MOST_WAITING)
        self._more = asyncio.Event()
        self._number = 0
        self._last: dict[str, int] = {}
        self._heard_at = float("-inf")
        self.connected = asyncio.Event()

    @property
    def whole(self) -> bool:
        return asyncio.get_running_loop().time() - self._heard_at < DEAF_S

    def publish(self, message: Message) -> None:
        self._here.publish(message)
        self._waiting.append(message)
        self._more.set()

    def publish_here(self, message: Message) -> None:
        self._here.publish(message)

    def listen(self, prefix: str, listener: Listener) -> None:
        self._here.listen(prefix, listener)

    def when_missed(self, forget: Callable[[], None]) -> None:
        self._forget.append(forget)

    # --- to the others ------------------------------------------------------------------------

    async def send(self) -> None:
        """Send batch after batch, or a pulse where nothing waits, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._more.wait(), PULSE_S)
            self._more.clear()
            while await self._send_some():
                pass

    async def _send_some(self) -> bool:
        """Send what waits, at most `AT_ONCE`; whether more waits. What can't be sent is lost, and its number tells."""
        some = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        self._number += bool(some)
        batch = {"node": self.node, "number": self._number, "messages": [[m.topic, m.type, m.data] for m in some]}
        try:
            await self._redis.publish(CHANNEL, json.dumps(batch, ensure_ascii=False, default=str))
        except (RedisError, OSError, TimeoutError) as error:
            FAULTS.labels("bus").inc()
            _log.warning("messages to other processes are lost", number=len(some), error=repr(error))
            return False
        return bool(self._waiting)

    # --- from the others ----------------------------------------------------------------------

    async def hear(self) -> None:
        """Listen until cancelled; a broken line is taken up again, later and later."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as line:
                    await line.subscribe(CHANNEL)
                    self._begin()
                    pause = FIRST_PAUSE_S
                    await self._follow(line)
            except (RedisError, OSError, TimeoutError) as error:
                FAULTS.labels("bus").inc()
                _log.warning("other processes are not heard", error=repr(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _begin(self) -> None:
        """A new line: whatever was said before it is missed."""
        self._last.clear()
        self.connected.set()
        self._missed()
        self._more.set()

    async def _follow(self, line: Any) -> None:
        loop = asyncio.get_running_loop()
        heard_at = loop.time()
        while loop.time() - heard_at < DEAF_S:
            message = await line.get_message(timeout=PULSE_S)
            if message is not None:
                heard_at = loop.time()
                self.take(message["data"])
        raise TimeoutError("not even the own pulse came back")

    def take(self, text: bytes | str) -> None:
        """One batch of some process."""
        batch = json.loads(text)
        node, number, messages = batch["node"], batch["number"], batch["messages"]
        if node == self.node:
            self._heard_at = asyncio.get_running_loop().time()
            return
        if number > self._last.get(node, number) + bool(messages):
            self._missed()
        self._last[node] = number
        for topic, type, data in messages:
            self._here.publish(Message(topic, type, data))

    def _missed(self) -> None:
        for forget in self._forget:
            forget()


@asynccontextmanager
async def redis_bus(url: str) -> AsyncIterator[Bus]:
    """A bus over the Redis at `url` for as long as the block runs; Redis may be away at any time, also at first."""
    async with Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2 * DEAF_S, protocol=2) as redis:
        bus = RedisBus(redis)
        tasks = [asyncio.create_task(bus.hear(), name="bus in"), asyncio.create_task(bus.send(), name="bus out")]
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(bus.connected.wait(), 2)
            yield bus
        finally:
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                await asyncio.wait_for(bus._send_some(), 1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
