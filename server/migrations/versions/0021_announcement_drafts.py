"""Announcements have the name under which they were written, so that one that is sent twice is told once."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id

revision = "0021_announcement_drafts"
down_revision = "0020_topic_changes"


def upgrade() -> None:
    op.add_column("topic_announcements", sa.Column("draft", Id()))
    op.execute("UPDATE topic_announcements SET draft = id")
    with op.batch_alter_table("topic_announcements") as table:
        table.alter_column("draft", existing_type=Id(), nullable=False)
    op.create_index("ix_topic_announcements_draft", "topic_announcements", ["author", "draft"], unique=True)
