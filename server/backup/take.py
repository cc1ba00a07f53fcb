"""Taking a backup while the academy runs.

Theory of operation. Media's journal comes first: an event that is on its way stands in it, and is known by its
identifier when it is delivered once more after a restore. Then one view of the database. Then files and recordings,
indices before segments: each is there before a row or an index names it, and is never changed afterwards. The
manifest is written when everything else has reached the disk, so that an interrupted backup has none.
"""

import asyncio
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from server.backup import BackupError, lite, manifest, objects, postgres
from server.backup.facts import facts, revision, tables
from server.backup.keys import fingerprints
from server.backup.manifest import Content, Facts, Manifest
from server.base.config import Settings
from server.base.db import Database
from server.base.files_objects import ObjectFiles

LITE, POSTGRES = "database.sqlite3", "database.dump"
DATA, OBJECTS = "data", "objects"
RUNTIME = frozenset({"run.lock"})
"""What belongs to a running academy, not to its data."""

GROWING = (".jsonl",)
"""Endings of files that grow; all others below `WHOLE` are written once and never changed, and so may be linked."""

WHOLE = ("files", "media")


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished backup: its manifest and that one's own SHA-256."""

    manifest: Manifest
    sha256: str


async def take(settings: Settings, to: Path, now: datetime, *, link: bool = False, copy_objects: bool = False) -> Taken:
    """Back up the academy of `settings` into the new folder `to`.

    `link` makes hard links where it can, which takes no time and no room but lies on the same disk.
    """
    data, version = settings.data, _begun(settings, to, link=link)
    keys = fingerprints(settings)
    journal = await asyncio.to_thread(_files, data, to, _journal(data), link=False)
    name, found, at = await _database(settings, to)
    rest = await asyncio.to_thread(_files, data, to, _rest(settings), link=link)
    held: dict[str, Content] = {}
    if settings.objects_url:
        held = await objects.listed(ObjectFiles(settings.objects_url), to / OBJECTS if copy_objects else None)
    database = await asyncio.to_thread(manifest.content_of, to / name)
    made = Manifest(
        made_at=now.isoformat(), version=version, revision=at, database=name, facts=found, keys=keys,
        files={name: database} | journal | rest, objects=held, objects_copied=copy_objects,
    )  # fmt: skip
    await asyncio.to_thread(os.sync)  # thousands of segments: once for all of them
    return Taken(made, await asyncio.to_thread(manifest.write, to, made))


def _begun(settings: Settings, to: Path, *, link: bool) -> str:
    """Make the folder, which nobody else may read; the version of the data folder."""
    _check(settings, to)
    if not link:
        _room(settings, to)
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    to.chmod(0o700)
    return (settings.data / "VERSION").read_text().strip()


def _check(settings: Settings, to: Path) -> None:
    if not (settings.data / "VERSION").is_file():
        raise BackupError(f"{settings.data} is no data folder of an academy (it has no VERSION)")
    if (settings.data / "demo.unfinished").exists():
        raise BackupError("the demo academy is still being filled in")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise BackupError(f"{to} is there already and not empty; every backup has a folder of its own")
    if to.absolute().is_relative_to(settings.data.absolute()):
        raise BackupError(f"{to} lies in the data folder itself")


def _room(settings: Settings, to: Path) -> None:
    """BackupError when the disk below `to` has less room than the data folder takes."""
    wanted = sum(path.stat().st_size for path in manifest.files_below(settings.data))
    free = shutil.disk_usage(next(each for each in (to, *to.absolute().parents) if each.exists())).free
    if free < wanted:
        raise BackupError(f"{to}: {free // 2**20} MiB are free, the data folder takes {wanted // 2**20} MiB")


async def _database(settings: Settings, to: Path) -> tuple[str, Facts, str]:
    """Copy the database; its name in the backup, what it holds, at which step of the migrations."""
    db = Database(settings.database)
    try:
        if db.lite:
            await asyncio.to_thread(lite.copy, Path(db.url.database or ""), to / LITE)
            return LITE, *await _of_copy(f"sqlite:///{to / LITE}")
        async with postgres.snapshot(db) as (tx, name):
            await postgres.dump(db.url, name, to / POSTGRES)
            return POSTGRES, await facts(tx, await tables(tx)), await revision(tx)
    finally:
        await db.close()


async def _of_copy(url: str) -> tuple[Facts, str]:
    db = Database(url)
    try:
        async with db.read() as tx:
            return await facts(tx, await tables(tx)), await revision(tx)
    finally:
        await db.close()


def _journal(data: Path) -> Iterator[Path]:
    yield from manifest.files_below(data / "media" / "journal")


def _rest(settings: Settings) -> list[Path]:
    """What else is in the data folder, indices first."""
    database = Database(settings.database).url.database if settings.database.startswith("sqlite") else None
    own = {settings.data / name for name in RUNTIME}
    if database:
        own |= {Path(database + ending) for ending in ("", "-wal", "-shm", "-journal")}
    journal = settings.data / "media" / "journal"
    found = [
        path for path in manifest.files_below(settings.data)
        if path not in own and path.absolute() not in own and not path.is_relative_to(journal)
    ]  # fmt: skip
    return sorted(found, key=lambda path: not path.name.endswith(GROWING))


def _files(data: Path, to: Path, paths: Iterable[Path], *, link: bool) -> dict[str, Content]:
    """Copy or link files of the data folder; one that has gone meanwhile is left out."""
    found = {}
    for path in paths:
        inside = path.relative_to(data)
        name = f"{DATA}/{inside.as_posix()}"
        whole = inside.parts[0] in WHOLE and not path.name.endswith(GROWING)
        try:
            found[name] = _one(path, to / name, link=link and whole)
        except FileNotFoundError:
            (to / name).unlink(missing_ok=True)
    return found


def _one(path: Path, target: Path, *, link: bool) -> Content:
    if link:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except OSError as error:  # another disk, or too many links
            raise BackupError(f"{path} can't be linked ({error.strerror}); make the backup without --link") from error
        return manifest.content_of(target)
    return manifest.copied(path, target)
