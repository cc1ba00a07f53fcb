"""A small academy with a past, its files and recordings, and an empty place to restore it to."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.backup.take import take
from server.base.config import Settings
from server.base.files import local_files
from tests.conftest import empty_url
from tests.load.seeded import seed

NOW = datetime(2026, 11, 30, tzinfo=UTC)
MIB = 1024 * 1024


def over(data: Path, url: str = "", objects: str = "", **more: str) -> Settings:
    """Settings over a data folder; `url` is empty for SQLite in it."""
    told = {"data": data, "DATABASE_URL": url, "OBJECTS_URL": objects, "MEDIA_URL": "http://127.0.0.1:9"}
    return Settings.model_validate(told | more)


async def filled(settings: Settings) -> Settings:
    """Learners with hours, a recording, a picture, a journal of media."""
    await seed(settings, 12, 2, 4 * MIB)
    await local_files(settings.data, bytes(32)).put("pictures/a.webp", b"a picture")
    (settings.data / "media" / "journal").mkdir(parents=True)
    (settings.data / "media" / "journal" / "events.jsonl").write_text('{"put":1}\n')
    return settings


@pytest.fixture
async def academy(database_url: str, tmp_path: Path) -> Settings:
    """An academy on either database."""
    lite, data = database_url.startswith("sqlite"), tmp_path / "academy"
    data.mkdir()
    if lite:
        (tmp_path / "db.sqlite3").rename(data / "db.sqlite3")
    return await filled(over(data, "" if lite else database_url))


@pytest.fixture
def empty(academy: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Where nothing is yet, on the same kind of database."""
    return over(tmp_path / "restored", empty_url(request) if academy.database_url else "")


@pytest.fixture
async def backup(academy: Settings, tmp_path: Path) -> Path:
    """A finished backup of the academy."""
    await take(academy, tmp_path / "backup", NOW)
    return tmp_path / "backup"


@pytest.fixture
def bare(migrated_file: Path, tmp_path: Path) -> Path:
    """A data folder with an empty migrated database in it."""
    data = tmp_path / "academy"
    data.mkdir()
    shutil.copy(migrated_file, data / "db.sqlite3")
    return data
