"""All tables of the ledger and of its desk, and all SQL about them."""

from sqlalchemy.ext.asyncio import AsyncConnection as Tx

__all__ = ["Tx"]
