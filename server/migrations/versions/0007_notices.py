"""Notices, and up to when each person has read."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant, Json

revision = "0007_notices"
down_revision = "0006_hours"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("account", Id()),
        sa.Column("audience_path", sa.String(400)),
        sa.Column("code", sa.String(48), nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_index("ix_notices_account", "notices", ["account", "id"])
    op.create_index("ix_notices_audience_path", "notices", ["audience_path", "id"])
    op.create_index("ix_notices_subject", "notices", ["subject", "code"])
    op.create_index("ix_notices_at", "notices", ["at"])
    op.create_table(
        "notice_marks",
        sa.Column("account", Id(), primary_key=True),
        sa.Column("read_until", Instant(), nullable=False),
    )
