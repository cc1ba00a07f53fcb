"""What every noun stands on: events and their reactions, the lease of the clock."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant, Json

revision = "0001_base"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("v", sa.Integer, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.Column("done_at", Instant()),
    )
    op.create_index("ix_outbox_waiting", "outbox", ["done_at", "id"])
    op.create_table(
        "reacted",
        sa.Column("event", Id(), primary_key=True),
        sa.Column("reaction", sa.String(96), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
    )
