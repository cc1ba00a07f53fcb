"""Topic classes in SQL: rows in, frozen values out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import insert_ignoring
from server.rules.topic_class import Credit, Place
from server.rules.words import Category
from server.topic_classes.tables import (
    topic_announcements,
    topic_classes,
    topic_discussions,
    topic_members,
    topic_modules,
    words,
)

_BATCH = 500


class TopicState(StrEnum):
    """A plan is a draft until it is published; a topic class ends by its date."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class TopicClass:
    """A topic class; `unit_path` is that of the unit that holds it and for whose people it is.

    `hours` are those planned for its completion, None where each module gives its own; `categories` are those of the
    learners whom it is for (Article 5), none for all. `changed_by` and `changed_at`: who changed it last, None for the
    clock, and when.
    """

    id: UUID
    title: str
    about: str
    teacher: UUID
    unit: UUID
    unit_path: str
    self_enrolment: bool
    capacity: int | None
    begins_at: datetime
    ends_at: datetime
    state: TopicState
    version: int
    credit: Credit = Credit.BY_MODULE
    hours: Decimal | None = None
    categories: tuple[Category, ...] = ()
    changed_by: UUID | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """A live class in the order of the plan."""

    class_id: UUID
    topic_class: UUID
    place: int
    needed: bool


@dataclass(frozen=True, slots=True)
class Discussion:
    """The discussion as a module; it comes after `place` live classes."""

    topic_class: UUID
    place: int
    needed: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the roster, or waiting for a place; `asked` gives the order of asking."""

    topic_class: UUID
    account: UUID
    place: Place
    asked: int
    since: datetime
    completed_at: datetime | None = None
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seats:
    """How many have a place, and how many wait for one."""

    enrolled: int = 0
    waiting: int = 0

    @property
    def taken(self) -> int:
        return self.enrolled + self.waiting


@dataclass(frozen=True, slots=True)
class Announcement:
    id: UUID
    topic_class: UUID
    author: UUID
    draft: UUID
    text: str
    at: datetime


async def by_id(tx: AsyncConnection, id: UUID) -> TopicClass | None:
    found = await listed(tx, topic_classes.c.id == id)
    return found[0] if found else None


async def listed(tx: AsyncConnection, *where: sa.ColumnElement[bool], limit: int = 500) -> list[TopicClass]:
    """Topic classes by their begin, the newest first."""
    query = sa.select(topic_classes).where(*where)
    rows = await tx.execute(query.order_by(topic_classes.c.begins_at.desc(), topic_classes.c.id).limit(limit))
    return [_topic_class(row) for row in rows]


async def by_ids(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, TopicClass]:
    """Those of the topic classes that exist."""
    rows = await tx.execute(sa.select(topic_classes).where(topic_classes.c.id.in_(list(ids))))
    return {row.id: _topic_class(row) for row in rows}


async def by_credit(tx: AsyncConnection, credit: Credit) -> list[TopicClass]:
    """All topic classes that give hours in that way."""
    rows = await tx.execute(sa.select(topic_classes).where(topic_classes.c.credit == credit.value))
    return [_topic_class(row) for row in rows]


async def over(tx: AsyncConnection, now: datetime) -> list[TopicClass]:
    """Published topic classes whose end has come."""
    return await listed(tx, topic_classes.c.state == TopicState.PUBLISHED.value, topic_classes.c.ends_at <= now)


async def add(tx: AsyncConnection, found: TopicClass) -> None:
    await tx.execute(topic_classes.insert().values(_values(found)))
    await words.put(tx, found.id, f"{found.title}\n{found.about}")


async def remove(tx: AsyncConnection, id: UUID) -> None:
    """Nothing of it is left; it has no modules and no roster."""
    await tx.execute(topic_classes.delete().where(topic_classes.c.id == id))
    await words.drop(tx, id)


async def change(tx: AsyncConnection, found: TopicClass, **values: Any) -> bool:
    """Change a topic class as it was seen; False when somebody changed it meanwhile."""
    seen = (topic_classes.c.id == found.id, topic_classes.c.version == found.version)
    changed = await tx.execute(topic_classes.update().where(*seen).values(version=found.version + 1, **values))
    if changed.rowcount and {"title", "about"} & values.keys():
        await words.put(tx, found.id, f"{values.get('title', found.title)}\n{values.get('about', found.about)}")
    return bool(changed.rowcount)


# --- modules -------------------------------------------------------------------------------------


async def modules_of(tx: AsyncConnection, id: UUID) -> list[Module]:
    """The live classes in the order of the plan."""
    query = sa.select(topic_modules).where(topic_modules.c.topic_class == id).order_by(topic_modules.c.place)
    return [Module(**row._mapping) for row in await tx.execute(query)]


async def modules_by_class(tx: AsyncConnection, class_ids: Collection[UUID]) -> dict[UUID, Module]:
    """Of which topic class each of the live classes is a module; others are left out."""
    query = sa.select(topic_modules).where(topic_modules.c.class_id.in_(list(class_ids)))
    return {row.class_id: Module(**row._mapping) for row in await tx.execute(query)}


async def set_modules(tx: AsyncConnection, id: UUID, found: Sequence[Module]) -> None:
    """Put these modules in the place of those before."""
    await tx.execute(topic_modules.delete().where(topic_modules.c.topic_class == id))
    if found:
        await tx.execute(topic_modules.insert(), [_values(each) for each in found])


async def discussion_of(tx: AsyncConnection, id: UUID) -> Discussion | None:
    """The discussion where it is a module."""
    query = sa.select(topic_discussions).where(topic_discussions.c.topic_class == id)
    row = (await tx.execute(query)).one_or_none()
    return Discussion(**row._mapping) if row else None


async def set_discussion(tx: AsyncConnection, id: UUID, found: Discussion | None) -> None:
    """Put it in the place of the one before."""
    await tx.execute(topic_discussions.delete().where(topic_discussions.c.topic_class == id))
    if found is not None:
        await tx.execute(topic_discussions.insert().values(_values(found)))


# --- roster --------------------------------------------------------------------------------------


async def members_of(tx: AsyncConnection, id: UUID) -> list[Member]:
    """The roster, then those who wait, each in the order of asking."""
    query = sa.select(topic_members).where(topic_members.c.topic_class == id)
    rows = await tx.execute(query.order_by(topic_members.c.place, topic_members.c.asked))
    return [_member(row) for row in rows]


def accounts_of(id: UUID) -> sa.Select[tuple[UUID]]:
    """The accounts on the roster and of those who wait, as part of another query."""
    return sa.select(topic_members.c.account).where(topic_members.c.topic_class == id)


async def member(tx: AsyncConnection, id: UUID, account: UUID) -> Member | None:
    where = (topic_members.c.topic_class == id, topic_members.c.account == account)
    row = (await tx.execute(sa.select(topic_members).where(*where))).one_or_none()
    return _member(row) if row else None


async def members_among(tx: AsyncConnection, id: UUID, accounts: Collection[UUID]) -> list[Member]:
    """Those of the accounts that are on the roster or wait, in the order of asking."""
    where = (topic_members.c.topic_class == id, topic_members.c.account.in_(list(accounts)))
    rows = await tx.execute(sa.select(topic_members).where(*where).order_by(topic_members.c.asked))
    return [_member(row) for row in rows]


async def memberships(tx: AsyncConnection, account: UUID) -> dict[UUID, Member]:
    """Everything that somebody is on the roster of, or waits for, by topic class."""
    rows = await tx.execute(sa.select(topic_members).where(topic_members.c.account == account))
    return {row.topic_class: _member(row) for row in rows}


async def seats(tx: AsyncConnection, id: UUID) -> Seats:
    """How many are in a topic class."""
    return (await seats_of(tx, [id])).get(id, Seats())


async def seats_of(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Seats]:
    """How many are in each of the topic classes; those where nobody is are left out."""
    named, place = topic_members.c.topic_class, topic_members.c.place
    query = sa.select(named, place, sa.func.count()).where(named.in_(list(ids))).group_by(named, place)
    found: dict[UUID, dict[str, int]] = {}
    for id, where, number in await tx.execute(query):
        found.setdefault(id, {})[where] = number
    return {id: Seats(**each) for id, each in found.items()}


async def next_number(tx: AsyncConnection, id: UUID) -> int:
    """The number of the next who asks for a place."""
    last = sa.select(sa.func.max(topic_members.c.asked)).where(topic_members.c.topic_class == id)
    return int(await tx.scalar(last) or 0) + 1


async def add_members(tx: AsyncConnection, found: Sequence[Member]) -> bool:
    """New lines of the roster; False where there is one already."""
    added = 0
    for start in range(0, len(found), _BATCH):
        rows = [_values(each) for each in found[start : start + _BATCH]]
        added += (await tx.execute(insert_ignoring(tx, topic_members).values(rows))).rowcount
    return added == len(found)


async def change_member(tx: AsyncConnection, found: Member, **values: Any) -> None:
    where = (topic_members.c.topic_class == found.topic_class, topic_members.c.account == found.account)
    await tx.execute(topic_members.update().where(*where).values(**values))


async def remove_member(tx: AsyncConnection, found: Member) -> None:
    where = (topic_members.c.topic_class == found.topic_class, topic_members.c.account == found.account)
    await tx.execute(topic_members.delete().where(*where))


# --- announcements -------------------------------------------------------------------------------


async def announce(tx: AsyncConnection, found: Announcement) -> None:
    await tx.execute(topic_announcements.insert().values(_values(found)))


async def announcement_by_draft(tx: AsyncConnection, author: UUID, draft: UUID) -> Announcement | None:
    """What was announced by an author under this name already."""
    mine = (topic_announcements.c.author == author, topic_announcements.c.draft == draft)
    row = (await tx.execute(sa.select(topic_announcements).where(*mine))).first()
    return Announcement(**row._mapping) if row else None


async def announcements_of(tx: AsyncConnection, id: UUID) -> list[Announcement]:
    """What was announced, newest first."""
    query = sa.select(topic_announcements).where(topic_announcements.c.topic_class == id)
    rows = await tx.execute(query.order_by(topic_announcements.c.id.desc()).limit(100))
    return [Announcement(**row._mapping) for row in rows]


def _topic_class(row: Any) -> TopicClass:
    read = {"state": TopicState(row.state), "credit": Credit(row.credit)}
    return TopicClass(**{**row._mapping, **read, "categories": tuple(Category(each) for each in row.categories)})


def _member(row: Any) -> Member:
    return Member(**{**row._mapping, "place": Place(row.place)})


def _values(found: TopicClass | Module | Discussion | Member | Announcement) -> dict[str, Any]:
    values = {name: getattr(found, name) for name in type(found).__slots__}
    return plain(values)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a row as SQL takes them."""
    return {
        name: value.value if isinstance(value, StrEnum) else list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
