"""Tables of moderation: posts, reports, decisions, reviews, sanctions; nothing is deleted, no decision edited."""

import sqlalchemy as sa

from server.base.db import Id, Instant, Json, metadata

TEXT = 2000
"""Longest post, in characters."""

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("place_kind", sa.String(16), nullable=False),
    sa.Column("place_id", Id(), nullable=False),
    sa.Column("place_name", sa.String(200), nullable=False),
    sa.Column("author", Id(), nullable=False),
    sa.Column("author_role", sa.String(16), nullable=False),
    sa.Column("unit_path", sa.String(400), nullable=False),
    sa.Column("authority_path", sa.String(400), nullable=False),
    sa.Column("audience_path", sa.String(400), nullable=False),
    sa.Column("draft", Id(), nullable=False),
    sa.Column("text", sa.String(TEXT), nullable=False),
    sa.Column("earlier", sa.String(TEXT)),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("written_at", Instant(), nullable=False),
    sa.Column("state_at", Instant(), nullable=False),
    sa.Column("media_ms", sa.BigInteger),
    sa.Column("screened", sa.String(8), nullable=False),
    sa.Column("category", sa.String(32)),
    sa.Column("marks", Json(), nullable=False),
    sa.Column("release_at", Instant()),
    sa.Column("reports", sa.Integer, nullable=False, server_default="0"),
    sa.Column("covered", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("claimed_by", Id()),
    sa.Column("claimed_until", Instant()),
    sa.Column("topic_class", Id()),
    sa.UniqueConstraint("author", "draft"),
    sa.Index("ix_posts_topic_class", "topic_class", "author"),
    sa.Index("ix_posts_place", "place_kind", "place_id", "state", "id"),
    sa.Index("ix_posts_author", "author", "id"),
    sa.Index("ix_posts_state", "state", "state_at"),
)

post_versions = sa.Table(
    "post_versions",
    metadata,
    sa.Column("post", Id(), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("text", sa.String(TEXT), nullable=False),
    sa.Column("replaced_at", Instant(), nullable=False),
)

pictures = sa.Table(
    "pictures",
    metadata,
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
    sa.Index("ix_pictures_post", "post"),
    sa.Index("ix_pictures_owner", "owner"),
)

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("post", Id(), sa.ForeignKey("posts.id"), nullable=False),
    sa.Column("reporter", Id(), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("at", Instant(), nullable=False),
    sa.Column("settled_at", Instant()),
    sa.UniqueConstraint("post", "reporter"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("post", Id(), sa.ForeignKey("posts.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("was", sa.String(16), nullable=False),
    sa.Column("actor", Id()),
    sa.Column("at", Instant(), nullable=False),
    sa.Column("kind", sa.String(32)),
    sa.Column("basis", sa.String(40)),
    sa.Column("reason", sa.String(500)),
    sa.Column("undoes", Id()),
    sa.Index("ix_decisions_post", "post", "id"),
)

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("post", Id(), sa.ForeignKey("posts.id"), nullable=False),
    sa.Column("decision", Id(), sa.ForeignKey("decisions.id"), nullable=False, unique=True),
    sa.Column("text", sa.String(1000), nullable=False),
    sa.Column("asked_at", Instant(), nullable=False),
    sa.Column("outcome", sa.String(16)),
    sa.Column("reason", sa.String(500)),
    sa.Column("reviewer", Id()),
    sa.Column("reviewed_at", Instant()),
)

place_pauses = sa.Table(
    "place_pauses",
    metadata,
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
    sa.Index("ix_place_pauses_place", "place_id", "ended_at"),
)

sanctions = sa.Table(
    "sanctions",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("person", Id(), nullable=False),
    sa.Column("unit_path", sa.String(400), nullable=False),
    sa.Column("authority_path", sa.String(400), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("place_kind", sa.String(16)),
    sa.Column("place_id", Id()),
    sa.Column("place_name", sa.String(200)),
    sa.Column("begins_at", Instant(), nullable=False),
    sa.Column("until", Instant()),
    sa.Column("basis", sa.String(40), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("proposed_by", Id(), nullable=False),
    sa.Column("proposed_at", Instant(), nullable=False),
    sa.Column("settled_by", Id()),
    sa.Column("settled_at", Instant()),
    sa.Column("draft", Id(), nullable=False),
    sa.Index("ix_sanctions_person", "person", "state"),
    sa.Index("ix_sanctions_draft", "proposed_by", "draft", unique=True),
)
