"""For whom a topic class is, by category, and when a member was last reminded."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Instant, Json

revision = "0019_topic_reminders"
down_revision = "0018_pictures"


def upgrade() -> None:
    op.add_column("topic_classes", sa.Column("categories", Json(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("topic_members", sa.Column("reminded_at", Instant()))
