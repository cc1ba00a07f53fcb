"""Reset codes in the database: of a code only a keyed hash is kept, and only the newest one is good."""

import hmac
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.people.tables import reset_codes


def code_hash(code: str, account: UUID, key: bytes) -> bytes:
    """32 bytes that tell nothing of the few digits without the key."""
    return hmac.new(key, b"reset code" + account.bytes + code.encode(), sha256).digest()


async def add(tx: AsyncConnection, id: UUID, account: UUID, hash: bytes, at: datetime) -> None:
    await tx.execute(reset_codes.insert().values(id=id, account=account, code_hash=hash, made_at=at))


async def number_since(tx: AsyncConnection, account: UUID, since: datetime) -> int:
    """How many codes were made for the account since an instant."""
    query = sa.select(sa.func.count()).select_from(reset_codes)
    return int(await tx.scalar(query.where(reset_codes.c.account == account, reset_codes.c.made_at > since)) or 0)


async def good(tx: AsyncConnection, account: UUID, hash: bytes, since: datetime) -> bool:
    """Whether this is the account's newest code, made since then and not used."""
    query = sa.select(reset_codes).where(reset_codes.c.account == account)
    newest = (await tx.execute(query.order_by(reset_codes.c.made_at.desc(), reset_codes.c.id.desc()))).first()
    if newest is None or newest.used_at is not None or newest.made_at <= since:
        return False
    return hmac.compare_digest(bytes(newest.code_hash), hash)


async def use(tx: AsyncConnection, account: UUID, at: datetime) -> None:
    """Spend every code of the account."""
    update = reset_codes.update().where(reset_codes.c.account == account, reset_codes.c.used_at.is_(None))
    await tx.execute(update.values(used_at=at))
