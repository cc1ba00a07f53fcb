"""Full text in Chinese: texts are cut into words, which an index of either database finds again.

Theory of operation. Neither database knows where a Chinese word ends, so rjieba cuts what is written and what is asked,
and the words are kept with blanks between them: SQLite indexes them by FTS5 (`unicode61`), PostgreSQL by a generated
`tsvector` (`simple`). An index is an ordinary table `id, subject, words` that triggers or the database itself keep in
step. What somebody may not see is taken out by whoever asks, so that a removal is seen at once.

The newest matches are wanted. FTS5 walks its lists from the newest on and stops. GIN has no order: a frequent word is
found by walking the newest entries themselves, a seldom one by GIN, and PostgreSQL's guess which it is goes wrong where
words avoid each other (1.4 s at a million posts). So it is not left to guess: the newest entries first, and where
they don't fill a page, GIN.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import Id, insert_ignoring, metadata
from server.base.patience import patience
from server.rules.refusal import Refusal

LONGEST_TERM = 64
MOST_TERMS = 10
LONGEST_SEARCH = MOST_TERMS * LONGEST_TERM + MOST_TERMS - 1
"""In characters, with the spaces; in an address of 8,190 bytes there is room for it in whatever script."""

WORDS = 20_000
"""Longest list of words, in characters: that of the longest post is a third of it."""

NEWEST = 5_000
"""So many of the newest entries are walked through before PostgreSQL's index is asked."""

PATIENCE_S = 2.0

Among = sa.Select[tuple[UUID]] | None

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject whose text has all the words; `id` is the cursor: newer entries have higher ones."""

    id: int
    subject: UUID


def words_of(text: str) -> list[str]:
    """The words of a text, overlapping ones too (现代, 现代化), without punctuation, in small letters."""
    import rjieba  # its dictionary takes a quarter of a second to load

    return [word for part in rjieba.cut_for_search(text.lower()) for word in _WORD.findall(part)]


def terms_of(query: str) -> list[str]:
    """The words that are asked for; refuses `search.empty` and `search.too_long` (422)."""
    terms = query.split()
    if len(terms) > MOST_TERMS or any(len(term) > LONGEST_TERM for term in terms):
        raise Refusal("search.too_long", status=422, field="q", terms=MOST_TERMS, length=LONGEST_TERM)
    words = list(dict.fromkeys(words_of(query)))
    if not words:
        raise Refusal("search.empty", status=422, field="q")
    return words


class Index:
    """One index; its tables are made by a migration with `statements`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.table = sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("subject", Id(), nullable=False, unique=True),
            sa.Column("words", sa.String(WORDS), nullable=False),
        )

    async def put(self, tx: AsyncConnection, subject: UUID, text: str) -> None:
        """Keep the words of a text, in the place of those that the subject had."""
        words = " ".join(words_of(text))
        table = self.table
        added = await tx.execute(insert_ignoring(tx, table).values(subject=subject, words=words))
        if not added.rowcount:
            await tx.execute(table.update().where(table.c.subject == subject).values(words=words))

    async def drop(self, tx: AsyncConnection, subject: UUID) -> None:
        """Find the subject no more."""
        await tx.execute(self.table.delete().where(self.table.c.subject == subject))

    async def find(
        self,
        tx: AsyncConnection,
        words: Sequence[str],
        *,
        before: int | None,
        limit: int,
        among: Among = None,
    ) -> list[Hit]:
        """The subjects whose texts have all of `words`, newest first, from below the cursor `before`.

        `among`: only those subjects, so that no page is spent on what the asker may not know of. Refuses
        `search.too_slow` after `PATIENCE_S`.
        """
        async with patience(tx, PATIENCE_S, "search.too_slow"):
            if tx.dialect.name == "sqlite":
                return await self._by_fts(tx, words, before, limit, among)
            return await self._by_vector(tx, words, before, limit, among)

    async def _by_fts(
        self, tx: AsyncConnection, words: Sequence[str], before: int | None, limit: int, among: Among
    ) -> list[Hit]:
        table = self.table
        fts = sa.table(f"{self.name}_fts", sa.column("rowid", sa.Integer))
        asked = " ".join(f'"{word}"' for word in words)
        matches = sa.literal_column(f"{self.name}_fts").op("MATCH")(asked)
        query: sa.Select[Any] = sa.select(table.c.id, table.c.subject).where(matches)
        query = _only(query.select_from(fts.join(table, table.c.id == fts.c.rowid)), table.c.subject, among)
        if before is not None:
            query = query.where(fts.c.rowid < before)
        return await _hits(tx, query.order_by(fts.c.rowid.desc()).limit(limit))

    async def _by_vector(
        self, tx: AsyncConnection, words: Sequence[str], before: int | None, limit: int, among: Among
    ) -> list[Hit]:
        table = self.table
        vector: sa.ColumnClause[str] = sa.literal_column(f"{self.name}.vector")
        asked = vector.op("@@")(sa.func.plainto_tsquery("simple", " ".join(words)))
        query = sa.select(table.c.id, table.c.subject).where(asked)
        end: Any = before
        if before is None:
            end = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) + 1).scalar_subquery()
        near = _only(query, table.c.subject, among).where(table.c.id < end, table.c.id >= end - NEWEST)
        found = await _hits(tx, near.order_by(table.c.id.desc()).limit(limit))
        if len(found) == limit:
            return found
        await tx.execute(sa.text("SET LOCAL enable_seqscan = off"))
        # Only GIN can answer what stands inside: a bound of `id` there would bring the other index back.
        matches = query.cte("hits").prefix_with("MATERIALIZED")
        older = _only(sa.select(matches).where(matches.c.id < end), matches.c.subject, among)
        return await _hits(tx, older.order_by(matches.c.id.desc()).limit(limit))


def _only(query: sa.Select[Any], subject: sa.ColumnElement[UUID], among: Among) -> sa.Select[Any]:
    return query if among is None else query.where(subject.in_(among))


async def _hits(tx: AsyncConnection, query: sa.Select[Any]) -> list[Hit]:
    return [Hit(row.id, row.subject) for row in await tx.execute(query)]


def statements(name: str, dialect: str) -> list[str]:
    """What a migration runs after it has made the table `name` (`id, subject, words`)."""
    if dialect != "sqlite":
        vector = "tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
        return [
            f"ALTER TABLE {name} ADD COLUMN vector {vector}",
            f"CREATE INDEX ix_{name}_vector ON {name} USING gin (vector)",
        ]
    fts = f"{name}_fts"
    add = f"INSERT INTO {fts}(rowid, words) VALUES (new.id, new.words);"  # noqa: S608 - a name of our own
    take = f"INSERT INTO {fts}({fts}, rowid, words) VALUES ('delete', old.id, old.words);"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE {fts} USING fts5(words, content='{name}', content_rowid='id', tokenize='unicode61')",
        f"CREATE TRIGGER {name}_added AFTER INSERT ON {name} BEGIN {add} END",
        f"CREATE TRIGGER {name}_taken AFTER DELETE ON {name} BEGIN {take} END",
        f"CREATE TRIGGER {name}_changed AFTER UPDATE ON {name} BEGIN {take} {add} END",
    ]


def parts_of(name: str) -> set[str]:
    """What an index has beside its table, on either database: tables, a column and an index of the database's own."""
    tables = {f"{name}_fts{end}" for end in ("", "_data", "_idx", "_docsize", "_config")}
    return tables | {"vector", f"ix_{name}_vector"}
