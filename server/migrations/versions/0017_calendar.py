"""Secret addresses of calendars."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant

revision = "0017_calendar"
down_revision = "0016_topic_groups"


def upgrade() -> None:
    op.create_table(
        "calendar_addresses",
        sa.Column("account", Id(), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("made_at", Instant(), nullable=False),
    )
