"""What all tests share: a clock that moves when told, and an office on either database."""

import asyncio
import os
import random
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from media.orders import Orders
from server.base.config import Settings
from server.base.db import Database
from server.base.faults import Failpoints
from server.base.files import local_files
from server.base.office import Office
from server.base.services import Services
from server.migrations.run import migrate
from server.rules.policy import Policies
from tests.clock import TestClock
from tests.postgres import Postgres
from tests.programs import POSTGRESQL, missing
from tests.redis_server import RedisServer


def cannot(what: str) -> None:
    """Skip with a loud reason; where everything must be there (CI=true) a skip is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not there")
    pytest.skip(f"NOT CHECKED: {what} is not there")


def need(*programs: str) -> None:
    """Go on only where these programs are, by their names in `tests/programs.py`."""
    if lacking := missing(*programs):
        cannot(lacking)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres | None]:
    """The session's own PostgreSQL; None where there is none."""
    if POSTGRESQL is None:
        yield None
        return
    cluster = Postgres()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """The session's own Redis; who kills it starts it again."""
    need("redis-server")
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_template(postgres: Postgres | None) -> str:
    """The name of a migrated database, to be copied."""
    if postgres is not None:
        asyncio.run(_migrate(postgres.url("migrated")))
    return "migrated"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database of each kind; the steps of the migration are run once for all tests."""
    if request.param == "sqlite":
        path = tmp_path / "db.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        return f"sqlite:///{path}"
    template = request.getfixturevalue("migrated_template")
    return _cluster(request).url(f"m{uuid4().hex}", template)


def empty_url(request: pytest.FixtureRequest) -> str:
    """One more empty database on the session's PostgreSQL."""
    return _cluster(request).url(f"e{uuid4().hex}")


def _cluster(request: pytest.FixtureRequest) -> Postgres:
    cluster: Postgres | None = request.getfixturevalue("postgres")
    if cluster is None:
        cannot("PostgreSQL")
    assert cluster is not None
    return cluster


async def _migrate(url: str) -> None:
    db = Database(url)
    await migrate(db)
    await db.close()


@pytest.fixture
def failpoints() -> Failpoints:
    """Tests that injure set `failpoints.plan(...)` before the step."""
    return Failpoints()


POLICIES = Policies.shipped()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """The folder of the built pages: none, where a test does not look at them."""
    return tmp_path / "no-web"


@pytest.fixture
async def services(tmp_path: Path, pages: Path) -> AsyncIterator[Services]:
    """Services of a deployment that has no media process behind it."""
    async with aiohttp.ClientSession() as http:
        settings = Settings(data=tmp_path, web=pages)
        secret = bytes(range(32))
        orders = Orders("http://127.0.0.1:9", secret, http, lambda: 0.0)
        yield Services(settings, POLICIES, secret, bytes(32), orders, local_files(tmp_path, bytes(32)))


@pytest.fixture
async def office(
    database_url: str, services: Services, clock: TestClock, failpoints: Failpoints
) -> AsyncIterator[Office]:
    """An office on an empty migrated database, its chance seeded, its clock still."""
    db = Database(database_url)
    yield Office(db, services, clock=clock, chance=random.Random(7), failpoints=failpoints)
    await db.close()
