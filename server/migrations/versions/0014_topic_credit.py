"""Topic classes that give planned hours on completion, and what each completion rests on."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import HoursColumn, Id, Instant, Json

revision = "0014_topic_credit"
down_revision = "0013_search_words"


def upgrade() -> None:
    op.add_column(
        "topic_classes", sa.Column("credit", sa.String(16), nullable=False, server_default=sa.text("'by_module'"))
    )
    op.add_column("topic_classes", sa.Column("hours", HoursColumn()))
    op.create_table(
        "topic_completions",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), nullable=False),
        sa.Column("account", Id(), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("hours", HoursColumn(), nullable=False),
        sa.Column("conditions", Json(), nullable=False),
        sa.Column("judged", Json(), nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("makeup", sa.Boolean, nullable=False),
        sa.Column("policy_version", sa.String(80), nullable=False),
        sa.Column("rules_version", sa.Integer, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.UniqueConstraint("topic_class", "account"),
    )
    op.create_index("ix_topic_completions_account", "topic_completions", ["account"])
