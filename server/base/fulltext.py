"""Full text in Chinese: texts are cut into words, which an index of either database finds again.

Theory of operation. Neither database knows where a Chinese word ends, so rjieba cuts what is written and what is asked,
and the words are kept with blanks between them: SQLite indexes them by FTS5 (`unicode61`), PostgreSQL by a generated
`tsvector` (`simple`). An index is an ordinary table `id, subject, words` that triggers or the database itself keep in
step. What somebody may not see is taken out by whoever asks, so that a removal is seen at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import Id, insert_ignoring, metadata
from server.rules.refusal import Refusal

LONGEST_TERM = 64
MOST_TERMS = 10

WORDS = 20_000
"""Longest list of words, in characters: that of the longest post is a third of it."""

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

    async def find(
        self,
        tx: AsyncConnection,
        words: Sequence[str],
        *,
        before: int | None,
        limit: int,
        among: sa.Select[tuple[UUID]] | None = None,
    ) -> list[Hit]:
        """The subjects whose texts have all of `words`, newest first, from below the cursor `before`.

        `among`: only those subjects, so that no page is spent on what the asker may not know of.
        """
        table = self.table
        query = sa.select(table.c.id, table.c.subject)
        order: sa.ColumnElement[int] = table.c.id
        if tx.dialect.name == "sqlite":
            # Ordered by its own rowid the index gives the newest first and stops at the limit.
            fts = sa.table(f"{self.name}_fts", sa.column("rowid", sa.Integer))
            asked = " ".join(f'"{word}"' for word in words)
            matches = sa.literal_column(f"{self.name}_fts").op("MATCH")(asked)
            query = query.select_from(fts.join(table, table.c.id == fts.c.rowid)).where(matches)
            order = fts.c.rowid
        else:
            vector: sa.ColumnClause[str] = sa.literal_column(f"{self.name}.vector")
            query = query.where(vector.op("@@")(sa.func.plainto_tsquery("simple", " ".join(words))))
        if before is not None:
            query = query.where(order < before)
        if among is not None:
            query = query.where(table.c.subject.in_(among))
        rows = await tx.execute(query.order_by(order.desc()).limit(limit))
        return [Hit(row.id, row.subject) for row in rows]


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
