"""What tests of live classes share: a fake media process, and an office that gives it orders."""

import random
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from media.orders import Orders
from server.base.db import Database
from server.base.faults import Failpoints
from server.base.office import Office
from server.base.services import Services
from server.live.reactions import REACTIONS
from server.live.routes import NOUNS as LIVE
from server.people.routes import NOUNS as PEOPLE
from tests.clock import TestClock
from tests.people import Province, a_province
from tests.server.live.media import FakeMedia, fake_media
from tests.server.live.school import School, a_school
from tests.visits import House, a_house


@pytest.fixture
async def media(services: Services) -> AsyncIterator[FakeMedia]:
    async with fake_media(services.media_secret) as fake:
        yield fake


@pytest.fixture
async def studio(
    database_url: str, services: Services, media: FakeMedia, clock: TestClock, failpoints: Failpoints
) -> AsyncIterator[Office]:
    """An office with the reactions of live classes and a media process that can be reached."""
    db = Database(database_url)
    async with aiohttp.ClientSession() as http:
        reached = replace(services, orders=Orders(media.url, services.media_secret, http, time.time))
        yield Office(db, reached, clock=clock, chance=random.Random(7), failpoints=failpoints, reactions=REACTIONS)
    await db.close()


@pytest.fixture
async def town(studio: Office) -> Province:
    return await a_province(studio)


@pytest.fixture
async def house(studio: Office) -> AsyncIterator[House]:
    async with a_house(studio, (*PEOPLE, *LIVE)) as found:
        yield found


@pytest.fixture
async def school(house: House, town: Province) -> School:
    return await a_school(house, town)
