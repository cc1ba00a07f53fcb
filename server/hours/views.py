"""What pages see of the ledger: hours as decimal text, lengths in minutes, instants in UTC."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import ConfigDict, Field

from server.base.api import View
from server.base.shapes import hours_text
from server.hours.store import Tx, proposals
from server.hours.store.ledger import Entry
from server.live import store as live
from server.live.store import LiveClass
from server.rules.ledger import Facts, RowKind
from server.rules.refusal import Article, Clause
from server.rules.words import ActivityKind
from server.topic_classes import store as topics

MINUTE_MS = 60_000


class ActivityView(View):
    kind: str
    id: UUID
    title: str
    at: datetime | None


class EntryView(View):
    """A ledger row; `corrects` is the number of the row that it puts right."""

    id: UUID
    seq: int
    kind: str
    at: datetime
    nature: str
    makeup: bool
    hours: str
    activity: ActivityView
    reason: str | None
    basis: str | None
    previous_hash: str
    hash: str
    policy_version: str
    corrects: int | None


class ClassLine(View):
    id: UUID
    title: str
    starts_at: datetime


class AboutClass(View):
    """Base of what is said about a live class under the name `class`."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    about: ClassLine = Field(alias="class")


def class_line(lesson: LiveClass) -> ClassLine:
    return ClassLine(id=lesson.id, title=lesson.title, starts_at=lesson.starts_at)


def share_text(share: Decimal) -> str:
    """A share with four decimals, cut and never rounded up over a border."""
    return str(int(share * 10_000) / Decimal(10_000))


def minutes(length_ms: int) -> float:
    """Minutes with two decimals, cut."""
    return length_ms * 100 // MINUTE_MS / 100


async def entry_views(tx: Tx, entries: Iterable[Entry]) -> list[EntryView]:
    """The rows as pages show them, each with its activity and the words of whoever decided."""
    rows = list(entries)
    lines = await activity_lines(tx, {each.facts.activity for each in rows})
    reasons = await proposals.reasons(tx, [each.id for each in rows])
    first = _first_rows(rows)
    return [_entry_view(each, lines.get(each.facts.activity), reasons, first) for each in rows]


async def activity_lines(tx: Tx, ids: Collection[UUID]) -> dict[UUID, ClassLine]:
    """Those of the activities that are live classes or topic classes."""
    lessons = await live.by_ids(tx, ids)
    others = await topics.by_ids(tx, [each for each in ids if each not in lessons])
    return {id: class_line(each) for id, each in lessons.items()} | {
        id: ClassLine(id=id, title=each.title, starts_at=each.begins_at) for id, each in others.items()
    }


def _first_rows(rows: Iterable[Entry]) -> Mapping[UUID, int]:
    """The number of the first row of each activity."""
    found: dict[UUID, int] = {}
    for each in rows:
        found.setdefault(each.facts.activity, each.row.chain_seq)
    return found


def _entry_view(
    entry: Entry, about: ClassLine | None, reasons: Mapping[UUID, str], first: Mapping[UUID, int]
) -> EntryView:
    facts, row = entry.facts, entry.row
    return EntryView(
        id=entry.id,
        seq=row.chain_seq,
        kind=facts.kind.value,
        at=facts.at,
        nature=facts.nature.value,
        makeup=facts.makeup,
        hours=hours_text(facts.hours),
        activity=ActivityView(
            kind=facts.activity_kind.value,
            id=facts.activity,
            title=about.title if about else "",
            at=about.starts_at if about else None,
        ),
        reason=reasons.get(entry.id),
        basis=_basis(facts),
        previous_hash=row.previous.hex(),
        hash=row.leaf_hash.hex(),
        policy_version=facts.policy_version,
        corrects=None if facts.kind is RowKind.CREDIT else first[facts.activity],
    )


def _basis(facts: Facts) -> str:
    """A share is our own rule; only taking hours back, and giving them back, is the regulation's (Article 13)."""
    if facts.kind in (RowKind.REVOCATION, RowKind.REINSTATEMENT):
        return str(Article(13))
    return str(Clause("topic_live_share" if facts.activity_kind is ActivityKind.TOPIC_CLASS else "live_min_ratio"))
