"""The limit beside the product: each beat an object of an ORM in a session and a commit of its own."""

import asyncio
import time
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
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


async def naive_per_s(data: Path, database_url: str, seconds: float) -> float:
    """Beats a second with one commit each, the better of one and of ten writers at a time."""
    url = sa.make_url(database_url or f"sqlite:///{data / 'naive.sqlite3'}")
    lite = url.get_backend_name() == "sqlite"
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite" if lite else "postgresql+asyncpg"))
    if lite:
        event.listen(engine.sync_engine, "connect", _full)
    async with engine.begin() as tx:
        await tx.run_sync(Base.metadata.create_all)
    make = async_sessionmaker(engine)
    rates = [await _rate(make, writers, seconds) for writers in (1, 10)]
    await engine.dispose()
    return max(rates)


def _full(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    """As durable as the product: every commit on the disk."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def _rate(make: async_sessionmaker[AsyncSession], writers: int, seconds: float) -> float:
    until = time.monotonic() + seconds
    counts = await asyncio.gather(*(_write(make, until) for _ in range(writers)))
    return sum(counts) / seconds


async def _write(make: async_sessionmaker[AsyncSession], until: float) -> int:
    stay, written = str(uuid4()), 0
    while time.monotonic() < until:
        now = int(time.time() * 1000)
        async with make() as session:
            session.add(
                NaiveBeat(
                    stay=stay, seq=written, position_ms=now, rate=1.0, since_previous_ms=15_000,
                    playing=True, visible=True, ended=False, received_ms=now,
                )
            )  # fmt: skip
            await session.commit()
        written += 1
    return written
