"""Heavy reactions as jobs: here, one after the other, or at worker processes by Redis Streams.

Theory of operation. The event in the outbox is the truth; a job only says "react to this event". Whoever did it marks
the event as done, so an event has one heavy reaction and no other. A job that was lost, or that no worker finished
within `RESEND_S`, is done by the process that delivers the event; one that runs twice does no harm.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from server.base.observe import FAULTS, log

if TYPE_CHECKING:
    from taskiq import AsyncBroker

    from server.base.office import Office

RESEND_S = 15.0
"""Seconds after which a job that nobody has done is done by whoever sent it."""

STREAM, GROUP, TASK = "jiangtang:jobs", "workers", "react"

_log = log("jobs")


class Jobs(Protocol):
    """Where heavy reactions are done."""

    async def send(self, event: UUID, reaction: str) -> bool:
        """Hand a reaction to the workers; False when it is to be done here and now."""
        ...


class HereJobs:
    """The jobs of an academy without workers: each is done where its event is delivered."""

    async def send(self, event: UUID, reaction: str) -> bool:
        return False


class RedisJobs:
    """Jobs for the workers of the Redis at hand; while it is away they are done here."""

    def __init__(self, broker: "AsyncBroker") -> None:
        self._broker = broker
        self._started = False

    async def send(self, event: UUID, reaction: str) -> bool:
        from redis.exceptions import RedisError
        from taskiq import AsyncTaskiqDecoratedTask
        from taskiq.exceptions import TaskiqError

        task = self._broker.find_task(TASK)
        assert isinstance(task, AsyncTaskiqDecoratedTask)
        try:
            if not self._started:
                await self._broker.startup()
                self._started = True
            await task.kiq(str(event), reaction)
        except (RedisError, TaskiqError, OSError, TimeoutError) as error:
            FAULTS.labels("jobs").inc()
            _log.warning("a job is done here, as no worker can be told", error=repr(error))
            return False
        return True

    async def close(self) -> None:
        if self._started:
            await self._broker.shutdown()


def _broker(url: str, office: "Office | None" = None) -> "AsyncBroker":
    """The stream of jobs; only a worker, which has an `office`, can do them."""
    from taskiq_redis import RedisStreamBroker

    broker = RedisStreamBroker(
        url, queue_name=STREAM, consumer_group_name=GROUP, maxlen=100_000, idle_timeout=60_000,
        socket_connect_timeout=2, socket_timeout=10,
    )  # fmt: skip

    async def react(event: str, reaction: str) -> None:
        assert office is not None
        await office.outbox.react(UUID(event), reaction)

    broker.register_task(react, task_name=TASK)
    return broker


@asynccontextmanager
async def jobs_of(url: str) -> AsyncIterator[Jobs]:
    """Where the jobs of a deployment are done; taskiq is imported only where there is a Redis."""
    if not url:
        yield HereJobs()
        return
    jobs = RedisJobs(_broker(url))
    try:
        yield jobs
    finally:
        await jobs.close()


async def work(office: "Office", url: str) -> None:
    """Do jobs until cancelled; at most two at a time, for they take a processor each."""
    from taskiq.api import run_receiver_task

    broker: Any = _broker(url, office)
    try:
        await run_receiver_task(broker, max_async_tasks=2, run_startup=True)
    finally:
        await broker.shutdown()
