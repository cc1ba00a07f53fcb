"""The first screen of a learner in each of its states, at a desk and on a phone."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import expect

from server.app import NOUNS
from server.attendance.running import attach
from server.base.office import Office
from server.base.work import SYSTEM
from server.hours.credit import credit
from server.people.store import Person
from server.rules.powers import Role
from server.rules.words import Nature
from tests.clock import TestClock
from tests.journeys.browser import PHONE, Visitor, Windows
from tests.journeys.conftest import built_pages
from tests.journeys.steps import fits, sign_in
from tests.people import Province, a_province
from tests.server.hours.academy import judged, lesson
from tests.server.live.classes import on_air, planned
from tests.server.powers.affairs import credited, exempted
from tests.visits import House, a_house

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(180),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

OVER = "学年学习已截止，还差 48.0 学时"
NOVEMBER, DECEMBER = datetime(2026, 11, 10, 1, tzinfo=UTC), datetime(2026, 12, 5, 1, tzinfo=UTC)


@pytest.fixture
def pages() -> Path:
    return built_pages()


@pytest.fixture
async def house(office: Office) -> AsyncIterator[House]:
    """The application as it is, but for its clock, which stands in September until it is told otherwise."""
    async with a_house(office, NOUNS, attach) as found:
        yield found


@pytest.fixture
def url(house: House) -> str:
    return str(house.server.make_url("/")).rstrip("/")


@pytest.fixture
async def town(office: Office) -> Province:
    return await a_province(office)


async def test_home_in_every_state(house: House, clock: TestClock, town: Province, opened: Windows) -> None:
    office = house.office
    desk, phone = await opened.open("desk"), await opened.open("phone", PHONE)

    async def see(person: Person, what: str, *texts: str) -> None:
        for visitor in (desk, phone):
            await sign_in(visitor, person)
            await _says(visitor, what, *texts)

    await see(await town.a_learner("新学员"), "new", "欢迎。建议先从一场直播课堂开始")
    await see(await _exempt(office, town), "exempt", "不纳入本学年学时考核（病假）")
    await see(await _complete(office, town), "complete", "已完成本学年学时要求", "50.0")
    await see(await _watching(office, town), "live", "进入课堂", "已开播 0 分钟")
    wang = await _in_the_middle(office, town)
    await see(wang, "normal", "还差 48.0 学时，距学年结束 46 天", "可补看的直播缺段", "查看课堂")
    clock.set(NOVEMBER)
    await see(wang, "makeup", "补学补考期：11 月 30 日前完成，还差 48.0 学时")
    clock.set(DECEMBER)
    await see(wang, "december", "现在学习不计入学时，新学年从 1 月 1 日开始", OVER)
    await house.server.close()
    for visitor in (desk, phone):
        await _says(visitor, "offline", "网络已断开，正在重新连接", OVER)


async def _says(visitor: Visitor, what: str, *texts: str) -> None:
    for text in texts:
        await expect(visitor.page.get_by_text(text).first).to_be_visible()
    await (fits if "phone" in visitor.name else Visitor.look)(visitor, what)


async def _exempt(office: Office, town: Province) -> Person:
    person = await town.a_learner("何静")
    await office.do(SYSTEM, exempted, person)
    return person


async def _complete(office: Office, town: Province) -> Person:
    person = await town.a_learner("赵磊")
    for nature in (Nature.REQUIRED, Nature.ELECTIVE):
        await office.do(SYSTEM, credited, person, uuid4(), "25.0", nature)
    return person


async def _watching(office: Office, town: Province) -> Person:
    """Somebody of another city, for whose learners alone a class is on air."""
    city, lecturer = town.sibling, await town.a(Role.LECTURER, over=town.root, name="李明教授")
    await office.do(
        SYSTEM, on_air, unit_path=city.path, audience_unit=city.id, audience_path=city.path, lecturers=(lecturer.id,)
    )
    return await town.a_learner("李娜", at=city)


async def _in_the_middle(office: Office, town: Province) -> Person:
    """A class gave two hours, another one none yet, a third one comes in three days."""
    person = await town.a_learner("王芳")
    for title, hours in (("基层治理", "2.0"), ("数字政府", "0")):
        held = await office.do(SYSTEM, lesson, title=title, recording="ready")
        await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, person, held, hours))
    await office.do(SYSTEM, planned, title="村规民约", starts_at=office.clock.now() + timedelta(days=3))
    return person
