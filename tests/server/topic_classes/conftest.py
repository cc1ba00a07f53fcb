"""A school, and the whole application around it."""

from collections.abc import AsyncIterator

import pytest

from server.app import NOUNS
from server.base.office import Office
from server.rules.powers import Role
from tests.people import a_province
from tests.server.topic_classes.school import School
from tests.visits import House, a_house


@pytest.fixture
async def school(office: Office) -> School:
    town = await a_province(office)
    return School(office, town, await town.a(Role.CLASS_TEACHER, over=town.own, name="孙老师"))


@pytest.fixture
async def house(office: Office) -> AsyncIterator[House]:
    async with a_house(office, NOUNS) as found:
        yield found
