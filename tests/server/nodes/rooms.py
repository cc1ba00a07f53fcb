"""One class on air as two processes have it, each with an office of its own on one database."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.attendance.receive import Receiver
from server.base.db import Database
from server.base.faults import Failpoints
from server.base.ids import new_id
from server.base.office import Office
from server.base.services import Services
from server.base.work import SYSTEM, Work
from server.live import store as live
from server.rules.live import State
from tests.clock import TestClock
from tests.server.attendance.conftest import REACTIONS, Classroom, planned
from tests.server.nodes.bus import NodeBus

Rooms = tuple[Classroom, Classroom]


@asynccontextmanager
async def two_rooms(url: str, services: Services, clock: TestClock) -> AsyncIterator[Rooms]:
    """They share the clock and where they fail, and are deaf to each other until `wire` is called."""
    failpoints, class_id = Failpoints(), new_id(clock.now())
    databases = Database(url), Database(url)

    def room(name: str, db: Database) -> Classroom:
        office = Office(
            db, services, clock=clock, chance=random.Random(7), bus=NodeBus(name), failpoints=failpoints,
            reactions=REACTIONS,
        )  # fmt: skip
        return Classroom(office, clock, Receiver(office, group_s=0), class_id)

    async def verb(work: Work) -> None:
        await live.add(work.tx, planned(class_id, clock.now()))

    here, there = room("a", databases[0]), room("b", databases[1])
    await here.office.do(SYSTEM, verb)
    await here.put(State.ON_AIR, went_on_air_at=clock.now())
    try:
        yield here, there
    finally:
        for db in databases:
            await db.close()
