"""Tables of live classes; columns named `_ms` are whole milliseconds of the media clock since 1970 (UTC)."""

import sqlalchemy as sa

from server.base.db import Id, Instant, Json, metadata
from server.base.fulltext import Index

TITLE = 120
"""Longest title, in characters."""

REASON = 500
"""Longest reason of a cut or a cancellation, in characters."""

DEVICE = 120
"""Longest description of the device that publishes, in characters."""

classes = sa.Table(
    "classes",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("title", sa.String(TITLE), nullable=False),
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
    sa.Index("ix_classes_starts_at", "starts_at", "id"),
    sa.Index("ix_classes_state", "state", "starts_at"),
)

class_staff = sa.Table(
    "class_staff",
    metadata,
    sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
    sa.Column("account", Id(), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Index("ix_class_staff_account", "account"),
)

class_log = sa.Table(
    "class_log",
    metadata,
    sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Instant(), nullable=False),
    sa.Column("actor", Id()),
    sa.Column("act", sa.String(32), nullable=False),
    sa.Column("basis", sa.String(60)),
    sa.Column("reason", sa.String(REASON)),
    sa.Column("data", Json(), nullable=False),
)

air_stretches = sa.Table(
    "air_stretches",
    metadata,
    sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("run", sa.String(64), nullable=False),
    sa.Column("from_ms", sa.BigInteger, nullable=False),
    sa.Column("until_ms", sa.BigInteger, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
)

media_news = sa.Table(
    "media_news",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("stream", sa.String(80), nullable=False),
    sa.Column("name", sa.String(32), nullable=False),
    sa.Column("taken_at", Instant(), nullable=False),
    sa.Index("ix_media_news_taken_at", "taken_at"),
)

publishers = sa.Table(
    "publishers",
    metadata,
    sa.Column("stream", sa.String(80), primary_key=True),
    sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), nullable=False),
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("account", Id()),
    sa.Column("studio", Id()),
    sa.Column("device", sa.String(DEVICE), nullable=False),
    sa.Column("asked_at", Instant(), nullable=False),
    sa.Column("run", sa.String(64)),
    sa.Column("connected_at", Instant()),
    sa.Column("heard_at", Instant()),
    sa.Index("ix_publishers_class_id", "class_id"),
)

encoder_keys = sa.Table(
    "encoder_keys",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), nullable=False),
    sa.Column("key_sha256", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("made_by", Id(), nullable=False),
    sa.Column("made_at", Instant(), nullable=False),
    sa.Column("revoked_by", Id()),
    sa.Column("revoked_at", Instant()),
    sa.Index("ix_encoder_keys_class_id", "class_id"),
)

prepared_videos = sa.Table(
    "prepared_videos",
    metadata,
    sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
    sa.Column("file", Id(), nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("given_by", Id(), nullable=False),
    sa.Column("given_at", Instant(), nullable=False),
)

words = Index("class_words")
"""The full text of the titles."""
