"""Restoring a backup into an empty data folder and an empty database.

Theory of operation. The data folder, and a PostgreSQL database, which is filled in one transaction, carry a mark until
the end, with which no command touches them. So an interrupted restore leaves nothing that looks whole. The folder is
filled where it is: nothing may be made beside it where it is a volume, or belongs to the academy in a folder of root's.
Before the last step every digest has been compared, the database holds what the backup says, and every chain of the
ledger has been verified; where it is asked for, the audit has walked every hour again from the raw beats, which takes
about 10 ms each.
"""

import asyncio
import os
import shutil
from pathlib import Path

from server.backup import BackupError, lite, manifest, objects, postgres
from server.backup.facts import facts
from server.backup.keys import check as check_keys
from server.backup.manifest import Manifest
from server.backup.take import DATA, LITE, OBJECTS
from server.base.config import Settings
from server.base.db import Database
from server.base.files_objects import ObjectFiles
from server.base.unfinished import FOLDER_MARK, is_unfinished
from server.hours.audit import Report, audit
from server.migrations.glance import newest
from server.migrations.run import migrate
from server.serve import office_of

LISTED = 5
"""Files named in a refusal."""


async def restore(
    settings: Settings, source: Path, sha256: str | None = None, *, beats: bool = False
) -> tuple[Manifest, Report]:
    """Restore the backup in `source`; what it says of itself and what the audit found (no difference).

    With `beats` the audit walks every hour again. `sha256` is the manifest's, as it was told when the backup was made.
    BackupError when anything is wrong; the data folder is then as it was.
    """
    wanted = await asyncio.to_thread(manifest.read, source, sha256)
    _check(settings, wanted)
    await asyncio.to_thread(_complete, source, wanted)
    made = not settings.data.exists()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = settings.data / FOLDER_MARK
    mark.touch()
    try:
        report = await _restored(settings, source, wanted, beats=beats)
    except Exception:  # one that is cancelled may still be writing, and keeps its mark
        await asyncio.to_thread(_emptied, settings.data, made=made)
        raise
    mark.unlink()
    return wanted, report


async def _restored(settings: Settings, source: Path, wanted: Manifest, *, beats: bool) -> Report:
    await asyncio.to_thread(_files, source, wanted, settings.data)
    inside = _alone(settings, wanted)
    check_keys(inside, wanted.keys)
    if settings.objects_url:
        copies = source / OBJECTS if wanted.objects_copied else None
        await objects.put_back(ObjectFiles(settings.objects_url), wanted.objects, copies)
    db = Database(inside.database)
    try:
        await _database(db, source, wanted)
        async with db.read() as tx:
            if await facts(tx, wanted.facts.rows) != wanted.facts:
                raise BackupError("the restored database doesn't hold what the backup says")
        await migrate(db)
    finally:
        await db.close()
    report = await _audited(inside, beats=beats)
    await asyncio.to_thread(os.sync)
    await _whole(settings, wanted)
    return report


def _emptied(data: Path, *, made: bool) -> None:
    """Leave the folder as it was, the mark last."""
    mark = data / FOLDER_MARK
    for each in data.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each != mark:
            each.unlink()
    mark.unlink(missing_ok=True)
    if made:
        data.rmdir()


def _check(settings: Settings, wanted: Manifest) -> None:
    lite_backup = wanted.database == LITE
    if is_unfinished(settings.data):
        raise BackupError(f"an interrupted restore lies in {settings.data}; empty it, make the database anew, restore")
    if settings.data.exists() and (not settings.data.is_dir() or any(settings.data.iterdir())):
        raise BackupError(f"{settings.data} is not empty; restore goes into an empty or new data folder")
    if lite_backup and settings.database_url:
        raise BackupError("the backup is of SQLite, which is restored into the data folder: unset DATABASE_URL")
    if not lite_backup and settings.database.startswith("sqlite"):
        raise BackupError("the backup is of PostgreSQL: set DATABASE_URL to an empty database")
    if wanted.revision > newest():
        raise BackupError(
            f"the backup is of revision {wanted.revision}, this program knows {newest()}: take a newer one"
        )
    if wanted.objects and not settings.objects_url:
        raise BackupError("the backup's files are in an object store: set OBJECTS_URL")


def _complete(source: Path, wanted: Manifest) -> None:
    """BackupError when a file is missing, changed or none of the backup's."""
    listed = wanted.files | {
        f"{OBJECTS}/{key}": content for key, content in wanted.objects.items() if wanted.objects_copied
    }
    there = {path.relative_to(source).as_posix() for path in source.rglob("*") if not path.is_dir()} - {manifest.NAME}
    for what, names in (("missing", listed.keys() - there), ("not of this backup", there - listed.keys())):
        if names:
            raise BackupError(_some(what, names))
    changed = {name for name, content in listed.items() if _differs(source / name, content)}
    if changed:
        raise BackupError(_some("changed since the backup was made", changed))


def _differs(path: Path, content: manifest.Content) -> bool:
    return path.is_symlink() or path.stat().st_size != content.size or manifest.content_of(path) != content


def _some(what: str, names: set[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"{what}: {', '.join(sorted(names)[:LISTED])}{more}"


def _files(source: Path, wanted: Manifest, data: Path) -> None:
    """Put the data folder together; what is copied is compared once more."""
    for name, content in wanted.files.items():
        inside = name.removeprefix(f"{DATA}/")
        if inside != name and manifest.copied(source / name, data / inside) != content:
            raise BackupError(f"{name} changed while it was restored")
    (data / "keys").mkdir(exist_ok=True)
    (data / "keys").chmod(0o700)


async def _database(db: Database, source: Path, wanted: Manifest) -> None:
    if db.lite:
        target = Path(db.url.database or "")
        if await asyncio.to_thread(manifest.copied, source / LITE, target) != wanted.files[LITE]:
            raise BackupError(f"{LITE} changed while it was restored")
        await asyncio.to_thread(lite.check, target)
        return
    await postgres.begin(db)
    await postgres.load(db.url, source / wanted.database)


def _alone(settings: Settings, wanted: Manifest) -> Settings:
    """The same settings with which nothing is told to other processes."""
    values = settings.model_dump() | {
        "REDIS_URL": "", "OBJECTS_URL": settings.objects_url, "MEDIA_URL": settings.media_url,
        "DATABASE_URL": "" if wanted.database == LITE else settings.database_url,
    }  # fmt: skip
    return Settings.model_validate(values)


async def _audited(settings: Settings, *, beats: bool) -> Report:
    async with office_of(settings) as office:
        report = await audit(office, beats=beats)
    if report.differences:
        raise BackupError(_some("the audit finds differences", {str(each) for each in report.differences}))
    return report


async def _whole(settings: Settings, wanted: Manifest) -> None:
    if wanted.database == LITE:
        return
    db = Database(settings.database)
    try:
        await postgres.finish(db)
    finally:
        await db.close()
