"""`migrate`: bring the database to the newest shape."""

import argparse

import sqlalchemy as sa

from server.base.config import Settings
from server.base.data_folder import OtherShape, stamp
from server.base.db import Database
from server.commands import CommandError, Result
from server.migrations.run import migrate


async def run(settings: Settings, arguments: argparse.Namespace) -> Result:
    """Its revision, once it has the newest; a new data folder gets its version."""
    try:
        stamp(settings.data)
    except OtherShape as error:
        raise CommandError(str(error), 3) from error
    db = Database(settings.database)
    try:
        await migrate(db)
        async with db.read() as tx:
            revision = (await tx.execute(sa.text("select version_num from alembic_version"))).scalar_one()
    finally:
        await db.close()
    return {"revision": revision}
