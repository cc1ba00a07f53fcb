"""The desk's list narrowed to a kind of place, a place, a sub-centre; ordered by how long somebody waits."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from server.base.office import Office
from server.moderation import write
from server.moderation.routes import NOUNS as MODERATION
from server.moderation.write import Place, Speaker
from server.people.routes import NOUNS
from server.people.store import Person
from server.rules.conduct import Mode
from server.rules.powers import Role
from tests.clock import TestClock
from tests.people import Province, a_province
from tests.visits import Browser, a_house

CLASS, THREAD, GROUP = UUID(int=71), UUID(int=72), UUID(int=73)


@pytest.fixture
async def town(office: Office) -> Province:
    return await a_province(office)


@pytest.fixture
async def desk(office: Office, town: Province, clock: TestClock) -> AsyncIterator[Browser]:
    """A moderator of all; two wait in a thread, the later one from the sibling city, then one live, one in a group."""
    near, far = await town.a_learner(at=town.below), await town.a_learner(at=town.sibling)
    for author, kind, place, text in (
        (near, "thread", THREAD, "先写的"),
        (far, "thread", THREAD, "后写的"),
        (near, "class", CLASS, "课上说的"),
    ):
        clock.pass_(60)
        await _say(office, town, author, Place(kind, place, f"地点 {kind}", Mode.BEFORE, f"{kind}:{place}"), text)
    group = Place("thread", GROUP, "讨论组", Mode.BEFORE, f"thread:{GROUP}", topic_class=UUID(int=74))
    clock.pass_(60)
    await _say(office, town, near, group, "组里说的")
    async with a_house(office, (*NOUNS, *MODERATION)) as house:
        yield await house.browser_of(await town.a(Role.MODERATOR, over=town.root))


async def _say(office: Office, town: Province, author: Person, place: Place, text: str) -> None:
    speaker = Speaker(author.id, "learner", author.unit_path, author.authority_path)
    await office.do(await town.acting(author), write.submit, place, speaker, text, uuid4())


async def _texts(desk: Browser, query: str) -> list[str]:
    return [each["text"] for each in (await desk.get(f"/desk/items?state=held{query}")).body["items"]]


async def test_the_list_is_narrowed_and_ordered_as_asked(desk: Browser, town: Province) -> None:
    assert await _texts(desk, "") == ["课上说的", "先写的", "后写的", "组里说的"]
    assert await _texts(desk, "&sort=waited") == ["先写的", "后写的", "课上说的", "组里说的"]
    assert await _texts(desk, "&kind=thread") == ["先写的", "后写的"]
    assert await _texts(desk, "&kind=discussion") == ["组里说的"]
    assert await _texts(desk, f"&place={CLASS}") == ["课上说的"]
    assert await _texts(desk, f"&kind=thread&centre={town.own.id}") == ["先写的"]
    assert await _texts(desk, f"&centre={uuid4()}") == []


async def test_what_it_can_be_narrowed_to_is_counted_within_ones_reach(
    desk: Browser, town: Province, office: Office
) -> None:
    found = (await desk.get("/desk/choices?state=held")).body
    assert found["kinds"] == {"thread": 2, "class": 1, "discussion": 1}
    counted = {each["id"]: each["count"] for each in found["places"]}
    assert counted == {str(THREAD): 2, str(CLASS): 1, str(GROUP): 1}
    centres = {each["id"]: each["count"] for each in found["centres"]}
    assert (centres[str(town.own.id)], centres[str(town.sibling.id)]) == (3, 1)
    async with a_house(office, (*NOUNS, *MODERATION)) as house:
        local = await house.browser_of(await town.a(Role.MODERATOR, over=town.sibling))
        assert (await local.get("/desk/choices?state=held")).body["kinds"] == {"thread": 1}
