"""A city with its sub-centre, a learner, and whoever manages him."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from server.base.office import Office
from server.base.work import Actor
from server.people.store import Person
from server.people.units import Unit
from server.rules.powers import Role
from tests.people import Province, a_province


@dataclass(frozen=True)
class Town:
    """Who is there; the learner joined in January 2020."""

    province: Province
    learner: Person
    officer: Person
    admin: Actor

    @property
    def city(self) -> Unit:
        return self.province.own

    @property
    def other_city(self) -> Unit:
        return self.province.sibling


@pytest.fixture
async def town(office: Office) -> Town:
    province = await a_province(office)
    learner = await province.a_learner("王芳", joined=timedelta(days=2440))
    officer = await province.a(Role.SUB_CENTRE_ADMIN, over=province.own, name="陈立")
    return Town(province, learner, officer, await province.acting(officer))
