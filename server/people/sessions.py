"""Sign-ins in the database; of their token only the SHA-256 is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.people.tables import sessions


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in on one device, from the first page to its end.

    `id` is no secret (media grants are bound to it), `until` the moment after which the database
    alone may call it over; the exact time-out is worked out where `seen_at` is fresh.
    """

    id: str
    account: UUID
    csrf: str
    device: str
    address: str
    signed_in_at: datetime
    seen_at: datetime
    until: datetime


def token_hash(token: str) -> bytes:
    """The 32 bytes by which a token is found."""
    return sha256(token.encode()).digest()


def _sign_in(row: Any) -> SignIn:
    return SignIn(**{name: getattr(row, name) for name in SignIn.__slots__})


async def add(tx: AsyncConnection, found: SignIn, token: bytes) -> None:
    row = {name: getattr(found, name) for name in SignIn.__slots__} | {"token_hash": token}
    await tx.execute(sessions.insert().values(row))


_BY_TOKEN = sa.select(sessions).where(sessions.c.token_hash == sa.bindparam("token"), sessions.c.ended_at.is_(None))


async def by_token(tx: AsyncConnection, token: bytes) -> SignIn | None:
    """The sign-in that has this token's hash, unless it has ended."""
    row = (await tx.execute(_BY_TOKEN, {"token": token})).first()
    return _sign_in(row) if row else None


async def open_of(tx: AsyncConnection, account: UUID) -> list[SignIn]:
    """Where a person is signed in, the newest first."""
    query = sa.select(sessions).where(sessions.c.account == account, sessions.c.ended_at.is_(None))
    return [_sign_in(row) for row in await tx.execute(query.order_by(sessions.c.signed_in_at.desc(), sessions.c.id))]


async def is_strange(tx: AsyncConnection, made: SignIn) -> bool:
    """Whether the person has signed in before, and never with a device of this description, versions left aside."""
    before = sa.select(sessions.c.device).where(sessions.c.account == made.account, sessions.c.id != made.id)
    known = {_kind_of(device) for device in (await tx.execute(before.distinct())).scalars()}
    return bool(known) and _kind_of(made.device) not in known


def _kind_of(device: str) -> str:
    """A description without the numbers, which change with every update."""
    return re.sub(r"[\d._]+", "", device)


async def past(tx: AsyncConnection, at: datetime, limit: int = 500) -> list[SignIn]:
    """Open sign-ins whose time is over."""
    query = sa.select(sessions).where(sessions.c.ended_at.is_(None), sessions.c.until <= at)
    return [_sign_in(row) for row in await tx.execute(query.order_by(sessions.c.until).limit(limit))]


async def end(tx: AsyncConnection, session: str, at: datetime, by: str) -> bool:
    """Write the end once; False when it had ended before."""
    update = sessions.update().where(sessions.c.id == session, sessions.c.ended_at.is_(None))
    return bool((await tx.execute(update.values(ended_at=at, ended_by=by))).rowcount)


async def touch(tx: AsyncConnection, seen: Sequence[tuple[str, datetime, datetime]]) -> None:
    """Keep `(id, seen_at, until)` of several sign-ins."""
    update = sessions.update().where(sessions.c.id == sa.bindparam("session"))
    values = update.values(seen_at=sa.bindparam("seen"), until=sa.bindparam("over"))
    await tx.execute(values, [{"session": id, "seen": at, "over": until} for id, at, until in seen])
