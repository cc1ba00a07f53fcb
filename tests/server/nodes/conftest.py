"""Two offices as two processes have them, on one PostgreSQL, deaf to each other unless a test wires them."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from server.base.services import Services
from tests.clock import TestClock
from tests.conftest import cannot
from tests.postgres import Postgres
from tests.server.nodes.rooms import Rooms, two_rooms


@pytest.fixture
def node_url(postgres: Postgres | None, request: pytest.FixtureRequest) -> str:
    """A migrated PostgreSQL database; several processes never share a SQLite file."""
    if postgres is None:
        cannot("PostgreSQL")
    assert postgres is not None
    return postgres.url(f"n{uuid4().hex}", request.getfixturevalue("migrated_template"))


@pytest.fixture
async def rooms(node_url: str, services: Services, clock: TestClock) -> AsyncIterator[Rooms]:
    """One class on air, as two processes have it."""
    async with two_rooms(node_url, services, clock) as found:
        yield found
