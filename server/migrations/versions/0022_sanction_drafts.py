"""Sanctions have the name under which they were written, so that one that is sent twice is imposed once."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id

revision = "0022_sanction_drafts"
down_revision = "0021_announcement_drafts"


def upgrade() -> None:
    op.add_column("sanctions", sa.Column("draft", Id()))
    op.execute("UPDATE sanctions SET draft = id")
    with op.batch_alter_table("sanctions") as table:
        table.alter_column("draft", existing_type=Id(), nullable=False)
    op.create_index("ix_sanctions_draft", "sanctions", ["proposed_by", "draft"], unique=True)
