"""Addresses of calendars in SQL."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.calendar.tables import calendar_addresses as table


async def made_at(tx: AsyncConnection, account: UUID) -> datetime | None:
    """Since when somebody has an address; None for none."""
    found: datetime | None = await tx.scalar(sa.select(table.c.made_at).where(table.c.account == account))
    return found


async def account_of(tx: AsyncConnection, secret_hash: bytes) -> UUID | None:
    """Whose address has that secret."""
    found: UUID | None = await tx.scalar(sa.select(table.c.account).where(table.c.secret_hash == secret_hash))
    return found


async def put(tx: AsyncConnection, account: UUID, secret_hash: bytes, at: datetime) -> None:
    """Give somebody an address in the place of the one before."""
    await drop(tx, account)
    await tx.execute(table.insert().values(account=account, secret_hash=secret_hash, made_at=at))


async def drop(tx: AsyncConnection, account: UUID) -> None:
    await tx.execute(table.delete().where(table.c.account == account))
