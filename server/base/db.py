"""The database: one writer with group commit on SQLite, serializable units on PostgreSQL, readers beside.

Theory of operation. A *unit* is an async function of a connection. On SQLite every unit of the
process goes through one connection: the units waiting at the same moment share one transaction,
each in a savepoint of its own, and one COMMIT (synchronous=FULL) serves all of them; a caller
returns only after that COMMIT. On PostgreSQL each unit has a serializable transaction of its own
and is tried again when the database says that it collided with another; of those of this process that have
collided one at a time, as they would only collide with each other again.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from server.base import lite
from server.base.columns import HoursColumn, Id, Instant, Json
from server.base.near import NearReaders

__all__ = ["Database", "DatabaseAway", "HoursColumn", "Id", "Instant", "Json", "insert_ignoring", "metadata", "soon"]

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

T = TypeVar("T")
Unit = Callable[[AsyncConnection], Awaitable[T]]

GROUP_WINDOW_S = 0.02
"""Longest time for which units gather before their common COMMIT."""

AWAY_AFTER_S = 5
"""Seconds without an answer: a database on a computer that is gone refuses nothing, it only never answers."""

READERS = 8
_TRIES = 8
_COLLISIONS = {"40001", "40P01"}
_inside: ContextVar[bool] = ContextVar("inside_a_unit", default=False)


@dataclass(slots=True)
class _Job:
    unit: Unit[Any]
    done: asyncio.Future[Any]


class DatabaseAway(Exception):
    """The database can't be reached for the moment."""


def insert_ignoring(tx: AsyncConnection, table: sa.Table) -> Any:
    """An INSERT for `table` that leaves rows alone which are there already (ON CONFLICT DO NOTHING)."""
    if tx.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as pg_insert

        return pg_insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert as lite_insert

    return lite_insert(table).on_conflict_do_nothing()


class Database:
    """Both kinds of database behind `read()` and `write()`."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.lite = self.url.get_backend_name() == "sqlite"
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._one_by_one = asyncio.Lock()
        if self.lite:
            if self.url.database and self.url.database != ":memory:":
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._write_engine = lite.writer(self.url)
            self.engine = lite.readers(self.url, READERS)
            self._near: NearReaders | None = NearReaders(self.url, READERS, self.engine)
        else:
            self.engine = create_async_engine(
                self.url.set(drivername="postgresql+asyncpg"),
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,
                connect_args={"timeout": AWAY_AFTER_S},
                hide_parameters=True,
            )
            self._near = None
            self._write_engine = self.engine.execution_options(isolation_level="SERIALIZABLE")

    def read(self, *, near: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection with one view of the data, for reading only; `near`: nothing but a few rows by their key."""
        return self._near.connect() if near and self._near else _connected(self.engine)

    async def write(self, unit: Unit[T]) -> T:
        """Run `unit` in a transaction; return only after its COMMIT."""
        if _inside.get():
            raise RuntimeError("a unit inside a unit: pass `work` on instead")
        if self.lite:
            return await self._queue(unit)
        # A unit once begun is finished though its caller goes away, as with the queue of the other kind.
        running = asyncio.create_task(self._try(unit))
        self._running.add(running)
        running.add_done_callback(self._finished)
        return await asyncio.shield(running)

    def _finished(self, running: asyncio.Task[Any]) -> None:
        self._running.discard(running)
        if not running.cancelled():
            running.exception()  # told to the caller; one that has gone away needs no line in the log

    async def close(self) -> None:
        """Finish what is queued, then let go of every connection."""
        if self._writer is not None:
            await self._jobs.put(None)
            await self._writer
        await asyncio.gather(*self._running, return_exceptions=True)
        for engine in (self._write_engine, self.engine):
            await engine.dispose()
        if self._near is not None:
            self._near.close()

    # --- SQLite -----------------------------------------------------------------------------

    async def _queue(self, unit: Unit[T]) -> T:
        if self._writer is None:
            self._writer = asyncio.create_task(self._serve(), name="database writer")
        job = _Job(unit, asyncio.get_running_loop().create_future())
        await self._jobs.put(job)
        result: T = await job.done
        return result

    async def _serve(self) -> None:
        async with self._write_engine.connect() as tx:
            while (job := await self._jobs.get()) is not None:
                if not await self._group(tx, job):
                    return

    async def _group(self, tx: AsyncConnection, first: _Job) -> bool:
        """One transaction for `first` and for all that arrive meanwhile; False after the closing mark."""
        until = asyncio.get_running_loop().time() + GROUP_WINDOW_S
        done: list[tuple[_Job, Any]] = []
        job: _Job | None = first
        tried: list[_Job] = []
        try:
            async with tx.begin():
                while job is not None:
                    tried.append(job)
                    await self._one(lite.on_loop(self._write_engine, tx), job, done)
                    await asyncio.sleep(0)
                    if self._jobs.empty() or asyncio.get_running_loop().time() >= until:
                        break
                    job = self._jobs.get_nowait()
        except Exception as error:
            # A failed COMMIT is never tried again: its outcome is unknown to us, the callers are told.
            for each in tried:
                if not each.done.done():
                    each.done.set_exception(error)
            return job is not None
        for each, result in done:
            if not each.done.done():
                each.done.set_result(result)
        return job is not None

    async def _one(self, tx: lite.LoopConnection, job: _Job, done: list[tuple[_Job, Any]]) -> None:
        token = _inside.set(True)
        try:
            with tx.sync_connection.begin_nested():
                done.append((job, await job.unit(tx)))
        except Exception as error:
            if not job.done.done():
                job.done.set_exception(error)
        finally:
            _inside.reset(token)

    # --- PostgreSQL -------------------------------------------------------------------------

    async def _try(self, unit: Unit[T]) -> T:
        """Run `unit` until it collides with no other; those of this process that have collided go one by one."""
        try:
            return await self._once(unit)
        except DBAPIError as error:
            if not _collided(error):
                raise
        async with self._one_by_one:
            for attempt in range(_TRIES):
                try:
                    return await self._once(unit)
                except DBAPIError as error:
                    if attempt == _TRIES - 1 or not _collided(error):
                        raise
                await asyncio.sleep(random.random() * 0.01 * 2**attempt)  # apart, or the same two collide again
        raise AssertionError("unreachable")

    async def _once(self, unit: Unit[T]) -> T:
        token = _inside.set(True)
        try:
            async with _connected(self._write_engine) as tx, tx.begin():
                return await unit(tx)
        finally:
            _inside.reset(token)


@contextlib.asynccontextmanager
async def soon() -> AsyncIterator[None]:
    """What asks the database within the block waits for it so long and no longer: `DatabaseAway`."""
    try:
        async with asyncio.timeout(AWAY_AFTER_S):
            yield
    except TimeoutError as error:
        raise DatabaseAway("no answer") from error


@contextlib.asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection; `DatabaseAway` where nobody answers, which the driver tells as an error of the socket."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            tx = await stack.enter_async_context(engine.connect())
        except (OSError, PoolTimeout) as error:
            raise DatabaseAway(str(error)) from error
        yield tx


def _collided(error: DBAPIError) -> bool:
    """Whether the database gave a unit up because of another (serialization failure, deadlock)."""
    return getattr(error.orig, "sqlstate", None) in _COLLISIONS
