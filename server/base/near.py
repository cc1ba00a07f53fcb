"""Short reads on SQLite: a few rows by their key, asked on the loop without awaiting anything.

Theory of operation. Such a statement takes SQLite some microseconds, and everybody who enters a room asks dozens.
SQLAlchemy's asynchronous engine runs each in a greenlet of its own and does the same to open and to close a
connection, which costs several times the statement. Here the synchronous engine is used as it is.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

from server.base import lite


class NearReaders:
    """So many connections, each with one view of the data at a time; `engine`: the one of longer reads."""

    def __init__(self, url: sa.URL, number: int, engine: AsyncEngine) -> None:
        self._far = engine
        self._room = asyncio.Semaphore(number)
        self._engine = sa.create_engine(
            url.set(drivername="sqlite"), poolclass=QueuePool, pool_size=number, max_overflow=0,
            hide_parameters=True, connect_args={"check_same_thread": False},
        )  # fmt: skip
        lite.set_up(self._engine)
        lite.begin_views(self._engine)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A connection; waits for one on the loop where all are in use."""
        async with self._room:
            with self._engine.connect() as connection:
                yield lite.LoopConnection(self._far, connection)

    def close(self) -> None:
        self._engine.dispose()
