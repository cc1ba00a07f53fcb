"""What a later start sees of a database at a glance, beside what the database itself says."""

import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.base.db import Database
from server.base.office import Office
from server.base.services import Services
from server.migrations.glance import Found, glance, newest
from server.people import store
from tests.people import a_province

ACCOUNTS = [{"role": "learner", "name": "王芳", "account": "X00001", "password": "Lesson-2026"}]


@pytest.fixture
def url(migrated_file: Path, tmp_path: Path) -> str:
    """A migrated database without people."""
    shutil.copy(migrated_file, tmp_path / "db.sqlite3")
    return f"sqlite:///{tmp_path / 'db.sqlite3'}"


async def peopled(url: str, services: Services, *, demo: bool = False) -> None:
    db = Database(url)
    office = Office(db, services)
    await (await a_province(office)).a_learner()
    if demo:
        await db.write(lambda tx: store.set_mark(tx, "demo", {"accounts": ACCOUNTS}))
    await db.close()


async def test_the_newest_revision_is_what_the_migrations_end_in(url: str) -> None:
    db = Database(url)
    async with db.read() as tx:
        assert (await tx.execute(sa.text("select version_num from alembic_version"))).scalar_one() == newest()
    await db.close()


async def test_a_database_with_people_needs_nothing(url: str, services: Services) -> None:
    await peopled(url, services)
    assert glance(url) == Found([])


async def test_demo_accounts_are_found(url: str, services: Services) -> None:
    await peopled(url, services, demo=True)
    assert glance(url) == Found(ACCOUNTS)


def test_a_database_without_people_needs_a_look(url: str) -> None:
    assert glance(url) is None


async def test_an_older_shape_needs_a_look(url: str, services: Services) -> None:
    await peopled(url, services)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
        file.execute("update alembic_version set version_num = '0001_base'")
    file.close()
    assert glance(url) is None


def test_what_is_not_there_or_no_database_needs_a_look(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database")
    assert glance(f"sqlite:///{tmp_path / 'text'}") is None
    assert glance(f"sqlite:///{tmp_path / 'nothing'}") is None
    assert glance("postgresql://academy@127.0.0.1/db") is None
    assert not (tmp_path / "nothing").exists()
