"""Topic classes: plan, modules, roster and announcements."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant

revision = "0010_topic_classes"
down_revision = "0009_forum"


def upgrade() -> None:
    op.create_table(
        "topic_classes",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("about", sa.String(2000), nullable=False),
        sa.Column("teacher", Id(), nullable=False),
        sa.Column("unit", Id(), nullable=False),
        sa.Column("unit_path", sa.String(400), nullable=False),
        sa.Column("self_enrolment", sa.Boolean, nullable=False),
        sa.Column("capacity", sa.Integer),
        sa.Column("begins_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_topic_classes_state", "topic_classes", ["state", "ends_at"])
    op.create_index("ix_topic_classes_begins_at", "topic_classes", ["begins_at", "id"])
    op.create_table(
        "topic_modules",
        sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
        sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("needed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_topic_modules_topic_class", "topic_modules", ["topic_class", "place"])
    op.create_table(
        "topic_members",
        sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), primary_key=True),
        sa.Column("account", Id(), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("completed_at", Instant()),
    )
    op.create_index("ix_topic_members_account", "topic_members", ["account"])
    op.create_table(
        "topic_announcements",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), nullable=False),
        sa.Column("author", Id(), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_index("ix_topic_announcements_topic_class", "topic_announcements", ["topic_class", "id"])
