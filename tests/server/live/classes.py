"""Classes for tests, made as verbs: `await office.do(SYSTEM, planned, title="…")`."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.base.work import Work
from server.live import store
from server.live.store import LiveClass
from server.rules.air import Aired, Record
from server.rules.conduct import Mode
from server.rules.live import State
from server.rules.words import Family

ROOT = "00000000000000000000000000000001/"
LECTURER = UUID("01980000-0000-7000-8000-000000000001")
ASSISTANT = UUID("01980000-0000-7000-8000-000000000002")


def ms(at: datetime) -> int:
    """An aware instant on the media clock."""
    return round(at.timestamp() * 1000)


async def planned(work: Work, /, **changes: Any) -> LiveClass:
    """A class of 90 minutes for everybody that begins in ten minutes."""
    values: dict[str, Any] = {
        "id": work.id(), "title": "乡村治理现代化", "family": Family.CAPABILITY, "topic": None,
        "starts_at": work.now + timedelta(minutes=10), "planned_minutes": 90, "unit_path": ROOT, "audience_unit": None,
        "audience_path": "", "speaking": True, "mode": Mode.TRUST, "slow_s": 0, "frozen": False, "min_kbps": None,
        "state": State.SCHEDULED, "state_since": work.now, "version": 1, "went_on_air_at": None, "heard_at": None,
        "ended_at": None, "interrupted_since": None, "resumes_at": None, "recording": "none", "planned_by": None,
        "planned_at": work.now, "lecturers": (LECTURER,), "assistants": (ASSISTANT,),
    }  # fmt: skip
    lesson = LiveClass(**{**values, **changes})
    await store.add(work.tx, lesson)
    return lesson


async def on_air(work: Work, /, run: str = "run-1", **changes: Any) -> LiveClass:
    """A class that went on air at this moment."""
    begun = {"state": State.ON_AIR, "starts_at": work.now, "went_on_air_at": work.now, "heard_at": work.now}
    lesson = await planned(work, **{**begun, **changes})
    await store.save_record(work.tx, lesson.id, (), (Aired(run, ms(work.now), ms(work.now), open=True),))
    return lesson


async def ended(work: Work, /, *air: tuple[int, int], **changes: Any) -> LiveClass:
    """A class that has ended at this moment; `air` are its stretches in minutes after its begin."""
    begun = work.now - timedelta(minutes=changes.get("planned_minutes", 90))
    starts_at = changes.pop("starts_at", begun)
    zero = ms(starts_at)
    pieces = air or ((0, 90),)
    over = {
        "state": State.ENDED, "starts_at": starts_at, "ended_at": work.now, "recording": "ready",
        "went_on_air_at": starts_at + timedelta(minutes=pieces[0][0]),
    }  # fmt: skip
    lesson = await planned(work, **{**over, **changes})
    record: Record = tuple(
        Aired(f"run-{number}", zero + begin * 60_000, zero + end * 60_000, open=False)
        for number, (begin, end) in enumerate(pieces)
    )
    await store.save_record(work.tx, lesson.id, (), record)
    return lesson
