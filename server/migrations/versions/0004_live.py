"""Live classes: plan, staff, log, air time, publishing."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant, Json

revision = "0004_live"
down_revision = "0003_moderation"


def upgrade() -> None:
    _classes()
    _about_classes()
    _air()
    _publishing()


def _classes() -> None:
    op.create_table(
        "classes",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("family", sa.String(16), nullable=False),
        sa.Column("topic", sa.String(60)),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("planned_minutes", sa.Integer, nullable=False),
        sa.Column("unit_path", sa.String(400), nullable=False),
        sa.Column("audience_unit", Id()),
        sa.Column("audience_path", sa.String(400), nullable=False),
        sa.Column("speaking", sa.Boolean, nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("slow_s", sa.Integer, nullable=False),
        sa.Column("frozen", sa.Boolean, nullable=False),
        sa.Column("min_kbps", sa.Integer),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("state_since", Instant(), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("went_on_air_at", Instant()),
        sa.Column("heard_at", Instant()),
        sa.Column("ended_at", Instant()),
        sa.Column("interrupted_since", Instant()),
        sa.Column("resumes_at", Instant()),
        sa.Column("recording", sa.String(8), nullable=False),
        sa.Column("planned_by", Id()),
        sa.Column("planned_at", Instant(), nullable=False),
    )
    op.create_index("ix_classes_starts_at", "classes", ["starts_at", "id"])
    op.create_index("ix_classes_state", "classes", ["state", "starts_at"])


def _about_classes() -> None:
    op.create_table(
        "class_staff",
        sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
        sa.Column("account", Id(), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_index("ix_class_staff_account", "class_staff", ["account"])
    op.create_table(
        "class_log",
        sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", Id()),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("basis", sa.String(60)),
        sa.Column("reason", sa.String(500)),
        sa.Column("data", Json(), nullable=False),
    )


def _air() -> None:
    op.create_table(
        "air_stretches",
        sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("from_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
    )
    op.create_table(
        "media_news",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
    )
    op.create_index("ix_media_news_taken_at", "media_news", ["taken_at"])


def _publishing() -> None:
    op.create_table(
        "publishers",
        sa.Column("stream", sa.String(80), primary_key=True),
        sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("account", Id()),
        sa.Column("studio", Id()),
        sa.Column("device", sa.String(120), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("run", sa.String(64)),
        sa.Column("connected_at", Instant()),
        sa.Column("heard_at", Instant()),
    )
    op.create_index("ix_publishers_class_id", "publishers", ["class_id"])
    op.create_table(
        "encoder_keys",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), nullable=False),
        sa.Column("key_sha256", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("made_by", Id(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("revoked_by", Id()),
        sa.Column("revoked_at", Instant()),
    )
    op.create_index("ix_encoder_keys_class_id", "encoder_keys", ["class_id"])
    op.create_table(
        "prepared_videos",
        sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
        sa.Column("file", Id(), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("given_by", Id(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
    )
