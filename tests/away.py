"""A database that nobody reaches for a while."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import Database, DatabaseAway, Unit
from server.base.office import Office

T = TypeVar("T")


class Away(Database):
    """Answers nothing."""

    def __init__(self) -> None:
        """There is nothing behind it."""

    @asynccontextmanager
    async def read(self, *, near: bool = False) -> AsyncIterator[AsyncConnection]:
        yield await self.write(_nothing)

    async def write(self, unit: Unit[T]) -> T:
        raise DatabaseAway


async def _nothing(tx: AsyncConnection) -> AsyncConnection:
    return tx


@contextmanager
def database_away(office: Office) -> Iterator[None]:
    """Within the block the office reaches no database."""
    there, office.db = office.db, Away()
    try:
        yield
    finally:
        office.db = there
