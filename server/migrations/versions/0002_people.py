"""People: units, accounts, roles, sessions, looks, codes."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import Id, Instant, Json

revision = "0002_people"
down_revision = "0001_base"


def upgrade() -> None:
    _units()
    _accounts()
    _old_passwords()
    _holdings()
    _sessions()
    _looks()
    _reset_codes()
    _acts()
    _marks()
    for table in ("looks", "acts"):
        _append_only(table)


def _units() -> None:
    op.create_table(
        "units",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("parent", Id(), sa.ForeignKey("units.id")),
        sa.Column("path", sa.String(400), nullable=False, unique=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("is_sub_centre", sa.Boolean, nullable=False),
        sa.Column("telephone", sa.String(40)),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
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
    )
    op.create_index("ix_accounts_unit", "accounts", ["unit"])
    op.create_index("ix_accounts_authority", "accounts", ["authority"])


def _old_passwords() -> None:
    op.create_table(
        "old_passwords",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("account", Id(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
    )
    op.create_index("ix_old_passwords_account", "old_passwords", ["account"])


def _holdings() -> None:
    op.create_table(
        "holdings",
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
    )
    op.create_index("ix_holdings_account", "holdings", ["account"])


def _sessions() -> None:
    op.create_table(
        "sessions",
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
    )
    op.create_index("ix_sessions_account", "sessions", ["account", "ended_at"])
    op.create_index("ix_sessions_ended_at", "sessions", ["ended_at", "until"])


def _looks() -> None:
    op.create_table(
        "looks",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("person", Id(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("by", Id(), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_index("ix_looks_person", "looks", ["person", "id"])


def _reset_codes() -> None:
    op.create_table(
        "reset_codes",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("account", Id(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
    )
    op.create_index("ix_reset_codes_account", "reset_codes", ["account"])


def _acts() -> None:
    op.create_table(
        "acts",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", Id()),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("person", Id()),
        sa.Column("result", sa.String(40), nullable=False),
    )
    op.create_index("ix_acts_person", "acts", ["person", "id"])


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", Json(), nullable=False),
    )


def _append_only(table: str) -> None:
    """What was looked at and done is never changed or deleted, by nobody."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        # REPLACE deletes without a DELETE trigger (recursive_triggers is off), so a taken key is refused first.
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
