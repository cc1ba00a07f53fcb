"""The addresses of calendars, each kept as the hash of its secret."""

import sqlalchemy as sa

from server.base.db import Id, Instant, metadata

calendar_addresses = sa.Table(
    "calendar_addresses",
    metadata,
    sa.Column("account", Id(), sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("secret_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("made_at", Instant(), nullable=False),
)
