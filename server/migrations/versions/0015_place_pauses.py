"""Pauses of all speaking in a place, and the hours of speaking of a board."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant

revision = "0015_place_pauses"
down_revision = "0014_topic_credit"


def upgrade() -> None:
    op.create_table(
        "place_pauses",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("place_kind", sa.String(16), nullable=False),
        sa.Column("place_id", Id(), nullable=False),
        sa.Column("begun_by", Id(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("until", Instant()),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("ended_by", Id()),
        sa.Column("ended_at", Instant()),
    )
    op.create_index("ix_place_pauses_place", "place_pauses", ["place_id", "ended_at"])
    op.add_column("boards", sa.Column("speak_from", sa.String(5), nullable=False, server_default="00:00"))
    op.add_column("boards", sa.Column("speak_until", sa.String(5), nullable=False, server_default="00:00"))
