"""The end of what a class leaves to do: everybody assessed, everything in the outbox done."""

import sqlalchemy as sa

from server.attendance.tables import closings, stays
from server.base.office import Office
from server.base.outbox import outbox
from tests.faults.driver import Driver
from tests.journeys.academy import until


async def settled(driver: Driver) -> None:
    """Wait until the class is assessed for everybody, and what follows has been done."""
    await driver.within(lambda office: until(lambda: _all_done(office), 60, "everybody is assessed"))


async def _all_done(office: Office) -> bool:
    async with office.read() as tx:
        # There is no media here to take an order, so that one stays.
        undone = (outbox.c.done_at.is_(None), outbox.c.name != "class.air_due")
        waiting = (await tx.execute(sa.select(sa.func.count()).where(*undone))).scalar_one()
        dirty = (await tx.execute(sa.select(sa.func.count()).where(stays.c.dirty))).scalar_one()
        due = (await tx.execute(sa.select(sa.func.count()).where(~closings.c.done))).scalar_one()
    return not (waiting or dirty or due)
