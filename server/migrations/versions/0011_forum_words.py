"""The full text of the forum."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id
from server.base.fulltext import statements

revision = "0011_forum_words"
down_revision = "0010_topic_classes"


def upgrade() -> None:
    op.create_table(
        "forum_words",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject", Id(), nullable=False, unique=True),
        sa.Column("words", sa.String(20_000), nullable=False),
    )
    for statement in statements("forum_words", op.get_bind().dialect.name):
        op.execute(statement)
