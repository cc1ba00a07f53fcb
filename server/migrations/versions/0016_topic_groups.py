"""Discussion groups of topic classes: boards for their members, discussion as a module."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id

revision = "0016_topic_groups"
down_revision = "0015_place_pauses"


def upgrade() -> None:
    op.add_column("boards", sa.Column("topic_class", Id()))
    op.add_column("boards", sa.Column("unit_path", sa.String(400), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_boards_topic_class", "boards", ["topic_class"], unique=True)
    op.add_column("posts", sa.Column("topic_class", Id()))
    op.create_index("ix_posts_topic_class", "posts", ["topic_class", "author"])
    op.create_table(
        "topic_discussions",
        sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("needed", sa.Boolean, nullable=False),
    )
