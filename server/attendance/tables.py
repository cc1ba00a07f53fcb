"""Tables of attendance: the evidence as it came in, and what it was assessed to be.

Columns named `_ms` are whole milliseconds since 1970: `position_ms` on the media clock, the others on
the server's receipt clock (`receipts.py`), so that evidence can be read again as it was judged.
"""

from typing import Any

import sqlalchemy as sa

from server.base.db import HoursColumn, Id, Instant, Json, metadata

DEVICE = 60
"""Longest name of a device, in characters."""

stays = sa.Table(
    "stays",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("account", Id(), nullable=False),
    sa.Column("activity_kind", sa.String(16), nullable=False),
    sa.Column("activity", Id(), nullable=False),
    sa.Column("device", sa.String(DEVICE), nullable=False),
    sa.Column("session", sa.String(64), nullable=False),
    sa.Column("opened_ms", sa.BigInteger, nullable=False),
    sa.Column("ended_ms", sa.BigInteger),
    sa.Column("dirty", sa.Boolean, nullable=False),
    sa.Index("ix_stays_learner", "account", "activity"),
    sa.Index("ix_stays_activity", "activity", "account"),
    sa.Index("ix_stays_dirty", "dirty", "activity"),
)
"""`dirty`: it holds evidence that no assessment has seen."""


def _beat_columns() -> list[sa.Column[Any]]:
    """Beat, version 1, with the receipt time; unique by stay and `seq`."""
    return [
        sa.Column("stay", Id(), sa.ForeignKey("stays.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position_ms", sa.BigInteger, nullable=False),
        sa.Column("rate_percent", sa.Integer, nullable=False),
        sa.Column("since_previous_ms", sa.Integer, nullable=False),
        sa.Column("playing", sa.Boolean, nullable=False),
        sa.Column("visible", sa.Boolean, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
    ]


beats = sa.Table(
    "beats",
    metadata,
    *_beat_columns(),
    sqlite_with_rowid=False,
)

refused_beats = sa.Table(
    "refused_beats",
    metadata,
    *_beat_columns(),
    sa.Column("reason", sa.String(32), nullable=False),
    sqlite_with_rowid=False,
)

packs = sa.Table(
    "packs",
    metadata,
    sa.Column("stay", Id(), sa.ForeignKey("stays.id"), primary_key=True),
    sa.Column("first_seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("received_ms", sa.BigInteger, nullable=False),
    sa.Column("beats", sa.LargeBinary, nullable=False),
)
"""Beats of a class that is over, as one delta blob (`pack.py`); `received_ms` is the last receipt."""

earnings = sa.Table(
    "earnings",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("stay", Id(), sa.ForeignKey("stays.id"), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("held", sa.String(32)),
    sa.Index("ix_earnings_stay", "stay"),
)
"""Changes of earning: take-overs and rests; `held` empty means that the stay earns from then on."""

earners = sa.Table(
    "earners",
    metadata,
    sa.Column("account", Id(), primary_key=True),
    sa.Column("stay", Id(), sa.ForeignKey("stays.id"), nullable=False),
    sa.Column("since_ms", sa.BigInteger, nullable=False),
)
"""The one stay that earns for a learner (rules §3.3)."""

checks = sa.Table(
    "checks",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("account", Id(), nullable=False),
    sa.Column("activity", Id(), nullable=False),
    sa.Column("stay", Id(), sa.ForeignKey("stays.id"), nullable=False),
    sa.Column("asked_ms", sa.BigInteger, nullable=False),
    sa.Column("answer_s", sa.Integer, nullable=False),
    sa.Column("shown_ms", sa.BigInteger),
    sa.Column("answered_ms", sa.BigInteger),
    sa.Column("missed_ms", sa.BigInteger),
    sa.Column("withdrawn_ms", sa.BigInteger),
    sa.Column("waiting", sa.Boolean, nullable=False),
    sa.Index("ix_checks_learner", "account", "activity"),
    sa.Index("ix_checks_waiting", "waiting", "asked_ms"),
)

signs = sa.Table(
    "signs",
    metadata,
    sa.Column("activity", Id(), primary_key=True),
    sa.Column("account", Id(), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), nullable=False),
)
"""Signs of activity: what a learner did by hand in an activity."""

closings = sa.Table(
    "closings",
    metadata,
    sa.Column("activity", Id(), primary_key=True),
    sa.Column("due_ms", sa.BigInteger, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Index("ix_closings_due", "done", "due_ms"),
)
"""Classes that have ended: assessed for all once their late window is over."""

assessments = sa.Table(
    "assessments",
    metadata,
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
    sa.UniqueConstraint("account", "activity"),
    sa.Index("ix_assessments_year", "account", "year"),
    sa.Index("ix_assessments_activity", "activity"),
)
"""One row for each learner and activity, computed again when new evidence closes."""
