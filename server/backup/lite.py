"""An SQLite database copied while it is written: the online backup of SQLite itself, in one view of the data."""

import sqlite3
from contextlib import closing
from pathlib import Path

from server.backup import BackupError

BUSY_S = 5.0


def copy(source: Path, target: Path) -> None:
    """Copy a database that others go on writing (WAL: they don't wait); BackupError where there is none."""
    if not source.is_file():
        raise BackupError(f"there is no database at {source}")
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)) as there,
        closing(sqlite3.connect(target)) as here,
    ):
        here.execute("pragma synchronous = off")
        there.backup(here)
    check(target)


def check(path: Path) -> None:
    """BackupError when the file is no whole database."""
    try:
        with closing(sqlite3.connect(path)) as database:
            said = database.execute("pragma quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise BackupError(f"{path} is no whole database: {said}")
