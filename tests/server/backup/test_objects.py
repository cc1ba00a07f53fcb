"""Files in an object store: listed with their digests, copied where asked, held against the store at a restore."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from server.backup import BackupError
from server.backup.restore import restore
from server.backup.take import take
from server.base.config import Settings
from server.base.files_objects import ObjectFiles
from tests.load.seeded import seed
from tests.objects import a_store
from tests.server.backup.conftest import NOW, over


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with a_store() as url:
        yield url


@pytest.fixture
async def academy(bare: Path, store: str) -> Settings:
    """An academy whose pictures are in a store."""
    settings = over(bare, objects=f"{store}/{token_hex(4)}")
    await seed(settings, 3, 1)
    await ObjectFiles(settings.objects_url).put("pictures/a.webp", b"a picture")
    return settings


async def test_objects_that_are_only_listed_must_still_be_there(academy: Settings, tmp_path: Path) -> None:
    taken = await take(academy, tmp_path / "backup", NOW)
    assert list(taken.manifest.objects) == ["pictures/a.webp"]
    await restore(over(tmp_path / "one", objects=academy.objects_url), tmp_path / "backup")
    await ObjectFiles(academy.objects_url).put("pictures/a.webp", b"another")
    with pytest.raises(BackupError, match="holds another pictures/a"):
        await restore(over(tmp_path / "two", objects=academy.objects_url), tmp_path / "backup")
    await ObjectFiles(academy.objects_url).delete("pictures/a.webp")
    with pytest.raises(BackupError, match="without copies"):
        await restore(over(tmp_path / "two", objects=academy.objects_url), tmp_path / "backup")


async def test_copied_objects_are_put_into_an_empty_store(academy: Settings, store: str, tmp_path: Path) -> None:
    await take(academy, tmp_path / "backup", NOW, copy_objects=True)
    empty = over(tmp_path / "one", objects=f"{store}/{token_hex(4)}")
    await restore(empty, tmp_path / "backup")
    assert await ObjectFiles(empty.objects_url).get("pictures/a.webp") == b"a picture"


async def test_a_restore_without_the_store_is_refused(academy: Settings, tmp_path: Path) -> None:
    await take(academy, tmp_path / "backup", NOW)
    with pytest.raises(BackupError, match="OBJECTS_URL"):
        await restore(over(tmp_path / "one"), tmp_path / "backup")


async def test_keys_given_by_the_settings_are_not_in_the_backup_and_must_be_given_again(
    bare: Path, tmp_path: Path
) -> None:
    keys = {"identity_key": "11" * 32, "media_secret": "22" * 32}
    academy = over(bare, **keys)
    await seed(academy, 3, 1)
    await take(academy, tmp_path / "backup", NOW)
    assert not (tmp_path / "backup" / "data" / "keys").exists()
    for given, told in (({}, "give it again"), (keys | {"identity_key": "33" * 32}, "not the one of the backup")):
        with pytest.raises(BackupError, match=told):
            await restore(over(tmp_path / "one", **given), tmp_path / "backup")
    await restore(over(tmp_path / "one", **keys), tmp_path / "backup")
