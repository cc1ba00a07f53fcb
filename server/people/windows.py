"""Windows in which tries are counted: in Redis for all processes, in this one while Redis is away."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter

from server.base.clock import Clock
from server.base.observe import FAULTS, log

if TYPE_CHECKING:
    from redis.asyncio import Redis

AWAY_S = 5.0
"""Seconds for which a Redis that failed is not asked again."""

ANSWER_S = 0.5
"""Seconds that Redis has to answer."""

T = TypeVar("T")

_log = log("limit")


class Windows:
    """Moving windows; `url` names the Redis that all processes share, none an academy of one process."""

    def __init__(self, clock: Clock, url: str = "") -> None:
        self._clock = clock
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._redis = _client(url) if url else None
        self._shared = MovingWindowRateLimiter(_stored(url, self._redis)) if self._redis is not None else None
        self._away_until = float("-inf")

    async def hit(self, limit: RateLimitItem, *names: str) -> bool:
        """Count one more; whether it is within the limit."""
        return await self._ask(lambda window: window.hit(limit, *names))

    async def test(self, limit: RateLimitItem, *names: str) -> bool:
        """Whether one more would be within the limit."""
        return await self._ask(lambda window: window.test(limit, *names))

    async def clear(self, limit: RateLimitItem, *names: str) -> None:
        await self._ask(lambda window: window.clear(limit, *names))

    async def close(self) -> None:
        """Let go of the line to Redis."""
        if self._redis is not None:
            await self._redis.aclose()

    async def _ask(self, question: Callable[[MovingWindowRateLimiter], Awaitable[T]]) -> T:
        if self._shared is not None and self._clock.monotonic() >= self._away_until:
            from redis.exceptions import RedisError

            try:
                return await question(self._shared)
            except (RedisError, OSError, TimeoutError) as error:
                self._away_until = self._clock.monotonic() + AWAY_S
                FAULTS.labels("limit").inc()
                _log.warning("tries are counted in this process only", error=repr(error))
        return await question(self._own)


def _client(url: str) -> "Redis":
    from redis.asyncio import Redis

    return Redis.from_url(url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S)


def _stored(url: str, redis: "Redis") -> Storage:
    from limits.aio.storage import RedisStorage

    options: dict[str, Any] = {"connection_pool": redis.connection_pool, "key_prefix": "jiangtang"}
    return RedisStorage(f"async+{url}", implementation="redispy", **options)
