"""Who changed the plan of a topic class last, and when."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant

revision = "0020_topic_changes"
down_revision = "0019_topic_reminders"


def upgrade() -> None:
    op.add_column("topic_classes", sa.Column("changed_by", Id()))
    op.add_column("topic_classes", sa.Column("changed_at", Instant()))
