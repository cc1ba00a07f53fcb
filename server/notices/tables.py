"""Tables of notices: one row for a person or for an audience, and up to when each person has read."""

import sqlalchemy as sa

from server.base.db import Id, Instant, Json, metadata

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("account", Id()),
    sa.Column("audience_path", sa.String(400)),
    sa.Column("code", sa.String(48), nullable=False),
    sa.Column("subject_kind", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("data", Json(), nullable=False),
    sa.Column("at", Instant(), nullable=False),
    sa.Index("ix_notices_account", "account", "id"),
    sa.Index("ix_notices_audience_path", "audience_path", "id"),
    sa.Index("ix_notices_subject", "subject", "code"),
    sa.Index("ix_notices_at", "at"),
)

notice_marks = sa.Table(
    "notice_marks",
    metadata,
    sa.Column("account", Id(), primary_key=True),
    sa.Column("read_until", Instant(), nullable=False),
)
