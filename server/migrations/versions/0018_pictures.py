"""Pictures in posts."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant

revision = "0018_pictures"
down_revision = "0017_calendar"


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("owner", Id(), nullable=False),
        sa.Column("post", Id()),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("alt", sa.String(200), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("bytes", sa.Integer),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_pictures_post", "pictures", ["post"])
    op.create_index("ix_pictures_owner", "pictures", ["owner"])
