"""SQLite on the event loop: nothing that may wait holds the loop up, and nobody is left with a broken connection."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import Database

LONG = sa.text(
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < :n) select count(*), max(i) from n"
)
MANY = sa.text("with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000) select i from n")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'db.sqlite3'}")
    await made.write(_make)
    yield made
    await made.close()


async def _make(tx: AsyncConnection) -> None:
    await tx.execute(sa.text("create table t (a integer primary key, b text)"))


async def _put(tx: AsyncConnection) -> None:
    await tx.execute(sa.text("insert into t (b) values ('x')"))


class Turns:
    """How often the loop came round while something was done."""

    def __init__(self) -> None:
        self.count = 0

    async def __aenter__(self) -> "Turns":
        self._task = asyncio.create_task(self._turn())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _turn(self) -> None:
        while True:
            await asyncio.sleep(0.001)
            self.count += 1


async def test_the_loop_goes_on_while_a_long_question_is_answered(db: Database) -> None:
    async with db.read() as tx, Turns() as turns:
        assert tuple((await tx.execute(LONG, {"n": 2_000_000})).one()) == (2_000_000, 2_000_000)
    assert turns.count > 5


async def test_the_loop_goes_on_while_another_process_holds_the_lock(db: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "db.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    async with Turns() as turns:
        writing = asyncio.create_task(db.write(_put))
        await asyncio.sleep(0.2)
        assert not writing.done()
        other.execute("rollback")
        await writing
    assert turns.count > 20
    other.close()


async def test_a_reader_who_is_cancelled_leaves_its_connection_in_order(db: Database) -> None:
    async def ask() -> None:
        async with db.read() as tx:
            await tx.execute(LONG, {"n": 400_000})

    for _ in range(20):
        asking = asyncio.create_task(ask())
        await asyncio.sleep(0.01)
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
    async with db.read() as tx:
        assert (await tx.execute(MANY)).scalars().all() == list(range(1, 1001))


async def test_rows_can_be_read_one_by_one_some_or_all(db: Database) -> None:
    async with db.read() as tx:
        rows = await tx.execute(MANY)
        assert rows.fetchone() == (1,)
        assert [row.i for row in rows.fetchmany(2)] == [2, 3]
        assert len(rows.fetchall()) == 997
        assert (await tx.execute(MANY)).first() == (1,)
        assert (await tx.execute(sa.text("select 1 where 0"))).one_or_none() is None


async def test_a_reader_keeps_its_view_while_others_write(db: Database) -> None:
    count = sa.text("select count(*) from t")
    async with db.read() as tx:
        assert (await tx.execute(count)).scalar_one() == 0
        await db.write(_put)
        assert (await tx.execute(count)).scalar_one() == 0
    async with db.read() as tx:
        assert (await tx.execute(count)).scalar_one() == 1
