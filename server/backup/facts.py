"""What a database holds, in figures that are the same before a backup and after its restore."""

import hashlib
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.backup.manifest import Facts
from server.base.db import metadata
from server.hours.store import ledger
from server.rules.merkle import root


async def tables(tx: AsyncConnection) -> set[str]:
    """The names of all tables that are there, those of the search index left out."""
    there: set[str] = set(await tx.run_sync(lambda connection: sa.inspect(connection).get_table_names()))
    return there & set(metadata.tables)


async def facts(tx: AsyncConnection, names: Iterable[str]) -> Facts:
    """The figures of one view of the data."""
    rows = {name: await _rows(tx, name) for name in sorted(names)}
    heads = hashlib.sha256()
    ends = await ledger.heads(tx)
    for learner, chain_seq, leaf_hash in ends:
        heads.update(learner.bytes + chain_seq.to_bytes(4, "big") + leaf_hash)
    tree = root(leaf_hash for _, leaf_hash in await ledger.placed(tx)).hex()
    return Facts(rows, await ledger.total(tx), len(ends), heads.hexdigest(), tree)


async def revision(tx: AsyncConnection) -> str:
    """The step of the migrations at which the database is."""
    return str(await tx.scalar(sa.text("select version_num from alembic_version")))


async def _rows(tx: AsyncConnection, name: str) -> int:
    return int(await tx.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0)
