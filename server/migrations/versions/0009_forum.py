"""The forum: boards, threads, the place of each post, earlier texts, followers, read marks."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant

revision = "0009_forum"
down_revision = "0008_exemptions"


def upgrade() -> None:
    op.create_table(
        "boards",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("description", sa.String(300), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_table(
        "threads",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("board", Id(), sa.ForeignKey("boards.id"), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("author", Id(), nullable=False),
        sa.Column("opening", Id(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
        sa.UniqueConstraint("author", "opening"),
    )
    op.create_index("ix_threads_board", "threads", ["board", "last_at", "id"])
    op.create_table(
        "thread_posts",
        sa.Column("thread", Id(), sa.ForeignKey("threads.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("post", Id(), nullable=False, unique=True),
        sa.Column("quotes", sa.Integer),
    )
    op.create_table(
        "post_versions",
        sa.Column("post", Id(), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("replaced_at", Instant(), nullable=False),
    )
    op.create_table(
        "thread_followers",
        sa.Column("thread", Id(), sa.ForeignKey("threads.id"), primary_key=True),
        sa.Column("account", Id(), primary_key=True),
        sa.Column("since", Instant(), nullable=False),
    )
    op.create_index("ix_thread_followers_account", "thread_followers", ["account"])
    op.create_table(
        "thread_marks",
        sa.Column("account", Id(), primary_key=True),
        sa.Column("thread", Id(), sa.ForeignKey("threads.id"), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
