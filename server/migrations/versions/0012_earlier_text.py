"""The text of a post that others read while a change of it waits."""

import sqlalchemy as sa
from alembic import op

revision = "0012_earlier_text"
down_revision = "0011_forum_words"


def upgrade() -> None:
    op.add_column("posts", sa.Column("earlier", sa.String(2000)))
