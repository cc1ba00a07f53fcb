"""A PostgreSQL database by its own tools: `pg_dump` of an exported snapshot, `pg_restore` in one transaction."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.backup import BackupError
from server.base.db import Database
from server.base.unfinished import UNFINISHED

_DEBIAN = Path("/usr/lib/postgresql")


@asynccontextmanager
async def snapshot(db: Database) -> AsyncIterator[tuple[AsyncConnection, str]]:
    """One view of the data, and the name by which `pg_dump` sees the same one while this is open."""
    async with db.engine.execution_options(isolation_level="REPEATABLE READ").begin() as tx:
        name = await tx.scalar(sa.text("select pg_export_snapshot()"))
        yield tx, str(name)


async def dump(url: sa.URL, name: str, target: Path) -> None:
    """Write the view called `name` in PostgreSQL's custom format."""
    options = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", f"--snapshot={name}"]
    await _run("pg_dump", url, *options, f"--file={target}")


async def load(url: sa.URL, dumped: Path) -> None:
    """Fill an empty database, whole or not at all."""
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    await _run("pg_restore", url, *options, str(dumped))


async def begin(db: Database) -> None:
    """Mark an empty database as not whole yet; BackupError when it isn't empty."""
    async with db.engine.begin() as tx:
        there = await tx.run_sync(lambda connection: sa.inspect(connection).get_table_names())
        if UNFINISHED in there:
            raise BackupError("an interrupted restore lies in the database; drop it and make it anew, then restore")
        if there:
            raise BackupError(f"the database is not empty ({len(there)} tables); restore goes into an empty one only")
        await tx.execute(sa.text(f"create table {UNFINISHED} (at timestamptz not null default now())"))


async def finish(db: Database) -> None:
    """Take the mark away."""
    async with db.engine.begin() as tx:
        await tx.execute(sa.text(f"drop table {UNFINISHED}"))


def tool(name: str) -> str:
    """Where a tool of PostgreSQL is, the newest version first; BackupError when it isn't there."""
    found = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise BackupError(f"{name} is not on this computer: install PostgreSQL's client tools (postgresql-client)")
    return path


async def _run(name: str, url: sa.URL, *options: str) -> None:
    """Run a tool; the password goes by the environment, which other people of the computer can't see."""
    address = url.set(drivername="postgresql", password=None).render_as_string()
    env = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    process = await asyncio.create_subprocess_exec(
        tool(name), f"--dbname={address}", *options, env=env, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise BackupError(f"{name} failed: {said.decode(errors='replace').strip()[-2000:]}")
