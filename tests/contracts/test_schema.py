"""The migrated database has the shape that the stores name, on both kinds."""

import importlib
import pkgutil
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, String

import server
from server.base.db import Database, metadata
from server.base.fulltext import parts_of
from server.forum.tables import words as forum_words
from server.live.tables import words as class_words
from server.topic_classes.tables import words as topic_words

INDICES = (forum_words, class_words, topic_words)
NAMES_ONLY = {"add_constraint", "remove_constraint"}
"""A unique key that SQLite made without a name can't be told from one with; the columns are compared."""


def _load_all_stores() -> None:
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if {"tables", "store", "outbox", "schedule"} & set(module.name.split(".")):
            importlib.import_module(module.name)


def _is_named(_object: Any, name: str | None, _type: str, reflected: bool, _to: Any) -> bool:
    """Whether it is for the stores to name; what the database keeps of a full text is its own."""
    return not (reflected and any(name in parts_of(each.name) for each in INDICES))


def _differences(connection: Connection) -> list[Any]:
    options = {"compare_type": False, "include_object": _is_named}
    context = MigrationContext.configure(connection, opts=options)
    found = compare_metadata(context, metadata)
    return [each for each in found if not (isinstance(each, tuple) and each[0] in NAMES_ONLY)]


async def test_the_migrated_schema_is_the_one_that_the_stores_name(database_url: str) -> None:
    _load_all_stores()
    db = Database(database_url)
    async with db.engine.connect() as connection:
        found = await connection.run_sync(_differences)
    await db.close()
    assert found == []


async def test_every_text_column_has_a_limit() -> None:
    _load_all_stores()
    texts = [c for table in metadata.tables.values() for c in table.columns if isinstance(c.type, String)]
    assert [str(column) for column in texts if getattr(column.type, "length", None) is None] == []
