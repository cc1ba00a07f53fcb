"""Notices in SQL: rows in, frozen values out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import insert_ignoring
from server.notices.tables import notice_marks, notices
from server.rules.powers import tops

COUNTED = 100
"""Unread notices are counted up to this number."""

_AT_ONCE = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINE = (notices.c.account == sa.bindparam("account"),)
_ALL = (
    notices.c.audience_path.in_(sa.bindparam("audiences", expanding=True)),
    notices.c.at >= sa.bindparam("joined_at"),
)


def _newest(*more: sa.ColumnElement[bool]) -> sa.CompoundSelect[Any]:
    """The newest own ones and the newest for all, each by its index."""
    parts = (
        sa.select(notices).where(*to, *more).order_by(notices.c.id.desc()).limit(sa.bindparam("most")).subquery()
        for to in (_MINE, _ALL)
    )
    return sa.union_all(*(sa.select(part) for part in parts))


def _number(*to: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """How many there are since a moment, up to `COUNTED`."""
    unread = sa.select(notices.c.id).where(*to, notices.c.at > sa.bindparam("since")).limit(COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(unread).scalar_subquery()


_NEWEST, _OLDER = _newest(), _newest(notices.c.id < sa.bindparam("before"))
_UNREAD = sa.select(_number(*_MINE) + _number(*_ALL))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something told to one account, or to all units that begin with `audience_path` (empty for everybody).

    `code` (`noun.word`) names the words, `data` holds the JSON values that they need; `subject_kind` and
    `subject` say what it is about: class, post, entry, question, sanction, session, year, topic_class, thread, answer.
    """

    id: UUID
    account: UUID | None
    audience_path: str | None
    code: str
    subject_kind: str
    subject: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: own notices, and those for the audiences of the own unit since joining."""

    account: UUID
    unit_path: str
    joined_at: datetime

    @property
    def audiences(self) -> list[str]:
        """The beginnings of the own unit's path, from everybody down."""
        return ["", *tops(self.unit_path)]


async def add(tx: AsyncConnection, found: Collection[Notice]) -> None:
    rows = [{name: getattr(each, name) for name in Notice.__slots__} for each in found]
    for start in range(0, len(rows), _AT_ONCE):
        await tx.execute(notices.insert(), rows[start : start + _AT_ONCE])


async def stands(tx: AsyncConnection, code: str, subject: str, account: UUID) -> bool:
    """Whether an account has been told that about a subject, and it was not taken back."""
    where = (notices.c.account == account, notices.c.subject == subject, notices.c.code == code)
    return await tx.scalar(sa.select(notices.c.id).where(*where).limit(1)) is not None


async def take_back(tx: AsyncConnection, code_noun: str, subject: str, account: UUID) -> list[Notice]:
    """Delete what was told to an account about a subject under codes `code_noun.…`; what it was."""
    where = (
        notices.c.subject == subject,
        notices.c.code.startswith(f"{code_noun}.", autoescape=True),
        notices.c.account == account,
    )
    found = [Notice(**row._mapping) for row in await tx.execute(sa.select(notices).where(*where))]
    if found:
        await tx.execute(notices.delete().where(*where))
    return found


async def of_reader(tx: AsyncConnection, reader: Reader, *, before: UUID | None, limit: int) -> list[Notice]:
    """What a person has been told, newest first, older than `before`."""
    query, page = (_NEWEST, {}) if before is None else (_OLDER, {"before": before})
    rows = await tx.execute(query, _of(reader) | {"most": limit} | page)
    found = [Notice(**row._mapping) for row in rows]
    return sorted(found, key=lambda each: each.id, reverse=True)[:limit]


async def unread(tx: AsyncConnection, reader: Reader, since: datetime | None) -> int:
    """How many notices came after `since`, at most `COUNTED`."""
    asked = _of(reader) | {"since": since or _EPOCH}
    return min(int((await tx.execute(_UNREAD, asked)).scalar_one()), COUNTED)


async def read_until(tx: AsyncConnection, account: UUID) -> datetime | None:
    """Up to when a person has read; None for never."""
    found: datetime | None = await tx.scalar(_READ_UNTIL, {"account": account})
    return found


_READ_UNTIL = sa.select(notice_marks.c.read_until).where(notice_marks.c.account == sa.bindparam("account"))


async def mark_read(tx: AsyncConnection, account: UUID, until: datetime) -> None:
    """Keep the latest moment up to which a person has read."""
    added = await tx.execute(insert_ignoring(tx, notice_marks).values(account=account, read_until=until))
    if not added.rowcount:
        later = (notice_marks.c.account == account, notice_marks.c.read_until < until)
        await tx.execute(notice_marks.update().where(*later).values(read_until=until))


async def forget(tx: AsyncConnection, before: datetime) -> int:
    """Delete what is older; the number of notices deleted."""
    return (await tx.execute(notices.delete().where(notices.c.at < before))).rowcount


def _of(reader: Reader) -> dict[str, Any]:
    return {"account": reader.account, "audiences": reader.audiences, "joined_at": reader.joined_at}
