"""What is said: posts, reports, decisions, reviews, sanctions."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant, Json

revision = "0003_moderation"
down_revision = "0002_people"


def upgrade() -> None:
    _posts()
    _about_posts()
    _sanctions()


def _posts() -> None:
    op.create_table(
        "posts",
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
        sa.Column("text", sa.String(2000), nullable=False),
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
        sa.UniqueConstraint("author", "draft", name="uq_posts_author_draft"),
    )
    op.create_index("ix_posts_place", "posts", ["place_kind", "place_id", "state", "id"])
    op.create_index("ix_posts_author", "posts", ["author", "id"])
    op.create_index("ix_posts_state", "posts", ["state", "state_at"])


def _about_posts() -> None:
    op.create_table(
        "reports",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("post", Id(), sa.ForeignKey("posts.id"), nullable=False),
        sa.Column("reporter", Id(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("settled_at", Instant()),
        sa.UniqueConstraint("post", "reporter", name="uq_reports_post_reporter"),
    )
    op.create_table(
        "decisions",
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
    )
    op.create_index("ix_decisions_post", "decisions", ["post", "id"])
    op.create_table(
        "reviews",
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


def _sanctions() -> None:
    op.create_table(
        "sanctions",
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
    )
    op.create_index("ix_sanctions_person", "sanctions", ["person", "state"])
