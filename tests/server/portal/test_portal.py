"""The portal: open to everybody, and silent about persons and about classes that are not for everybody."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from server.app import NOUNS
from server.base.office import Office
from server.base.work import SYSTEM
from server.rules.live import State
from tests.clock import TestClock
from tests.people import Province, a_province
from tests.server.live.classes import planned
from tests.visits import House, a_house


@pytest.fixture
async def town(office: Office) -> Province:
    return await a_province(office)


@pytest.fixture
async def house(office: Office) -> AsyncIterator[House]:
    settings = office.services.settings.model_copy(update={"portal_classes": True})
    open_ = Office(office.db, replace(office.services, settings=settings), clock=office.clock, chance=office.chance)
    async with a_house(open_, NOUNS) as found:
        yield found


async def test_a_visitor_sees_todays_classes_for_everybody_and_nobodys_name(
    office: Office, town: Province, house: House, clock: TestClock
) -> None:
    teacher = await town.a_learner("李文博")
    here = {"audience_unit": town.own.id, "audience_path": town.own.path}
    await office.do(SYSTEM, planned, title="数字政府", lecturers=(teacher.id,))
    await office.do(SYSTEM, planned, title="合肥专场", **here)
    await office.do(SYSTEM, planned, title="已取消", state=State.CANCELLED)
    await office.do(SYSTEM, planned, title="明天", starts_at=clock.now().replace(hour=16))
    answer = await house.browser().get("/portal")
    assert [each["title"] for each in answer.body["today"]] == ["数字政府"]
    assert answer.body["academy"] == {"name": "干部网络学院", "telephone": "0551-1000000"}
    assert "李文博" not in answer.raw.decode()
    assert str(teacher.id) not in answer.raw.decode()


async def test_a_deployment_keeps_its_classes_to_itself_unless_told(office: Office, town: Province) -> None:
    await office.do(SYSTEM, planned, title="数字政府")
    async with a_house(office, NOUNS) as house:
        shown = (await house.browser().get("/portal")).body
    assert shown["today"] == []
    assert [each["name"] for each in shown["documents"]] == ["regulation", "policy", "accessibility", "help"]
