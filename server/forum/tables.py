"""Tables of the forum: boards, threads, the place of each post in its thread; the posts themselves are moderation's."""

import sqlalchemy as sa

from server.base.db import Id, Instant, metadata
from server.base.fulltext import Index

TITLE = 100
"""Longest title of a thread, in characters."""

boards = sa.Table(
    "boards",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("title", sa.String(60), nullable=False),
    sa.Column("description", sa.String(300), nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("made_at", Instant(), nullable=False),
    sa.Column("speak_from", sa.String(5), nullable=False, server_default="00:00"),
    sa.Column("speak_until", sa.String(5), nullable=False, server_default="00:00"),
    sa.Column("topic_class", Id()),
    sa.Column("unit_path", sa.String(400), nullable=False, server_default=""),
    sa.Index("ix_boards_topic_class", "topic_class", unique=True),
)
"""A board with a `topic_class` is the discussion group of its members; `unit_path`: the unit that holds it."""

threads = sa.Table(
    "threads",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("board", Id(), sa.ForeignKey("boards.id"), nullable=False),
    sa.Column("title", sa.String(TITLE), nullable=False),
    sa.Column("author", Id(), nullable=False),
    sa.Column("opening", Id(), nullable=False),
    sa.Column("opened_at", Instant(), nullable=False),
    sa.Column("last_at", Instant(), nullable=False),
    sa.Column("last_number", sa.Integer, nullable=False),
    sa.UniqueConstraint("author", "opening"),
    sa.Index("ix_threads_board", "board", "last_at", "id"),
)

thread_posts = sa.Table(
    "thread_posts",
    metadata,
    sa.Column("thread", Id(), sa.ForeignKey("threads.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("post", Id(), nullable=False, unique=True),
    sa.Column("quotes", sa.Integer),
)

thread_followers = sa.Table(
    "thread_followers",
    metadata,
    sa.Column("thread", Id(), sa.ForeignKey("threads.id"), primary_key=True),
    sa.Column("account", Id(), primary_key=True),
    sa.Column("since", Instant(), nullable=False),
    sa.Index("ix_thread_followers_account", "account"),
)

thread_marks = sa.Table(
    "thread_marks",
    metadata,
    sa.Column("account", Id(), primary_key=True),
    sa.Column("thread", Id(), sa.ForeignKey("threads.id"), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)

words = Index("forum_words")
"""The full text of all posts of the forum, whatever their state; who searches sees what he may read."""
