"""The full text of live classes and topic classes, with what is there already."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id
from server.base.fulltext import statements, words_of

revision = "0013_search_words"
down_revision = "0012_earlier_text"


def upgrade() -> None:
    _index("class_words", "classes", "title")
    _index("topic_words", "topic_classes", "title", "about")


def _index(name: str, source: str, *texts: str) -> None:
    words = op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject", Id(), nullable=False, unique=True),
        sa.Column("words", sa.String(20_000), nullable=False),
    )
    connection = op.get_bind()
    for statement in statements(name, connection.dialect.name):
        op.execute(statement)
    table = sa.table(source, sa.column("id", Id()), *(sa.column(each, sa.String) for each in texts))
    for row in connection.execute(sa.select(table).order_by(table.c.id)).all():
        found = " ".join(words_of("\n".join(row[1:])))
        connection.execute(words.insert().values(subject=row.id, words=found))
