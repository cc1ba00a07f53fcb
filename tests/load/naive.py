"""The limit beside the product: each beat an object of an ORM in a session and a commit of its own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Tables of the limit."""


class NaiveBeat(Base):
    """A beat as one would write it down first."""

    __tablename__ = "naive_beats"
    __table_args__ = (sa.UniqueConstraint("stay", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stay: Mapped[str] = mapped_column(sa.String(36))
    seq: Mapped[int]
    position_ms: Mapped[int] = mapped_column(sa.BigInteger)
    rate: Mapped[float]
    since_previous_ms: Mapped[int]
    playing: Mapped[bool]
    visible: Mapped[bool]
    ended: Mapped[bool]
    received_ms: Mapped[int] = mapped_column(sa.BigInteger)


class Naive:
    """Its own database beside that of the product."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._make = async_sessionmaker(engine)

    async def rate(self, writers: int, seconds: float) -> float:
        """Beats a second with one commit each, of so many writers at a time."""
        until = time.monotonic() + seconds
        counts = await asyncio.gather(*(self._write(until) for _ in range(writers)))
        return sum(counts) / seconds

    async def _write(self, until: float) -> int:
        stay, written = str(uuid4()), 0
        while time.monotonic() < until:
            now = int(time.time() * 1000)
            async with self._make() as session:
                session.add(
                    NaiveBeat(
                        stay=stay, seq=written, position_ms=now, rate=1.0, since_previous_ms=15_000,
                        playing=True, visible=True, ended=False, received_ms=now,
                    )
                )  # fmt: skip
                await session.commit()
            written += 1
        return written


@asynccontextmanager
async def naive(data: Path, database_url: str) -> AsyncIterator[Naive]:
    """The limit on an empty database."""
    url = sa.make_url(database_url or f"sqlite:///{data / 'naive.sqlite3'}")
    lite = url.get_backend_name() == "sqlite"
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite" if lite else "postgresql+asyncpg"))
    if lite:
        event.listen(engine.sync_engine, "connect", _full)
    async with engine.begin() as tx:
        await tx.run_sync(Base.metadata.create_all)
    yield Naive(engine)
    await engine.dispose()


def _full(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    """As durable as the product: every commit on the disk."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
