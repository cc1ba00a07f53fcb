"""Brings a database to the newest shape."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from server.base.db import Database


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run every step up to `revision` on an open connection."""
    command.upgrade(_config(connection), revision)


async def migrate(db: Database) -> None:
    """Bring `db` to the newest shape; does nothing when it is there already."""
    async with db.engine.connect() as tx:
        await tx.run_sync(upgrade)
        await tx.commit()
