"""SQLite on the event loop: what takes microseconds runs where it is asked, what may wait runs in a thread.

Theory of operation. The usual driver hands every call to a thread and waits for the loop to come round
again, four times a statement; under load that, not SQLite, is what a unit waits for. Here a statement of
the writer runs on the loop, as its transaction alone may write and finds its pages in memory; only taking
the lock and the COMMIT, which waits for the disk, go to the thread. A reader's statement, which may be
long, is one call in the thread; what only looks up a few rows by their key is read by `near`.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, StaticPool
from sqlalchemy.util import await_only

T = TypeVar("T")

BUSY_MS = 5000
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}")


class _Cursor(sqlite3.Cursor):
    """Has fetched everything once a statement is executed, so that the loop never steps through a long answer."""

    _rows: Iterator[Any] = iter(())

    def run(self, call: Callable[..., object], *arguments: Any) -> None:
        call(*arguments)
        self._rows = iter(super().fetchall()) if self.description else iter(())

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    async def _async_soft_close(self) -> None:
        """SQLAlchemy closes a cursor here whose rows it may still read; ours holds nothing open."""


class _Connection(sqlite3.Connection):
    def cursor(self, *_: Any) -> Any:
        return super().cursor(_Cursor)


class LiteDialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect over the standard library, awaiting only what goes to the thread."""

    driver = "loop"
    is_async = True
    supports_statement_cache = True

    def __init__(self, threads: int = 1, inline: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._inline = inline
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sqlite")

    def aside(self, call: Callable[..., T], *arguments: Any) -> T:
        """The result of a call in the thread."""
        return await_only(_finished(asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)))

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        self._do(cursor, cursor.execute, statement, parameters)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        self._do(cursor, cursor.executemany, statement, parameters)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        self._do(cursor, cursor.execute, statement)

    def do_commit(self, dbapi_connection: Any) -> None:
        self.aside(dbapi_connection.commit)

    def _do(self, cursor: _Cursor, call: Callable[..., object], *arguments: Any) -> None:
        if self._inline:
            cursor.run(call, *arguments)
        else:
            self.aside(cursor.run, call, *arguments)


async def _finished(future: asyncio.Future[T]) -> T:
    """The result, waited for though the caller is cancelled: nobody else may use the connection before."""
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.shield(future)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # told by `result`
            break
    if cancelled is not None:
        raise cancelled
    return future.result()


class LoopConnection(AsyncConnection):
    """A connection whose statements are executed where they are asked, on the loop, without a greenlet for each."""

    def __init__(self, engine: AsyncEngine, connection: sa.Connection) -> None:
        self.engine = engine
        self.sync_engine = engine.sync_engine
        self.sync_connection: sa.Connection = connection  # not registered as its proxy: nobody asks for that

    async def execute(self, statement: Any, parameters: Any = None, *, execution_options: Any = None) -> Any:
        return self.sync_connection.execute(statement, parameters, execution_options=execution_options)

    async def exec_driver_sql(self, statement: str, parameters: Any = None, execution_options: Any = None) -> Any:
        return self.sync_connection.exec_driver_sql(statement, parameters, execution_options)


def on_loop(engine: AsyncEngine, tx: AsyncConnection) -> LoopConnection:
    """The writer's connection as its units use it, whose statements wait for nothing."""
    assert tx.sync_connection is not None
    return LoopConnection(engine, tx.sync_connection)


registry.register("sqlite.loop", __name__, LiteDialect.__name__)


def writer(url: sa.URL) -> AsyncEngine:
    """The one connection that writes."""
    engine = _engine(url, poolclass=StaticPool, inline=True)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        dialect = connection.dialect
        assert isinstance(dialect, LiteDialect)
        dialect.aside(_raw(connection).execute, "BEGIN IMMEDIATE")

    return engine


def readers(url: sa.URL, number: int) -> AsyncEngine:
    """So many connections that read in threads, each with one view of the data at a time."""
    engine = _engine(url, poolclass=AsyncAdaptedQueuePool, pool_size=number, max_overflow=0, threads=number)
    begin_views(engine.sync_engine)
    return engine


def begin_views(engine: sa.Engine) -> None:
    """Let each connection of readers have one view of the data from its first statement on."""

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        _raw(connection).execute("BEGIN")


def _raw(connection: sa.Connection) -> sqlite3.Connection:
    """The connection of the driver behind one of SQLAlchemy."""
    found: Any = connection.connection.dbapi_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def _engine(url: sa.URL, **options: Any) -> AsyncEngine:
    loop = {"check_same_thread": False, "factory": _Connection}
    engine = create_async_engine(url.set(drivername="sqlite+loop"), hide_parameters=True, connect_args=loop, **options)
    set_up(engine.sync_engine)
    return engine


def set_up(engine: sa.Engine) -> None:
    """Give each new connection of an engine our settings; transactions are begun by us alone."""

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
