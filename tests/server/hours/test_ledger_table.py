"""The database itself refuses to change the ledger; no migration ever rebuilds it."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.hours.credit import credit
from server.hours.sequence import sequence
from server.hours.store import ledger
from tests.server.hours.academy import judged, lesson, run_sql
from tests.server.hours.conftest import Town


async def credited(office: Office, town: Town) -> None:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "2.0"))
    await office.do(SYSTEM, sequence)


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE ledger SET hours = 9999",
        "UPDATE ledger SET reason = reason",
        "DELETE FROM ledger",
        "UPDATE ledger_index SET position = 7",
        "DELETE FROM ledger_index",
    ],
)
async def test_an_update_or_delete_is_refused(office: Office, town: Town, attempt: str) -> None:
    await credited(office, town)
    with pytest.raises(DBAPIError, match="append-only"):
        await office.do(SYSTEM, run_sql, attempt)
    async with office.read() as tx:
        assert len(await ledger.chain(tx, town.learner.pseudonym)) == 1


@pytest.mark.parametrize(
    ("on_sqlite", "on_postgresql"),
    [
        ("INSERT OR REPLACE INTO ledger SELECT * FROM ledger", "TRUNCATE ledger CASCADE"),
        ("INSERT OR REPLACE INTO ledger_index SELECT * FROM ledger_index", "TRUNCATE ledger_index"),
    ],
)
async def test_the_ways_around_the_triggers_are_closed(
    office: Office, town: Town, on_sqlite: str, on_postgresql: str
) -> None:
    await credited(office, town)
    with pytest.raises(DBAPIError, match="append-only"):
        await office.do(SYSTEM, run_sql, on_sqlite if office.db.lite else on_postgresql)


async def test_two_rows_never_stand_in_one_place_of_a_chain(office: Office, town: Town) -> None:
    await credited(office, town)
    async with office.read() as tx:
        (entry,) = await ledger.chain(tx, town.learner.pseudonym)

    async def again(work: Work) -> None:
        await ledger.append(work.tx, replace(entry, id=work.id()))

    with pytest.raises(DBAPIError, match=r"append-only|uq_ledger"):
        await office.do(SYSTEM, again)


def test_no_migration_rebuilds_or_drops_the_ledger() -> None:
    for path in Path("server/migrations/versions").glob("*.py"):
        text = path.read_text("utf-8")
        for rebuild in ("batch_alter_table", "drop_table", "alter_column"):
            assert f'{rebuild}("ledger' not in text
