"""The database: group commit, savepoints and the same answers on both kinds."""

import asyncio
import socket
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import Database, DatabaseAway
from server.base.office import Office
from server.base.outbox import Event, outbox
from server.base.work import SYSTEM, Work


async def _count(office: Office) -> int:
    async with office.read() as tx:
        return int((await tx.execute(sa.select(sa.func.count()).select_from(outbox))).scalar_one())


async def _emit(work: Work, name: str) -> str:
    work.emit(Event(name, "x", {"n": 1}))
    return name


async def test_units_of_one_moment_are_all_there_after_their_return(office: Office) -> None:
    names = await asyncio.gather(*(office.do(SYSTEM, _emit, f"thing.done{n}") for n in range(50)))
    assert names[49] == "thing.done49"
    assert await _count(office) == 50


async def test_a_unit_that_fails_leaves_its_neighbours_alone(office: Office) -> None:
    async def bad(work: Work) -> None:
        await _emit(work, "thing.bad")
        await work.tx.execute(
            outbox.insert().values(id=work.id(), name="x", v=1, subject="x", at=work.now, data={"no": 1})
        )
        raise ValueError("no")

    jobs = [office.do(SYSTEM, _emit, "thing.good"), office.do(SYSTEM, bad), office.do(SYSTEM, _emit, "thing.good")]
    good, failed, also = await asyncio.gather(*jobs, return_exceptions=True)
    assert (good, also) == ("thing.good", "thing.good")
    assert isinstance(failed, ValueError)
    assert await _count(office) == 2


async def test_a_unit_inside_a_unit_is_refused_instead_of_waiting_for_ever(office: Office) -> None:
    async def nested(work: Work) -> None:
        await office.do(SYSTEM, _emit, "thing.done")

    with pytest.raises(RuntimeError, match="unit inside a unit"):
        await office.do(SYSTEM, nested)


async def test_a_unit_whose_caller_went_away_is_finished(office: Office) -> None:
    task = asyncio.create_task(office.do(SYSTEM, _emit, "thing.done"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await office.do(SYSTEM, _emit, "thing.done")
    assert await _count(office) >= 1


async def test_column_types_come_back_as_they_went_in(office: Office) -> None:
    from server.base.columns import HoursColumn, Id, Instant, Json

    table = sa.Table(
        "kinds", sa.MetaData(), sa.Column("id", Id(), primary_key=True), sa.Column("at", Instant()),
        sa.Column("hours", HoursColumn()), sa.Column("data", Json()),
    )  # fmt: skip
    at = datetime(2026, 10, 31, 15, 59, 59, 999_999, tzinfo=UTC)

    async def keep(work: Work) -> None:
        await work.tx.run_sync(table.create)
        row = {"id": work.id(), "at": at, "hours": Decimal("-1.25"), "data": {"学时": [1]}}
        await work.tx.execute(table.insert(), [row])

    await office.do(SYSTEM, keep)
    async with office.read() as tx:
        row = (await tx.execute(sa.select(table))).one()
    assert (row.at, row.hours, row.data) == (at, Decimal("-1.25"), {"学时": [1]})


async def test_hours_finer_than_a_hundredth_and_instants_without_a_zone_are_refused(office: Office) -> None:
    from server.base.columns import HoursColumn, Instant

    dialect = office.db.engine.dialect
    with pytest.raises(ValueError, match="hundredth"):
        HoursColumn().process_bind_param(Decimal("0.005"), dialect)
    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001


async def test_readers_do_not_wait_for_the_writer(office: Office) -> None:
    inside, go = asyncio.Event(), asyncio.Event()

    async def slow(tx: AsyncConnection) -> None:
        inside.set()
        await go.wait()

    writing = asyncio.create_task(office.db.write(slow))
    await inside.wait()
    assert await asyncio.wait_for(_count(office), 2) == 0
    go.set()
    await writing


async def test_what_is_queued_at_closing_time_is_still_written(tmp_path: object, database_url: str) -> None:
    db = Database(database_url)
    done: list[int] = []

    async def note(tx: AsyncConnection) -> None:
        done.append(1)

    jobs = [asyncio.create_task(db.write(note)) for _ in range(5)]
    await asyncio.sleep(0)
    await db.close()
    await asyncio.gather(*jobs)
    assert len(done) == 5


async def test_a_database_that_never_answers_is_away_like_one_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.base.db.AWAY_AFTER_S", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        db = Database(f"postgresql://academy@127.0.0.1:{port}/academy")
        with pytest.raises(DatabaseAway):
            async with db.read():
                pass
        silent.close()
        with pytest.raises(DatabaseAway):
            async with db.read():
                pass
        await db.close()
