"""Exemptions from a year's assessment; at most one stands for a person and a year."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant

revision = "0008_exemptions"
down_revision = "0007_notices"


def upgrade() -> None:
    op.create_table(
        "exemptions",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("account", Id(), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("ground", sa.String(16), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("given_by", Id()),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("withdrawn_by", Id()),
        sa.Column("withdrawn_at", Instant()),
    )
    stands = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "ix_exemptions_standing", "exemptions", ["account", "year"], unique=True,
        sqlite_where=stands, postgresql_where=stands,
    )  # fmt: skip
    op.create_index("ix_exemptions_account", "exemptions", ["account", "id"])
