"""A data folder or a database into which a restore was begun and not finished serves nobody."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

UNFINISHED = "restore_unfinished"
"""The table that stands in a database while it is being restored."""

FOLDER_MARK = "restore.unfinished"
"""The file that stands in a data folder while it is being restored."""


class NotWhole(RuntimeError):
    """The database holds only a part of an academy."""


def is_unfinished(data: Path) -> bool:
    """Whether a restore into this data folder is under way, or was interrupted."""
    return (data / FOLDER_MARK).exists()


async def must_be_whole(tx: AsyncConnection) -> None:
    """NotWhole when a restore was begun here and not finished."""
    if await tx.run_sync(lambda connection: sa.inspect(connection).has_table(UNFINISHED)):
        raise NotWhole("a restore into this database was not finished; drop the database, make it anew and restore")
