"""Classes of the past days: recordings, evidence and hours, made by the same verbs as any others at their own time."""

import asyncio
import json
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from server.attendance import close, evidence
from server.attendance import store as attendance
from server.attendance.store import Stay
from server.base.office import Office
from server.base.outbox import Event
from server.base.work import SYSTEM, Work
from server.demo.persons import Cast
from server.demo.tree import Tree
from server.live import store as live
from server.live.store import LiveClass
from server.rules.air import Aired
from server.rules.conduct import Mode
from server.rules.live import State
from server.rules.presence import Beat
from server.rules.words import Family

BEAT_S = 15


@dataclass(frozen=True, slots=True)
class Past:
    """A class of some days ago; `minutes` is its planned and real length."""

    title: str
    family: Family
    days_ago: int
    hour: int
    minutes: int
    learners: int


PAST = (
    Past("宪法宣传与依法行政", Family.KNOWLEDGE, 9, 9, 45, 60),
    Past("乡村治理现代化", Family.CAPABILITY, 5, 14, 20, 80),
    Past("大别山红色资源与党性教育", Family.PROVINCE, 2, 15, 20, 70),
)


class Moved:
    """A clock that says what it was told, for what happened before now."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


async def tell(office: Office, tree: Tree, cast: Cast, lecture: Path) -> None:
    """Make all past classes, oldest first, and what followed from them."""
    now = office.clock.now()
    for number, past in enumerate(PAST):
        day = (now - timedelta(days=past.days_ago)).replace(hour=past.hour - 8, minute=0, second=0, microsecond=0)
        then = Office(office.db, office.services, clock=Moved(day), chance=office.chance, reactions=office.reactions)
        lesson = await then.do(SYSTEM, _held, tree, cast, past)
        await _record(office, lesson, lecture, past.minutes * 60)
        who = [cast.learners[(number * 37 + each) % len(cast.learners)] for each in range(past.learners)]
        for each, learner in enumerate([*cast.learners[:2], *(one for one in who if one not in cast.learners[:2])]):
            await then.do(SYSTEM, _attended, lesson, learner, _way(number, each))
        then.clock = Moved(lesson.ends_at)
        await then.do(SYSTEM, _over, lesson)
        await then.outbox.drain()
        then.clock = Moved(lesson.ends_at + timedelta(minutes=5))
        await then.do(SYSTEM, close.find_due)
        await then.outbox.drain()


def _way(number: int, learner: int) -> str:
    """How a learner attended: most honestly, some as one does."""
    if learner == 0:
        return ("whole", "hidden", "late")[number]
    return "whole" if learner % 5 else ("hidden", "late", "left")[learner // 5 % 3]


def planned(
    work: Work, tree: Tree, title: str, begins: datetime, lecturer: UUID, assistant: UUID, minutes: int = 90
) -> LiveClass:
    """A class for everybody, as the academy plans it a week ahead."""
    return LiveClass(
        id=work.id(), title=title, family=Family.CAPABILITY, topic=None, starts_at=begins, planned_minutes=minutes,
        unit_path=tree.root.path, audience_unit=None, audience_path="", speaking=True, mode=Mode.TRUST, slow_s=0,
        frozen=False, min_kbps=None, state=State.SCHEDULED, state_since=work.now, version=1, went_on_air_at=None,
        heard_at=None, ended_at=None, interrupted_since=None, resumes_at=None, recording="none", planned_by=lecturer,
        planned_at=work.now - timedelta(days=7), lecturers=(lecturer,), assistants=(assistant,),
    )  # fmt: skip


async def _held(work: Work, tree: Tree, cast: Cast, past: Past) -> LiveClass:
    begins = work.now
    ends = begins + timedelta(minutes=past.minutes)
    lecturer, assistant = cast.shown["lecturer"].id, cast.shown["assistant"].id
    lesson = replace(
        planned(work, tree, past.title, begins, lecturer, assistant, past.minutes), family=past.family,
        state=State.ENDED, state_since=ends, went_on_air_at=begins, heard_at=ends, ended_at=ends, recording="ready",
    )  # fmt: skip
    await live.add(work.tx, lesson)
    aired = Aired("demo", _ms(begins), _ms(ends), open=False)
    await live.save_record(work.tx, lesson.id, (), (aired,))
    return lesson


async def _record(office: Office, lesson: LiveClass, lecture: Path, seconds: int) -> None:
    """The recording, written by media itself."""
    command = [
        sys.executable, "-m", "media", "import", str(lesson.id), str(lecture), "--at", lesson.starts_at.isoformat(),
        "--seconds", str(seconds), "--data", str(office.services.settings.data.absolute()),
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"media could not write the recording of {lesson.title}")
    json.loads(told)


async def _attended(work: Work, lesson: LiveClass, learner: UUID, way: str) -> None:
    begin, end = _ms(lesson.starts_at), _ms(lesson.ends_at)
    stay = Stay(work.id(), learner, "class", lesson.id, "办公电脑 Chrome", "demo", begin, end, dirty=False)
    await attendance.add_stay(work.tx, stay)
    await attendance.add_earning(work.tx, work.id(), stay.id, begin, None)
    await evidence.append(work.tx, [(stay.id, beat) for beat in _beats(begin, end, way)])


def _beats(begin: int, end: int, way: str) -> list[Beat]:
    length = end - begin
    first = begin + (length // 4 if way == "late" else 0)
    last = begin + length // 2 if way == "left" else end
    away = (begin + length // 3, begin + length * 2 // 3) if way == "hidden" else (0, 0)
    found = []
    for seq, at in enumerate(range(first, last + 1, BEAT_S * 1000), 1):
        visible = not away[0] < at <= away[1]
        found.append(Beat(seq, at - 4000, 1.0, BEAT_S * 1000, True, visible, False, at))
    return found


async def _over(work: Work, lesson: LiveClass) -> None:
    work.emit(Event("class.ended", str(lesson.id), {"class": str(lesson.id)}))


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
