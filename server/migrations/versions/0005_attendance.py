"""Attendance: stays, beats, presence checks, assessments."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.base.columns import HoursColumn, Id, Instant, Json

revision = "0005_attendance"
down_revision = "0004_live"


def upgrade() -> None:
    _stays()
    _beats()
    _earning()
    _checks()
    _closing()


def _stays() -> None:
    op.create_table(
        "stays",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("account", Id(), nullable=False),
        sa.Column("activity_kind", sa.String(16), nullable=False),
        sa.Column("activity", Id(), nullable=False),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("opened_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("dirty", sa.Boolean, nullable=False),
    )
    op.create_index("ix_stays_learner", "stays", ["account", "activity"])
    op.create_index("ix_stays_activity", "stays", ["activity", "account"])
    op.create_index("ix_stays_dirty", "stays", ["dirty", "activity"])


def _beats() -> None:
    op.create_table("beats", *_beat_columns("beats"), sqlite_with_rowid=False)
    op.create_table(
        "refused_beats",
        *_beat_columns("refused_beats"),
        sa.Column("reason", sa.String(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "packs",
        _stay("packs", primary_key=True),
        sa.Column("first_seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.Column("beats", sa.LargeBinary, nullable=False),
    )


def _earning() -> None:
    op.create_table(
        "earnings",
        sa.Column("id", Id(), primary_key=True),
        _stay("earnings", nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("held", sa.String(32)),
    )
    op.create_index("ix_earnings_stay", "earnings", ["stay"])
    op.create_table(
        "earners",
        sa.Column("account", Id(), primary_key=True),
        _stay("earners", nullable=False),
        sa.Column("since_ms", sa.BigInteger, nullable=False),
    )


def _checks() -> None:
    op.create_table(
        "checks",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("account", Id(), nullable=False),
        sa.Column("activity", Id(), nullable=False),
        _stay("checks", nullable=False),
        sa.Column("asked_ms", sa.BigInteger, nullable=False),
        sa.Column("answer_s", sa.Integer, nullable=False),
        sa.Column("shown_ms", sa.BigInteger),
        sa.Column("answered_ms", sa.BigInteger),
        sa.Column("missed_ms", sa.BigInteger),
        sa.Column("withdrawn_ms", sa.BigInteger),
        sa.Column("waiting", sa.Boolean, nullable=False),
    )
    op.create_index("ix_checks_learner", "checks", ["account", "activity"])
    op.create_index("ix_checks_waiting", "checks", ["waiting", "asked_ms"])
    op.create_table(
        "signs",
        sa.Column("activity", Id(), primary_key=True),
        sa.Column("account", Id(), primary_key=True),
        sa.Column("at_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
    )


def _closing() -> None:
    op.create_table(
        "closings",
        sa.Column("activity", Id(), primary_key=True),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_index("ix_closings_due", "closings", ["done", "due_ms"])
    op.create_table(
        "assessments",
        sa.Column("id", Id(), primary_key=True),
        sa.Column("account", Id(), nullable=False),
        sa.Column("activity_kind", sa.String(16), nullable=False),
        sa.Column("activity", Id(), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("makeup", sa.Boolean, nullable=False),
        sa.Column("planned_minutes", sa.Integer, nullable=False),
        sa.Column("air_ms", sa.BigInteger, nullable=False),
        sa.Column("nominal_ms", sa.BigInteger, nullable=False),
        sa.Column("verified_ms", sa.BigInteger, nullable=False),
        sa.Column("hours", HoursColumn(), nullable=False),
        sa.Column("stretches", Json(), nullable=False),
        sa.Column("policy_version", sa.String(80), nullable=False),
        sa.Column("rules_version", sa.Integer, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.UniqueConstraint("account", "activity", name="uq_assessments_account_activity"),
    )
    op.create_index("ix_assessments_year", "assessments", ["account", "year"])
    op.create_index("ix_assessments_activity", "assessments", ["activity"])


def _stay(table: str, **options: Any) -> sa.Column[Any]:
    return sa.Column("stay", Id(), sa.ForeignKey("stays.id", name=f"fk_{table}_stay"), **options)


def _beat_columns(table: str) -> list[sa.Column[Any]]:
    return [
        _stay(table, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position_ms", sa.BigInteger, nullable=False),
        sa.Column("rate_percent", sa.Integer, nullable=False),
        sa.Column("since_previous_ms", sa.Integer, nullable=False),
        sa.Column("playing", sa.Boolean, nullable=False),
        sa.Column("visible", sa.Boolean, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
    ]
