"""Tables of topic classes: the plan, its modules, its roster and what was announced."""

import sqlalchemy as sa

from server.base.db import HoursColumn, Id, Instant, Json, metadata
from server.base.fulltext import Index

TITLE = 120
"""Longest title, in characters."""

TEXT = 2000
"""Longest description or announcement, in characters."""

topic_classes = sa.Table(
    "topic_classes",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("title", sa.String(TITLE), nullable=False),
    sa.Column("about", sa.String(TEXT), nullable=False),
    sa.Column("teacher", Id(), nullable=False),
    sa.Column("unit", Id(), nullable=False),
    sa.Column("unit_path", sa.String(400), nullable=False),
    sa.Column("self_enrolment", sa.Boolean, nullable=False),
    sa.Column("capacity", sa.Integer),
    sa.Column("begins_at", Instant(), nullable=False),
    sa.Column("ends_at", Instant(), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("credit", sa.String(16), nullable=False, server_default="by_module"),
    sa.Column("hours", HoursColumn()),
    sa.Column("categories", Json(), nullable=False, server_default="[]"),
    sa.Column("changed_by", Id()),
    sa.Column("changed_at", Instant()),
    sa.Index("ix_topic_classes_state", "state", "ends_at"),
    sa.Index("ix_topic_classes_begins_at", "begins_at", "id"),
)

topic_modules = sa.Table(
    "topic_modules",
    metadata,
    sa.Column("class_id", Id(), sa.ForeignKey("classes.id"), primary_key=True),
    sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("needed", sa.Boolean, nullable=False),
    sa.Index("ix_topic_modules_topic_class", "topic_class", "place"),
)
"""A live class belongs to one topic class at most, so that the same content never counts for two."""

topic_discussions = sa.Table(
    "topic_discussions",
    metadata,
    sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("needed", sa.Boolean, nullable=False),
)
"""The discussion where it is a module; it comes after `place` live classes."""

topic_members = sa.Table(
    "topic_members",
    metadata,
    sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), primary_key=True),
    sa.Column("account", Id(), sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("place", sa.String(16), nullable=False),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("since", Instant(), nullable=False),
    sa.Column("completed_at", Instant()),
    sa.Column("reminded_at", Instant()),
    sa.Index("ix_topic_members_account", "account"),
)
"""`asked` numbers those who asked for a place, from 1."""

topic_completions = sa.Table(
    "topic_completions",
    metadata,
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
    sa.Index("ix_topic_completions_account", "account"),
)
"""What a completion with `on_completion` rests on, one row for each learner, held against the evidence again."""

topic_announcements = sa.Table(
    "topic_announcements",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("topic_class", Id(), sa.ForeignKey("topic_classes.id"), nullable=False),
    sa.Column("author", Id(), nullable=False),
    sa.Column("draft", Id(), nullable=False),
    sa.Column("text", sa.String(TEXT), nullable=False),
    sa.Column("at", Instant(), nullable=False),
    sa.Index("ix_topic_announcements_topic_class", "topic_class", "id"),
    sa.Index("ix_topic_announcements_draft", "author", "draft", unique=True),
)

words = Index("topic_words")
"""The full text of titles and descriptions."""
