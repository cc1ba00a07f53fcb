"""The ledger and what belongs to it; the database itself refuses to change or delete a row (rules §4)."""

import sqlalchemy as sa
from alembic import op

from server.base.columns import HoursColumn, Id, Instant

revision = "0006_hours"
down_revision = "0005_attendance"

TAKEN = {
    "ledger": "id = NEW.id OR (learner = NEW.learner AND chain_seq = NEW.chain_seq)",
    "ledger_index": "position = NEW.position OR entry = NEW.entry",
}
"""The append-only tables, and when a new row would be in the place of an old one."""


def upgrade() -> None:
    _ledger()
    _desk()
    for table in TAKEN:
        if op.get_bind().dialect.name == "postgresql":
            _refuse_on_postgresql(table)
        else:
            _refuse_on_sqlite(table)


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("learner", Id(), nullable=False),
        sa.Column("chain_seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("hours", HoursColumn(), nullable=False),
        sa.Column("nature", sa.String(16), nullable=False),
        sa.Column("makeup", sa.Boolean, nullable=False),
        sa.Column("activity_kind", sa.String(16), nullable=False),
        sa.Column("activity", Id(), nullable=False),
        sa.Column("evidence", sa.String(80), nullable=False),
        sa.Column("policy_version", sa.String(80), nullable=False),
        sa.Column("rules_version", sa.Integer, nullable=False),
        sa.Column("actor", Id()),
        sa.Column("reason", sa.String(96), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("learner", "chain_seq", name="uq_ledger_learner_chain_seq"),
    )
    op.create_index("ix_ledger_learner_activity", "ledger", ["learner", "activity"])
    op.create_index("ix_ledger_at", "ledger", ["at", "id"])
    op.create_table(
        "ledger_index",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entry", Id(), sa.ForeignKey("ledger.id"), nullable=False),
        sa.UniqueConstraint("entry", name="uq_ledger_index_entry"),
    )


def _desk() -> None:
    op.create_table(
        "hours_proposals",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("account", Id(), nullable=False),
        sa.Column("authority_path", sa.String(512), nullable=False),
        sa.Column("learner", Id(), nullable=False),
        sa.Column("activity_kind", sa.String(16), nullable=False),
        sa.Column("activity", Id(), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("nature", sa.String(16), nullable=False),
        sa.Column("makeup", sa.Boolean, nullable=False),
        sa.Column("held", HoursColumn(), nullable=False),
        sa.Column("assessed", HoursColumn(), nullable=False),
        sa.Column("policy_version", sa.String(80), nullable=False),
        sa.Column("rules_version", sa.Integer, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("decided_by", Id()),
        sa.Column("decided_at", Instant()),
        sa.Column("reason", sa.String(1000)),
        sa.Column("salt", sa.LargeBinary(16)),
        sa.Column("entry", Id(), sa.ForeignKey("ledger.id")),
    )
    op.create_index("ix_hours_proposals_learner_activity", "hours_proposals", ["learner", "activity"])
    op.create_index("ix_hours_proposals_state", "hours_proposals", ["state", "id"])
    op.create_table(
        "hours_questions",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("account", Id(), nullable=False),
        sa.Column("authority_path", sa.String(512), nullable=False),
        sa.Column("class_id", Id()),
        sa.Column("entry", Id(), sa.ForeignKey("ledger.id")),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("answer", sa.String(1000)),
        sa.Column("answered_by", Id()),
        sa.Column("answered_at", Instant()),
    )
    op.create_index("ix_hours_questions_account", "hours_questions", ["account", "id"])
    op.create_index("ix_hours_questions_due", "hours_questions", ["answered_at", "due_at"])


def _refuse_on_sqlite(table: str) -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    # REPLACE deletes without a DELETE trigger (recursive_triggers is off), so a taken key is refused first.
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {TAKEN[table]}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _refuse_on_postgresql(table: str) -> None:
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
