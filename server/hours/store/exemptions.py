"""Exemptions from a year's assessment of hours: given and withdrawn on a document, never deleted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from server.base.db import Id, Instant, insert_ignoring, metadata
from server.hours.store import Tx
from server.rules.year import Ground

DOCUMENT_MAX = 80


@dataclass(frozen=True, slots=True)
class Exemption:
    """That a year is not counted for a person, on which ground and by which document of the managing authority."""

    id: UUID
    account: UUID
    year: int
    ground: Ground
    document: str
    given_by: UUID | None
    given_at: datetime
    withdrawn_by: UUID | None = None
    withdrawn_at: datetime | None = None


table = sa.Table(
    "exemptions",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("account", Id(), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("ground", sa.String(16), nullable=False),
    sa.Column("document", sa.String(DOCUMENT_MAX), nullable=False),
    sa.Column("given_by", Id()),
    sa.Column("given_at", Instant(), nullable=False),
    sa.Column("withdrawn_by", Id()),
    sa.Column("withdrawn_at", Instant()),
)
sa.Index(
    "ix_exemptions_standing", table.c.account, table.c.year, unique=True,
    sqlite_where=table.c.withdrawn_at.is_(None), postgresql_where=table.c.withdrawn_at.is_(None),
)  # fmt: skip
sa.Index("ix_exemptions_account", table.c.account, table.c.id)


async def add(tx: Tx, found: Exemption) -> bool:
    """Keep an exemption; False when one for this year stands already."""
    row = {name: getattr(found, name) for name in Exemption.__slots__} | {"ground": found.ground.value}
    return bool((await tx.execute(insert_ignoring(tx, table).values(row))).rowcount)


async def of_account(tx: Tx, account: UUID) -> list[Exemption]:
    """All that was ever given to a person, newest first."""
    rows = await tx.execute(sa.select(table).where(table.c.account == account).order_by(table.c.id.desc()))
    return [Exemption(**{**row._mapping, "ground": Ground(row.ground)}) for row in rows]


async def standing(tx: Tx, account: UUID) -> dict[int, Exemption]:
    """The exemptions of a person that stand, by year."""
    return {each.year: each for each in await of_account(tx, account) if each.withdrawn_at is None}


async def withdraw(tx: Tx, found: Exemption, by: UUID | None, at: datetime) -> bool:
    """Write the end once; False when it had ended before."""
    update = table.update().where(table.c.id == found.id, table.c.withdrawn_at.is_(None))
    return bool((await tx.execute(update.values(withdrawn_by=by, withdrawn_at=at))).rowcount)
