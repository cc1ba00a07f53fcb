"""What a backup says of itself: every file with its digest, and what the database held at that moment.

A backup is a folder: `database.sqlite3` or `database.dump`, `data/` (the data folder without its database),
`objects/` (what was copied out of an object store) and, written last, `manifest.json`. A folder without a manifest
is no backup.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from server.backup import BackupError

FORMAT = 1
NAME = "manifest.json"
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """Size in bytes and SHA-256 in hex of a file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a database holds: rows of each table, hours in hundredths, chains, digest of their heads, tree root."""

    rows: dict[str, int]
    hours: int
    chains: int
    heads: str
    root: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything about a backup; `keys` holds a fingerprint of each secret key, `objects` what a store held."""

    made_at: str
    version: str
    revision: str
    database: str
    facts: Facts
    keys: dict[str, str]
    files: dict[str, Content]
    objects: dict[str, Content] = field(default_factory=dict)
    objects_copied: bool = False
    format: int = FORMAT


def write(folder: Path, manifest: Manifest) -> str:
    """Write the manifest, whole or not at all; its SHA-256 in hex."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True).encode()
    fresh = folder / f".{NAME}"
    with fresh.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)
    return hashlib.sha256(text).hexdigest()


def read(folder: Path, sha256: str | None = None) -> Manifest:
    """The manifest of a finished backup; `sha256` is what the operator wrote down when it was made."""
    path = folder / NAME
    if not path.is_file():
        raise BackupError(f"{folder} is no finished backup: it has no {NAME}")
    text = path.read_bytes()
    if sha256 is not None and hashlib.sha256(text).hexdigest() != sha256.lower():
        raise BackupError(f"{path} is not the one whose SHA-256 was given")
    try:
        return _parsed(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError(f"{path} can't be read: {error}") from error


def _parsed(found: dict[str, Any]) -> Manifest:
    if found["format"] != FORMAT:
        raise BackupError(f"the backup has format {found['format']}, this program knows {FORMAT}")
    for name in found["files"]:
        parts = PurePosixPath(name).parts
        if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
            raise BackupError(f"the backup names a file outside itself: {name}")
    contents = {kind: {name: Content(**each) for name, each in found[kind].items()} for kind in ("files", "objects")}
    return Manifest(**found | contents | {"facts": Facts(**found["facts"])})


def content_of(path: Path) -> Content:
    """Size and digest of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Content(file.tell(), digest.hexdigest())


def copied(source: Path, target: Path) -> Content:
    """Copy a file as far as it goes now, with its mode; size and digest of what was written."""
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as there, target.open("xb") as here:
        os.fchmod(here.fileno(), os.fstat(there.fileno()).st_mode & 0o777)
        while piece := there.read(PIECE):
            digest.update(piece)
            here.write(piece)
            size += len(piece)
    return Content(size, digest.hexdigest())


def files_below(folder: Path) -> Iterator[Path]:
    """Every plain file below a folder, in order; unfinished ones (hidden names) are left out, links not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path
