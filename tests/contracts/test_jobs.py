"""One suite for jobs done here and by workers over Redis: a heavy reaction is done, also when its job is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from server.base.jobs import RESEND_S, HereJobs, Jobs, RedisJobs, jobs_of, work
from server.base.office import Office
from server.base.outbox import Event, Reactions, heavy, outbox
from server.base.services import Services
from server.base.work import SYSTEM, Work
from tests.clock import TestClock
from tests.redis_server import RedisServer

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

PACKED = Event("class.packed", "1")


class Packing:
    """A heavy reaction that counts and can be waited for."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.called = asyncio.Event()

    def reactions(self) -> Reactions:
        @heavy
        async def pack(office: Office, event: Event) -> None:
            self.done.append(event.subject)
            self.called.set()

        return {"class.packed": [pack]}


async def _happens(work: Work) -> None:
    work.emit(PACKED)


@asynccontextmanager
async def an_office(office: Office, packing: Packing, jobs: Jobs, clock: TestClock) -> AsyncIterator[Office]:
    yield Office(office.db, office.services, clock=clock, jobs=jobs, reactions=packing.reactions())


async def _undone(office: Office) -> int:
    async with office.read() as tx:
        return len((await tx.execute(outbox.select().where(outbox.c.done_at.is_(None)))).all())


@pytest.fixture
def packing() -> Packing:
    return Packing()


async def test_without_workers_a_job_is_done_when_its_event_is_delivered(
    office: Office, packing: Packing, clock: TestClock
) -> None:
    async with an_office(office, packing, HereJobs(), clock) as here:
        await here.do(SYSTEM, _happens)
        await here.outbox.drain()
        assert (packing.done, await _undone(here)) == (["1"], 0)


async def test_a_worker_does_the_job_and_the_event_is_done(
    office: Office, services: Services, packing: Packing, clock: TestClock, redis_server: RedisServer
) -> None:
    at_worker = Packing()
    async with (
        jobs_of(redis_server.url) as jobs,
        an_office(office, packing, jobs, clock) as here,
        an_office(office, at_worker, HereJobs(), clock) as worker,
    ):
        working = asyncio.create_task(work(worker, redis_server.url))
        await here.do(SYSTEM, _happens)
        assert await here.outbox.drain() == 0
        async with asyncio.timeout(30):
            await at_worker.called.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert (packing.done, at_worker.done) == ([], ["1"])


@pytest.mark.parametrize("lost", ["no worker", "flushed"])
async def test_a_job_that_nobody_does_is_done_by_its_sender(
    office: Office, packing: Packing, clock: TestClock, redis_server: RedisServer, lost: str
) -> None:
    async with jobs_of(redis_server.url) as jobs, an_office(office, packing, jobs, clock) as here:
        await here.do(SYSTEM, _happens)
        await here.outbox.drain()
        if lost == "flushed":
            redis_server.kill()
            redis_server.start()
        assert packing.done == []
        clock.pass_(RESEND_S + 1)
        await here.outbox.drain()
        assert (packing.done, await _undone(here)) == (["1"], 0)


async def test_while_redis_is_away_jobs_are_done_here(office: Office, packing: Packing, clock: TestClock) -> None:
    async with jobs_of("redis://127.0.0.1:9/0") as jobs, an_office(office, packing, jobs, clock) as here:
        assert isinstance(jobs, RedisJobs)
        await here.do(SYSTEM, _happens)
        await here.outbox.drain()
        assert (packing.done, await _undone(here)) == (["1"], 0)
