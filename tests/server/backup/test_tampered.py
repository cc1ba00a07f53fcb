"""A backup that is not as it was made is refused in words, and nothing of it is restored."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from server.backup import BackupError, manifest
from server.backup.restore import restore
from server.backup.take import DATA, take
from tests.server.backup.conftest import MIB, NOW, filled, over


@pytest.fixture
async def backup(bare: Path, tmp_path: Path) -> Path:
    """A finished backup of an academy on SQLite: these refusals come before any database."""
    await take(await filled(over(bare)), tmp_path / "backup", NOW)
    return tmp_path / "backup"


def _flip(backup: Path) -> None:
    (segment, *_) = backup.rglob("*.m4s")
    with segment.open("r+b") as file:
        file.seek(MIB)
        byte = file.read(1)
        file.seek(MIB)
        file.write(bytes([byte[0] ^ 1]))


def _cut_database(backup: Path) -> None:
    (database,) = backup.glob("database.*")
    os.truncate(database, database.stat().st_size // 2)


def _lose_a_file(backup: Path) -> None:
    (backup / DATA / "files" / "pictures" / "a.webp").unlink()


def _slip_one_in(backup: Path) -> None:
    (backup / DATA / "policies" / "zz.toml").write_text("[policy]\n")


def _lose_the_manifest(backup: Path) -> None:
    (backup / manifest.NAME).unlink()


def _say_other_hours(backup: Path) -> None:
    said = json.loads((backup / manifest.NAME).read_text())
    said["facts"]["hours"] += 100
    (backup / manifest.NAME).write_text(json.dumps(said))


def _lead_outside(backup: Path) -> None:
    said = json.loads((backup / manifest.NAME).read_text())
    said["files"]["data/../../evil"] = {"size": 0, "sha256": ""}
    (backup / manifest.NAME).write_text(json.dumps(said))


def _lead_elsewhere(backup: Path) -> None:
    (backup / DATA / "VERSION").unlink()
    (backup / DATA / "VERSION").symlink_to("/etc/hostname")


@pytest.mark.parametrize(
    ("injure", "told"),
    [
        (_flip, "changed since"), (_cut_database, "changed since"), (_lose_a_file, "missing: data/files/pictures/a"),
        (_slip_one_in, "not of this backup: data/policies/zz"), (_lose_the_manifest, "no finished backup"),
        (_say_other_hours, "doesn't hold what the backup says"), (_lead_outside, "outside itself"),
        (_lead_elsewhere, "changed since"),
    ],
)  # fmt: skip
async def test_a_backup_that_is_not_as_it_was_made_restores_nothing(
    backup: Path, tmp_path: Path, injure: Callable[[Path], None], told: str
) -> None:
    injure(backup)
    with pytest.raises(BackupError, match=told):
        await restore(over(tmp_path / "restored"), backup)
    assert not (tmp_path / "restored").exists()
    assert not list(tmp_path.glob(".restored*"))


async def test_another_manifest_than_the_one_written_down_is_refused(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="SHA-256"):
        await restore(over(tmp_path / "restored"), backup, "00" * 32)
