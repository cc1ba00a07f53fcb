"""A question to the database that takes too long is given up, whatever somebody has thought up to make it costly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.rules.refusal import Refusal

_CANCELLED = "57014"
_INTERRUPTED = "SQLITE_INTERRUPT"


@asynccontextmanager
async def patience(tx: AsyncConnection, seconds: float, code: str) -> AsyncIterator[None]:
    """Statements of a reading transaction within the block; refuses `code` (503) when one takes longer.

    On PostgreSQL the limit holds until the transaction ends.
    """
    try:
        if tx.dialect.name == "sqlite":
            async with _interrupted_after(tx, seconds):
                yield
        else:
            await tx.execute(sa.text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
            yield
    except DBAPIError as error:
        told = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
        if told not in {_CANCELLED, _INTERRUPTED}:
            raise
        raise Refusal(code, status=503) from error


@asynccontextmanager
async def _interrupted_after(tx: AsyncConnection, seconds: float) -> AsyncIterator[None]:
    raw = (await tx.get_raw_connection()).driver_connection
    assert raw is not None
    timer = asyncio.get_running_loop().call_later(seconds, raw.interrupt)
    try:
        yield
    finally:
        timer.cancel()
