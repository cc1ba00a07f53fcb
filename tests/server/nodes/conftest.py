"""Two offices as two processes have them, on one PostgreSQL, deaf to each other unless a test wires them."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from server.attendance.receive import Receiver
from server.base.db import Database
from server.base.ids import new_id
from server.base.office import Office
from server.base.services import Services
from server.base.work import SYSTEM, Work
from server.live import store as live
from server.rules.live import State
from tests.clock import TestClock
from tests.conftest import cannot
from tests.postgres import Postgres
from tests.server.attendance.conftest import REACTIONS, Classroom, planned
from tests.server.nodes.bus import NodeBus


@pytest.fixture
def node_url(postgres: Postgres | None, request: pytest.FixtureRequest) -> str:
    """A migrated PostgreSQL database; several processes never share a SQLite file."""
    if postgres is None:
        cannot("PostgreSQL")
    assert postgres is not None
    return postgres.url(f"n{uuid4().hex}", request.getfixturevalue("migrated_template"))


@asynccontextmanager
async def a_node(url: str, services: Services, clock: TestClock, name: str) -> AsyncIterator[Office]:
    """An office as the process `name` has it."""
    db = Database(url)
    yield Office(db, services, clock=clock, chance=random.Random(7), bus=NodeBus(name), reactions=REACTIONS)
    await db.close()


@pytest.fixture
async def rooms(node_url: str, services: Services, clock: TestClock) -> AsyncIterator[tuple[Classroom, Classroom]]:
    """One class on air, as two processes have it."""
    async with a_node(node_url, services, clock, "a") as one, a_node(node_url, services, clock, "b") as other:
        here = Classroom(one, clock, Receiver(one, group_s=0), new_id(clock.now()))
        there = Classroom(other, clock, Receiver(other, group_s=0), here.class_id)

        async def verb(work: Work) -> None:
            await live.add(work.tx, replace(planned(here.class_id, clock.now())))

        await one.do(SYSTEM, verb)
        await here.put(State.ON_AIR, went_on_air_at=clock.now())
        yield here, there
