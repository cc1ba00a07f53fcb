"""Tables of people: units, accounts, roles, sessions, looks, codes; nobody else joins them."""

import sqlalchemy as sa

from server.base.db import Id, Instant, Json, metadata

units = sa.Table(
    "units",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("parent", Id(), sa.ForeignKey("units.id")),
    sa.Column("path", sa.String(400), nullable=False, unique=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("is_sub_centre", sa.Boolean, nullable=False),
    sa.Column("telephone", sa.String(40)),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("pseudonym", Id(), nullable=False, unique=True),
    sa.Column("staff_number", sa.String(32), nullable=False, unique=True),
    sa.Column("identity_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("identity_cipher", sa.LargeBinary(200), nullable=False),
    sa.Column("identity_masked", sa.String(20), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("unit", Id(), sa.ForeignKey("units.id"), nullable=False),
    sa.Column("authority", Id(), sa.ForeignKey("units.id"), nullable=False),
    sa.Column("category", sa.String(16), nullable=False),
    sa.Column("post", sa.String(60), nullable=False),
    sa.Column("rank", sa.String(60), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("left_reason", sa.String(16)),
    sa.Column("joined_at", Instant(), nullable=False),
    sa.Column("left_at", Instant()),
    sa.Column("password", sa.String(200), nullable=False),
    sa.Column("password_at", Instant(), nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("terms_at", Instant()),
    sa.Column("settings", Json(), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("ix_accounts_unit", "unit"),
    sa.Index("ix_accounts_authority", "authority"),
)

old_passwords = sa.Table(
    "old_passwords",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("account", Id(), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("password", sa.String(200), nullable=False),
    sa.Index("ix_old_passwords_account", "account"),
)

holdings = sa.Table(
    "holdings",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("account", Id(), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("scope_kind", sa.String(16), nullable=False),
    sa.Column("scope_id", Id()),
    sa.Column("until", Instant()),
    sa.Column("given_by", Id()),
    sa.Column("given_at", Instant(), nullable=False),
    sa.Column("taken_by", Id()),
    sa.Column("taken_at", Instant()),
    sa.Index("ix_holdings_account", "account"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("account", Id(), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("device", sa.String(300), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("signed_in_at", Instant(), nullable=False),
    sa.Column("seen_at", Instant(), nullable=False),
    sa.Column("until", Instant(), nullable=False),
    sa.Column("ended_at", Instant()),
    sa.Column("ended_by", sa.String(32)),
    sa.Index("ix_sessions_account", "account", "ended_at"),
    sa.Index("ix_sessions_ended_at", "ended_at", "until"),
)

looks = sa.Table(
    "looks",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("person", Id(), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("by", Id(), nullable=False),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("at", Instant(), nullable=False),
    sa.Index("ix_looks_person", "person", "id"),
)

reset_codes = sa.Table(
    "reset_codes",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("account", Id(), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("made_at", Instant(), nullable=False),
    sa.Column("used_at", Instant()),
    sa.Index("ix_reset_codes_account", "account"),
)

acts = sa.Table(
    "acts",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("at", Instant(), nullable=False),
    sa.Column("actor", Id()),
    sa.Column("verb", sa.String(40), nullable=False),
    sa.Column("person", Id()),
    sa.Column("result", sa.String(40), nullable=False),
    sa.Index("ix_acts_person", "person", "id"),
)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", Json(), nullable=False),
)
