"""A province and a running application for the tests of people."""

from collections.abc import AsyncIterator

import pytest

from server.base.office import Office
from tests.people import Province, a_province
from tests.visits import House, a_house


@pytest.fixture
async def town(office: Office) -> Province:
    return await a_province(office)


@pytest.fixture
async def house(office: Office) -> AsyncIterator[House]:
    async with a_house(office) as found:
        yield found
