"""What the evidence of a class takes once it is packed, by the size of the database."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from server.attendance import evidence, store
from server.attendance.store import CLASS, Stay
from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.rules.presence import Beat
from tests.load.crowd import gather, office_of

STAYS, BEATS = 100, 360
"""A class of 90 minutes."""

_PAGES = "select page_count * page_size from pragma_page_count, pragma_page_size"


async def packed_bytes(data: Path, database_url: str) -> float:
    """Bytes a beat: what the database grew by, vacuumed before and after."""
    crowd = await gather(data, STAYS, database_url)
    async with office_of(crowd.settings) as office:
        visits = await office.do(SYSTEM, _visits, crowd.class_id)
        empty = await _size(office)
        for stay in visits:
            await office.do(SYSTEM, _attend, stay)
        return (await _size(office) - empty) / (STAYS * BEATS)


async def _visits(work: Work, class_id: UUID) -> list[UUID]:
    found = []
    for _ in range(STAYS):
        stay = Stay(work.id(), work.id(), CLASS, class_id, "办公电脑 Chrome", "load", 0, None, dirty=False)
        await store.add_stay(work.tx, stay)
        found.append(stay.id)
    return found


async def _attend(work: Work, stay: UUID) -> None:
    await evidence.append(work.tx, [(stay, beat) for beat in _beats(random.Random(stay.int))])
    await evidence.pack_stay(work.tx, stay)


def _beats(chance: random.Random) -> Iterator[Beat]:
    """Beats of somebody who watches to the end: timers of a browser, a line that jitters, an edge that drifts."""
    sent = 1_764_035_000_000.0
    heard = int(sent)
    for seq in range(1, BEATS + 1):
        passed = chance.gauss(15_000, 12) if seq > 1 else 0.0
        sent += passed
        heard = max(heard, int(sent + abs(chance.gauss(20, 15))))
        position = int(sent - 1_700 + chance.gauss(0, 20))
        yield Beat(seq, position, 1.0, round(passed), playing=True, visible=True, ended=False, received_ms=heard)


async def _size(office: Office) -> int:
    """Bytes of the SQLite file, or of the tables of beats on PostgreSQL, without room that is not used."""
    if office.db.lite:
        with closing(sqlite3.connect(office.db.url.database or "", isolation_level=None)) as file:
            file.execute("vacuum")
            return int(file.execute(_PAGES).fetchone()[0])
    engine = create_async_engine(office.db.engine.url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as tx:
        await tx.execute(sa.text("vacuum full packs, beats"))
        size = sa.text("select pg_total_relation_size('packs') + pg_total_relation_size('beats')")
        found = int((await tx.execute(size)).scalar_one())
    await engine.dispose()
    return found
