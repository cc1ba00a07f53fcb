"""Exemption from a year's assessment: on a document, by who manages the person, seen in year and consequences."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from server.app import NOUNS
from server.base.office import Office
from server.hours import exempt
from server.hours.year import YearRecord
from server.people.store import Person
from server.rules.consequences import Effect
from server.rules.powers import Role
from server.rules.refusal import Refusal
from server.rules.year import Ground, Outside
from tests.clock import TestClock
from tests.server.hours.conftest import Town
from tests.server.hours.test_year import year_of
from tests.visits import Browser, House, a_house

DOCUMENT = "合组〔2026〕12号"


async def give(office: Office, town: Town, year: int) -> None:
    await office.do(town.admin, exempt.give, town.learner.id, year, Ground.ILLNESS, DOCUMENT)


async def test_an_exempt_year_makes_no_demand_and_says_why(office: Office, town: Town) -> None:
    await give(office, town, 2026)
    found: YearRecord = await year_of(office, town)
    assert found.outside is Outside.EXEMPT
    assert found.exemption is not None
    assert (found.exemption.ground, found.exemption.document) == (Ground.ILLNESS, DOCUMENT)
    assert (await year_of(office, town, 2025)).outside is None


async def test_an_exempt_year_interrupts_a_run_of_years_not_complete(
    office: Office, town: Town, clock: TestClock
) -> None:
    clock.set(datetime(2021, 6, 1, tzinfo=UTC))
    await give(office, town, 2021)
    clock.set(datetime(2026, 9, 15, tzinfo=UTC))
    assert (await year_of(office, town, 2021)).effect is Effect.NONE
    assert (await year_of(office, town, 2022)).effect is Effect.NOT_EXCELLENT


@pytest.mark.parametrize("year", [2019, 2028])
async def test_a_year_out_of_reach_is_refused(office: Office, town: Town, year: int) -> None:
    with pytest.raises(Refusal, match=r"exemption\.wrong_year"):
        await give(office, town, year)


async def test_a_year_whose_states_are_final_is_refused(office: Office, town: Town) -> None:
    with pytest.raises(Refusal, match=r"exemption\.closed"):
        await give(office, town, 2025)


async def test_without_a_document_or_twice_it_is_refused(office: Office, town: Town) -> None:
    with pytest.raises(Refusal, match=r"exemption\.no_document"):
        await office.do(town.admin, exempt.give, town.learner.id, 2026, Ground.OTHER, "  ")
    await give(office, town, 2026)
    with pytest.raises(Refusal, match=r"exemption\.given"):
        await give(office, town, 2026)


@pytest.fixture
async def house(office: Office) -> AsyncIterator[House]:
    async with a_house(office, NOUNS) as found:
        yield found


async def _give(browser: Browser, learner: Person) -> str:
    body = {"year": 2026, "ground": "maternity", "document": DOCUMENT}
    answer = await browser.post(f"/people/{learner.id}/exemptions", body)
    return answer.code if answer.status >= 400 else str(answer.body["items"][0]["id"])


async def test_only_who_manages_the_person_gives_and_withdraws(house: House, town: Town) -> None:
    desk, mine = await house.browser_of(town.officer), await house.browser_of(town.learner)
    foreign = await house.browser_of(await town.province.a(Role.SUB_CENTRE_ADMIN, over=town.other_city))
    assert await _give(foreign, town.learner) == "person.unknown"
    assert await _give(mine, town.learner) == "power.missing"
    id = await _give(desk, town.learner)
    shown = (await mine.get("/me/home")).body["year"]
    assert (shown["outside"], shown["exemption"]) == ("exempt", {"ground": "maternity", "document": DOCUMENT})
    assert (await desk.delete(f"/people/{town.learner.id}/exemptions/{id}")).status == 204
    assert (await desk.delete(f"/people/{town.learner.id}/exemptions/{id}")).code == "exemption.withdrawn"
    assert (await mine.get("/me/home")).body["year"]["outside"] is None
    (kept,) = (await desk.get(f"/people/{town.learner.id}/exemptions")).body["items"]
    assert kept["withdrawn_by"]["name"] == "陈立"
