"""Live classes, their staff and their log in SQL: rows in, frozen values out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.live.air_store import air_of, record_of, save_record
from server.live.tables import class_log, class_staff, classes, words
from server.rules.conduct import Mode
from server.rules.live import State
from server.rules.words import Family

__all__ = ["LiveClass", "LogLine", "air_of", "by_id", "by_ids", "record_of", "save_record"]

Recording = Literal["none", "ready", "withheld"]
LECTURER, ASSISTANT = "lecturer", "assistant"

_BATCH = 500

_BY_ID = (
    sa.select(classes, class_staff.c.account, class_staff.c.role)
    .outerjoin(class_staff, class_staff.c.class_id == classes.c.id)
    .where(classes.c.id == sa.bindparam("class_id"))
    .order_by(class_staff.c.place)
)
_STAFF_OF_SOME = (
    sa.select(class_staff)
    .where(class_staff.c.class_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(class_staff.c.place)
)


@dataclass(frozen=True, slots=True)
class LiveClass:
    """A live class as it stands.

    `unit_path` is that of the unit that holds it, `audience_path` the beginning of the unit paths it is for
    (empty for all). `heard_at`: when media last said that it is on air. `recording`: none, ready, withheld.
    `lecturers` and `assistants` are account ids, the first lecturer being the one who is announced.
    """

    id: UUID
    title: str
    family: Family
    topic: str | None
    starts_at: datetime
    planned_minutes: int
    unit_path: str
    audience_unit: UUID | None
    audience_path: str
    speaking: bool
    mode: Mode
    slow_s: int
    frozen: bool
    min_kbps: int | None
    state: State
    state_since: datetime
    version: int
    went_on_air_at: datetime | None
    heard_at: datetime | None
    ended_at: datetime | None
    interrupted_since: datetime | None
    resumes_at: datetime | None
    recording: Recording
    planned_by: UUID | None
    planned_at: datetime
    lecturers: tuple[UUID, ...]
    assistants: tuple[UUID, ...]

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.planned_minutes)

    @property
    def staff(self) -> frozenset[UUID]:
        return frozenset(self.lecturers + self.assistants)


@dataclass(frozen=True, slots=True)
class LogLine:
    """Who did what to a class; `actor` None is the line or the clock."""

    class_id: UUID
    at: datetime
    actor: UUID | None
    act: str
    basis: str | None
    reason: str | None
    data: dict[str, Any]


_COLUMNS = [name for name in LiveClass.__slots__ if name not in {"lecturers", "assistants"}]


async def by_id(tx: AsyncConnection, class_id: UUID) -> LiveClass | None:
    """The class of that id; everybody who enters a room asks for it several times."""
    rows = (await tx.execute(_BY_ID, {"class_id": class_id})).all()
    return _lesson(rows[0], rows) if rows else None


async def by_ids(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, LiveClass]:
    """The classes of several ids; unknown ids are left out."""
    found: dict[UUID, LiveClass] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        found |= {each.id: each for each in await with_staff(tx, sa.select(classes).where(classes.c.id.in_(batch)))}
    return found


async def listed(tx: AsyncConnection, *where: sa.ColumnElement[bool], limit: int = 500) -> list[LiveClass]:
    """Classes in the order of their planned begin."""
    query = sa.select(classes).where(*where).order_by(classes.c.starts_at, classes.c.id).limit(limit)
    return await with_staff(tx, query)


async def of_staff(tx: AsyncConnection, account: UUID) -> list[UUID]:
    """The classes that somebody teaches or assists in."""
    query = sa.select(class_staff.c.class_id).where(class_staff.c.account == account)
    return list((await tx.execute(query)).scalars())


async def add(tx: AsyncConnection, lesson: LiveClass) -> None:
    """Keep a new class with its staff."""
    await tx.execute(classes.insert().values(_values(lesson)))
    await set_staff(tx, lesson.id, lesson.lecturers, lesson.assistants)
    await words.put(tx, lesson.id, lesson.title)


async def change(tx: AsyncConnection, lesson: LiveClass, **values: Any) -> bool:
    """Change a class as it was seen; False when somebody changed it meanwhile."""
    update = (
        classes.update()
        .where(classes.c.id == lesson.id, classes.c.version == lesson.version)
        .values(version=lesson.version + 1, **values)
    )
    changed = bool((await tx.execute(update)).rowcount)
    if changed and "title" in values:
        await words.put(tx, lesson.id, values["title"])
    return changed


async def heard(tx: AsyncConnection, class_id: UUID, at: datetime) -> None:
    """Note when media last said that the class is on air; no change that a reader of the class would see."""
    await tx.execute(classes.update().where(classes.c.id == class_id).values(heard_at=at))


async def set_staff(tx: AsyncConnection, class_id: UUID, lecturers: Sequence[UUID], assistants: Sequence[UUID]) -> None:
    """Name the staff anew; who is both lecturer and assistant is a lecturer."""
    await tx.execute(class_staff.delete().where(class_staff.c.class_id == class_id))
    roles = dict.fromkeys(assistants, ASSISTANT) | dict.fromkeys(lecturers, LECTURER)
    order = [*lecturers, *(each for each in assistants if each not in lecturers)]
    rows = [
        {"class_id": class_id, "account": account, "role": roles[account], "place": place}
        for place, account in enumerate(dict.fromkeys(order))
    ]
    if rows:
        await tx.execute(class_staff.insert(), rows)


async def log(tx: AsyncConnection, line: LogLine) -> None:
    """Add a line; lines are numbered from 1 and never changed."""
    last = sa.select(sa.func.max(class_log.c.number)).where(class_log.c.class_id == line.class_id)
    number = ((await tx.execute(last)).scalar_one() or 0) + 1
    values = {name: getattr(line, name) for name in LogLine.__slots__}
    await tx.execute(class_log.insert().values(number=number, **values))


async def log_of(tx: AsyncConnection, class_id: UUID) -> list[LogLine]:
    """All that was done to a class, oldest first."""
    query = sa.select(class_log).where(class_log.c.class_id == class_id).order_by(class_log.c.number)
    return [LogLine(**{name: getattr(row, name) for name in LogLine.__slots__}) for row in await tx.execute(query)]


def _values(lesson: LiveClass) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(lesson, name) for name in _COLUMNS}
    return row | {"family": lesson.family.value, "mode": lesson.mode.value, "state": lesson.state.value}


async def with_staff(
    tx: AsyncConnection, query: sa.Select[Any], asked: dict[str, Any] | None = None
) -> list[LiveClass]:
    """The classes that a query over `classes` finds, with the values of its parameters."""
    rows = (await tx.execute(query, asked)).all()
    staff: dict[UUID, list[Any]] = {row.id: [] for row in rows}
    for each in (await tx.execute(_STAFF_OF_SOME, {"ids": list(staff)})).all() if rows else ():
        staff[each.class_id].append(each)
    return [_lesson(row, staff[row.id]) for row in rows]


def _lesson(row: Any, staff: Sequence[Any]) -> LiveClass:
    values = {name: getattr(row, name) for name in _COLUMNS}
    values |= {"family": Family(row.family), "mode": Mode(row.mode), "state": State(row.state)}
    of_role = {role: tuple(each.account for each in staff if each.role == role) for role in (LECTURER, ASSISTANT)}
    return LiveClass(**values, lecturers=of_role[LECTURER], assistants=of_role[ASSISTANT])
