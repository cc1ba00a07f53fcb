"""The one sequencer: gives every ledger row its place in the common order of the Merkle tree (rules §4)."""

from datetime import timedelta

from server.base.schedule import Every
from server.base.work import Work
from server.hours.store import ledger

LATEST = timedelta(minutes=10)
"""No unit of work lasts that long: a row written so long before the last one placed has its place."""

BATCH = 1000


async def sequence(work: Work) -> int:
    """Place the rows that have no place yet; the number placed."""
    newest = await ledger.newest_placed(work.tx)
    rows = await ledger.unplaced(work.tx, limit=BATCH, since=newest - LATEST if newest else None)
    await work.fail("sequence.before_insert")
    await ledger.place(work.tx, await ledger.size(work.tx), rows)
    await work.fail("sequence.after_insert")
    return len(rows)


EVERY = [Every(1.0, sequence)]
