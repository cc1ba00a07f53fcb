"""A school, and the whole application around it."""

from collections.abc import AsyncIterator

import pytest

from server.app import NOUNS
from server.base.office import Office
from tests.server.topic_classes.school import School, a_school
from tests.visits import House, a_house


@pytest.fixture
async def school(office: Office) -> School:
    return await a_school(office)


@pytest.fixture
async def house(office: Office) -> AsyncIterator[House]:
    async with a_house(office, NOUNS) as found:
        yield found
