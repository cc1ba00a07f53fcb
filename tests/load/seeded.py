"""An academy with a past, written in bulk: learners who attended classes that are over, with hours in the ledger.

Every row is what the platform itself would have written (the audit finds no difference); only the way is short.
"""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from server.attendance import assessed, store
from server.attendance.close import judge
from server.attendance.lesson import Lesson, lesson
from server.attendance.pack import pack
from server.attendance.store import CLASS, StoredAssessment
from server.attendance.tables import assessments, earnings, packs, stays
from server.base.config import Settings
from server.base.work import SYSTEM, Work
from server.hours.store import ledger
from server.hours.store.ledger import Entry
from server.people import store as people
from server.people import units
from server.rules.attendance import Assessment
from server.rules.evidence import Evidence, StayEvidence
from server.rules.ledger import Facts, Row, RowKind, append
from server.rules.policy import RULES_VERSION, Policy
from server.rules.presence import Beat, Earning
from server.rules.words import ActivityKind, Nature, Pseudonym
from tests.load.crowd import POLICY, a_row, office_of
from tests.server.live.classes import ended, ms

AT_ONCE = 1000
BEAT_MS = 15_000


@dataclass(frozen=True, slots=True)
class Past:
    """A class that is over, and what each of its learners left and got."""

    held: Lesson
    policy: Policy
    beats: tuple[Beat, ...]
    blob: bytes
    result: Assessment


async def seed(settings: Settings, learners: int, classes: int, recorded: int = 0) -> None:
    """Fill the migrated, empty database of `settings`, and its data folder with so many bytes of recordings."""
    (settings.data / "policies").mkdir(parents=True, exist_ok=True)
    (settings.data / "policies" / "load.toml").write_text(POLICY)
    (settings.data / "VERSION").write_text("1\n")
    async with office_of(settings) as office:
        taught = [await office.do(SYSTEM, _past, number) for number in range(classes)]
        root = await office.do(SYSTEM, units.add, "安徽省", "province", None, is_sub_centre=True)
        for first in range(0, learners, AT_ONCE):
            await office.do(SYSTEM, _some, range(first, min(first + AT_ONCE, learners)), root, taught)
        for each in taught:
            await office.do(SYSTEM, _closed, each)
    _record(settings.data, [each.held.id for each in taught], recorded)


async def _past(work: Work, number: int) -> Past:
    made = await ended(work, starts_at=work.now - timedelta(days=2 + number, hours=2))
    held = await lesson(work.tx, made.id)
    assert held is not None
    policy = held.policy(work.services.policies)
    beats = tuple(_beats(ms(held.began_at), held.planned_minutes, random.Random(number)))
    visit = StayEvidence("one", beats, (Earning(beats[0].received_ms, None),))
    return Past(held, policy, beats, pack(beats), judge(held, Evidence((visit,), (), ()), policy))


def _beats(began_ms: int, minutes: int, chance: random.Random) -> list[Beat]:
    """Beats of somebody who watches to the end, a little unlike every time."""
    found, sent, position = [], began_ms + 1000, began_ms
    for seq in range(1, minutes * 60_000 // BEAT_MS + 2):
        since = round(chance.gauss(BEAT_MS, 12)) if seq > 1 else 0
        sent, position = sent + since, position + since
        found.append(Beat(seq, position, 1.0, since, playing=True, visible=True, ended=False, received_ms=sent))
    return found


async def _some(work: Work, numbers: range, root: units.Unit, taught: Sequence[Past]) -> None:
    rows = [a_row(work, number, root) for number in numbers]
    await people.add(work.tx, rows)
    position = await ledger.size(work.tx)
    written: list[Entry] = []
    last: dict[UUID, Row] = {}
    for past in taught:
        visits = [_visit(work, past, row["id"]) for row in rows]
        await work.tx.execute(stays.insert(), visits)
        await work.tx.execute(earnings.insert(), [_earning(work, past, each["id"]) for each in visits])
        await work.tx.execute(packs.insert(), [_pack(past, each["id"]) for each in visits])
        results = [_result(work, past, row["id"]) for row in rows]
        await work.tx.execute(assessments.insert(), [assessed.values_of(each) for each in results])
        for row, result in zip(rows, results, strict=True):
            entry = Entry(work.id(), append(_facts(work, row["pseudonym"], past, result), last.get(row["id"])))
            last[row["id"]] = entry.row
            written.append(entry)
    await work.tx.execute(ledger.ledger.insert(), [ledger.values_of(each) for each in written])
    await ledger.place(work.tx, position, [each.id for each in written])


def _visit(work: Work, past: Past, account: UUID) -> dict[str, Any]:
    first, last = past.beats[0].received_ms, past.beats[-1].received_ms
    return {
        "id": work.id(), "account": account, "activity_kind": CLASS, "activity": past.held.id, "device": "办公电脑",
        "session": "load", "opened_ms": first, "ended_ms": last, "dirty": False,
    }  # fmt: skip


def _earning(work: Work, past: Past, stay: UUID) -> dict[str, Any]:
    return {"id": work.id(), "stay": stay, "at_ms": past.beats[0].received_ms, "held": None}


def _pack(past: Past, stay: UUID) -> dict[str, Any]:
    first, last = past.beats[0], past.beats[-1]
    numbers = {"first_seq": first.seq, "last_seq": last.seq, "received_ms": last.received_ms}
    return {"stay": stay, "beats": past.blob, **numbers}


def _result(work: Work, past: Past, account: UUID) -> StoredAssessment:
    return StoredAssessment(
        id=work.id(), account=account, kind=CLASS, class_id=past.held.id, version=1,
        year=past.held.year(past.policy), makeup=False, planned_minutes=past.held.planned_minutes,
        policy_version=past.policy.version, rules_version=RULES_VERSION, at=work.now, result=past.result,
    )  # fmt: skip


def _facts(work: Work, learner: UUID, past: Past, result: StoredAssessment) -> Facts:
    assert result.year is not None
    return Facts(
        kind=RowKind.CREDIT, learner=Pseudonym(learner), year=result.year, hours=result.hours,
        nature=Nature.ELECTIVE, makeup=False, activity_kind=ActivityKind.CLASS, activity=past.held.id,
        evidence=f"assessment:{result.id}.1", policy_version=result.policy_version,
        rules_version=result.rules_version, actor=None, reason="assessment", at=work.now,
    )  # fmt: skip


async def _closed(work: Work, past: Past) -> None:
    await store.add_closing(work.tx, past.held.id, past.beats[-1].received_ms)
    await store.finish_closing(work.tx, past.held.id)


def _record(data: Path, classes: Sequence[UUID], size: int, segment: int = 2 * 1024 * 1024) -> None:
    """Recordings of so many bytes in all, in segments."""
    for number in range(size // segment):
        run = data / "media" / str(classes[number % len(classes)]) / f"run-{uuid4().hex[:6]}"
        run.mkdir(parents=True, exist_ok=True)
        (run / f"{number}.m4s").write_bytes(os.urandom(segment))
