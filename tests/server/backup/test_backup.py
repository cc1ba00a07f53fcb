"""Promise 14: a backup taken while the academy works is restored whole into an empty place, or refused in words."""

import argparse
import asyncio
import shutil
import stat
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server import commands
from server.backup import BackupError, manifest
from server.backup.restore import restore
from server.backup.take import DATA, take
from server.base.config import Settings
from server.base.db import Database
from server.base.unfinished import FOLDER_MARK, UNFINISHED, NotWhole, must_be_whole
from server.commands import CommandError
from server.hours.audit import audit
from server.serve import office_of
from tests.server.backup.conftest import NOW, over


async def test_what_was_backed_up_is_restored_whole_and_audited(
    academy: Settings, empty: Settings, tmp_path: Path
) -> None:
    taken = await take(academy, tmp_path / "backup", NOW)
    made, report = await restore(empty, tmp_path / "backup", taken.sha256, beats=True)
    assert made.facts.rows["ledger"] == report.rows == 24
    assert (report.assessments, report.chains, report.differences) == (24, 12, ())
    assert made.facts.hours == 24 * 200
    async with office_of(academy) as office:
        assert (await audit(office)).root == report.root == made.facts.root
    for path in manifest.files_below(academy.data):
        if not path.name.startswith("db.sqlite3"):
            assert (empty.data / path.relative_to(academy.data)).read_bytes() == path.read_bytes()
    assert (empty.data / "VERSION").read_text() == "1\n"


async def test_only_the_owner_can_read_a_backup_and_the_keys(academy: Settings, empty: Settings, backup: Path) -> None:
    await restore(empty, backup)
    for key in (backup / DATA / "keys" / "identity.key", empty.data / "keys" / "identity.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.stat().st_mode) == stat.S_IMODE((empty.data / "keys").stat().st_mode) == 0o700


async def test_a_backup_under_load_is_one_moment_of_the_academy(
    academy: Settings, empty: Settings, tmp_path: Path
) -> None:
    """Rows that belong together are both in it or neither, whenever they were written."""
    begun, stop = asyncio.Event(), asyncio.Event()

    async def works() -> int:
        number = 0
        async with office_of(academy) as office:
            while not stop.is_set():
                number += 1
                await office.db.write(partial(_pair, number))
                begun.set()
        return number

    load = asyncio.create_task(works())
    try:
        await begun.wait()
        await take(academy, tmp_path / "backup", NOW)
    finally:
        stop.set()
        written = await load
    await restore(empty, tmp_path / "backup")
    db = Database(empty.database)
    async with db.read() as tx:
        pairs = (await tx.execute(sa.text("select name from marks where name like 'pair-%' order by name"))).all()
    await db.close()
    assert 0 < len(pairs) <= 2 * written
    whole = {f"pair-{number}-{side}" for number in range(1, len(pairs) // 2 + 1) for side in "ab"}
    assert {name for (name,) in pairs} == whole


async def _pair(number: int, tx: AsyncConnection) -> None:
    for side in "ab":
        await tx.execute(
            sa.text("insert into marks (name, value) values (:name, '1')"), {"name": f"pair-{number}-{side}"}
        )


async def test_linked_recordings_take_no_room_and_what_grows_is_copied(academy: Settings, tmp_path: Path) -> None:
    await take(academy, tmp_path / "backup", NOW, link=True)
    (segment, *_) = (academy.data / "media").rglob("*.m4s")
    assert segment.samefile(tmp_path / "backup" / DATA / segment.relative_to(academy.data))
    index = Path("media/journal/events.jsonl")
    assert not (academy.data / index).samefile(tmp_path / "backup" / DATA / index)


async def test_a_restore_goes_into_an_empty_place_only(academy: Settings, empty: Settings, backup: Path) -> None:
    with pytest.raises(BackupError, match="not empty"):
        await restore(academy, backup)
    if academy.database_url:
        with pytest.raises(BackupError, match=r"not empty \(\d+ tables\)"):
            await restore(over(empty.data, academy.database_url), backup)


async def test_a_backup_of_one_kind_of_database_is_not_restored_into_the_other(empty: Settings, backup: Path) -> None:
    other = over(empty.data, "" if empty.database_url else "postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(BackupError, match="DATABASE_URL"):
        await restore(other, backup)


async def test_an_interrupted_restore_leaves_nothing_that_looks_whole(
    empty: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr("server.backup.restore.migrate", killed)  # after the database has been filled
    with pytest.raises(asyncio.CancelledError):
        await restore(empty, backup)
    monkeypatch.undo()
    for command in ("serve", "migrate", "backup", "audit"):
        with pytest.raises(CommandError, match="not finished"):
            await commands.run(command, empty, argparse.Namespace())
    with pytest.raises(BackupError, match="interrupted"):
        await restore(empty, backup)
    shutil.rmtree(empty.data)
    if empty.database_url:
        db = Database(empty.database)
        async with db.read() as tx:
            with pytest.raises(NotWhole):
                await must_be_whole(tx)
        await db.close()
        with pytest.raises(BackupError, match="interrupted"):
            await restore(empty, backup)


async def test_a_restore_that_fails_leaves_the_folder_as_it_was(
    empty: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("server.backup.restore.migrate", fails)
    empty.data.mkdir()
    with pytest.raises(OSError, match="no space"):
        await restore(empty, backup)
    assert list(empty.data.iterdir()) == []


async def test_a_volume_or_a_folder_given_by_the_system_is_filled_where_it_is(empty: Settings, backup: Path) -> None:
    empty.data.mkdir()
    before = empty.data.stat().st_ino, set(empty.data.parent.iterdir())
    await restore(empty, backup)
    assert (empty.data.stat().st_ino, set(empty.data.parent.iterdir())) == before
    assert not (empty.data / FOLDER_MARK).exists()


async def test_an_academy_that_was_only_migrated_and_served_can_be_backed_up(database_url: str, tmp_path: Path) -> None:
    settings = over(tmp_path / "data", "" if database_url.startswith("sqlite") else database_url)
    await commands.run("migrate", settings, argparse.Namespace())
    await take(settings, tmp_path / "backup", NOW)
    assert (tmp_path / "backup" / DATA / "VERSION").is_file()


async def test_a_restored_academy_bears_no_mark(empty: Settings, backup: Path) -> None:
    await restore(empty, backup)
    db = Database(empty.database)
    async with db.read() as tx:
        assert not await tx.run_sync(lambda connection: sa.inspect(connection).has_table(UNFINISHED))
    await db.close()
