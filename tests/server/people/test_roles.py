"""Roles are handed on within one's own reach, never upwards and never to oneself."""

from datetime import timedelta
from typing import Any

import pytest

from server.people.store import Person
from server.rules.powers import Role
from tests.clock import TestClock
from tests.people import Province
from tests.visits import Answer, Browser, House


@pytest.fixture
async def admin(house: House, town: Province) -> Browser:
    return await house.browser_of(await town.a(Role.SUB_CENTRE_ADMIN, over=town.own))


@pytest.fixture
async def academy(house: House, town: Province) -> Browser:
    return await house.browser_of(await town.a(Role.ACADEMY_ADMIN, at=town.root))


async def _give(browser: Browser, person: Person, role: str, scope: Any = None, until: str | None = None) -> Answer:
    body = {"role": role, "scope_kind": "unit" if scope else "all", "scope_id": str(scope.id) if scope else None}
    return await browser.post(f"/people/{person.id}/roles", body | {"until": until})


async def test_a_sub_centre_names_moderators_and_lecturers_of_its_own(
    town: Province, admin: Browser, clock: TestClock
) -> None:
    person = await town.a_learner()
    assert (await _give(admin, person, "moderator", town.below)).status == 201
    clock.pass_(1)
    answer = await _give(admin, person, "lecturer", town.own)
    assert [(each["role"], each["scope_name"]) for each in answer.body["items"]] == [
        ("moderator", "肥东县"),
        ("lecturer", "合肥市"),
    ]
    assert (await _give(admin, person, "lecturer", town.own)).code == "roles.held"


@pytest.mark.parametrize(
    ("role", "scope", "code"),
    [
        ("sub_centre_admin", "own", "power.missing"),
        ("auditor", "own", "power.missing"),
        ("department", None, "power.missing"),
        ("academy_admin", None, "power.missing"),
        ("moderator", None, "power.missing"),
        ("moderator", "sibling", "unit.unknown"),
        ("moderator", "root", "unit.unknown"),
        ("learner", "own", "roles.scope"),
        ("academy_admin", "own", "roles.scope"),
    ],
)
async def test_a_sub_centre_hands_on_no_more_than_it_has(
    town: Province, admin: Browser, role: str, scope: str | None, code: str
) -> None:
    person = await town.a_learner()
    assert (await _give(admin, person, role, getattr(town, scope) if scope else None)).code == code


async def test_the_academy_names_sub_centre_administrators(town: Province, academy: Browser) -> None:
    person = await town.a_learner()
    assert (await _give(academy, person, "sub_centre_admin")).code == "roles.scope"
    assert (await _give(academy, person, "sub_centre_admin", town.sibling)).status == 201
    assert (await _give(academy, person, "auditor")).status == 201


async def test_nobody_gives_themselves_a_role(house: House, town: Province) -> None:
    me = await town.a(Role.ACADEMY_ADMIN, at=town.root)
    browser = await house.browser_of(me)
    answer = await _give(browser, me, "auditor")
    assert (answer.status, answer.code) == (403, "power.missing")


async def test_who_is_managed_elsewhere_gets_no_role_here(town: Province, admin: Browser) -> None:
    person = await town.a_learner(at=town.own, managed_by=town.root)
    assert (await _give(admin, person, "moderator", town.own)).code == "power.missing"


async def test_a_sub_centre_does_not_take_what_the_academy_gave(town: Province, admin: Browser) -> None:
    person = await town.a_learner()
    theirs = await town.gives(person, Role.AUDITOR)
    ours = await town.gives(person, Role.MODERATOR, over=town.below)
    assert (await admin.delete(f"/people/{person.id}/roles/{theirs}")).code == "power.missing"
    assert (await admin.delete(f"/people/{person.id}/roles/{ours}")).status == 204
    assert (await admin.delete(f"/people/{person.id}/roles/{ours}")).code == "role.unknown"


async def test_a_lent_role_runs_out_by_itself(house: House, town: Province, admin: Browser, clock: TestClock) -> None:
    person = await town.a_learner()
    past = await _give(admin, person, "moderator", town.own, clock.now().isoformat())
    assert (past.code, past.body["field"]) == ("roles.until", "until")
    until = (clock.now() + timedelta(minutes=10)).isoformat()
    assert (await _give(admin, person, "moderator", town.own, until)).status == 201
    browser = await house.browser_of(person)
    assert "desk.see" in (await browser.get("/session")).body["powers"]
    clock.pass_(600)
    assert "desk.see" not in (await browser.get("/session")).body["powers"]
    assert (await _give(admin, person, "moderator", town.own)).status == 201
