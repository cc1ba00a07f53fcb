"""The roster: one account a person, kept by the sub-centre within its reach."""

import asyncio
from typing import Any

import pytest

from server.base.office import Office
from server.people import looks
from server.rules.powers import Role
from server.rules.words import Category
from tests.clock import TestClock
from tests.people import Province, an_identity_number
from tests.visits import Answer, Browser, House


@pytest.fixture
async def admin(house: House, town: Province) -> Browser:
    """The sub-centre's administrator at the desk."""
    return await house.browser_of(await town.a(Role.SUB_CENTRE_ADMIN, over=town.own, name="孙海燕"))


def _entry(town: Province, **other: Any) -> dict[str, Any]:
    entry = {
        "name": "买买提·艾力", "identity_number": an_identity_number(500), "staff_number": "F500",
        "unit": str(town.below.id), "managing_authority": str(town.own.id), "category": "village", "post": "村主任",
    }  # fmt: skip
    return entry | other


async def test_a_new_person_signs_in_with_the_first_password(house: House, town: Province, admin: Browser) -> None:
    answer = await admin.post("/people", _entry(town))
    assert answer.status == 201
    person = answer.body["person"]
    assert (person["name"], person["identity_masked"], person["rank"]) == ("买买提·艾力", "990*************" + an_identity_number(500)[-2:], None)  # fmt: skip  # noqa: E501
    assert an_identity_number(500).encode() not in answer.raw
    signed_in = await house.browser().sign_in("f500", answer.body["password"])
    assert (signed_in.status, signed_in.body["must_change_password"]) == (201, True)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("identity_number", "110105194912310021", "identity.malformed"),
        ("name", "王\u202e芳", "name.malformed"),
        ("post", "主\u200b任", "name.malformed"),
        ("staff_number", "a b", "field.invalid"),
        ("staff_number", "11010519491231002X", "roster.staff_number"),
        ("category", "friend", "field.invalid"),
        ("state", "active", "field.unknown"),
    ],
)
async def test_a_wrong_field_is_named(town: Province, admin: Browser, field: str, value: str, code: str) -> None:
    answer = await admin.post("/people", _entry(town, **{field: value}))
    assert (answer.status, answer.code, answer.body["field"]) == (422, code, field)


async def test_the_same_person_twice_is_told_with_the_sub_centre(town: Province, admin: Browser) -> None:
    there = await town.a_learner(at=town.other)
    number = an_identity_number(int(there.staff_number[1:]))
    answer = await admin.post("/people", _entry(town, identity_number=number))
    assert (answer.status, answer.code, answer.body["basis"]) == (409, "roster.duplicate", "art-8")
    assert answer.body["data"] == {"centre": "芜湖市"}


async def test_of_two_who_enrol_the_same_person_one_succeeds(town: Province, admin: Browser) -> None:
    answers = await asyncio.gather(*(admin.post("/people", _entry(town)) for _ in range(4)))
    assert sorted(each.status for each in answers)[0] == 201
    assert [each.status for each in answers].count(201) == 1
    assert {each.code for each in answers if each.status != 201} <= {"roster.duplicate", "roster.staff_number"}


@pytest.mark.parametrize("unit", ["sibling", "parent", "other"])
async def test_nobody_enrols_into_another_subtree(town: Province, admin: Browser, unit: str) -> None:
    answer = await admin.post("/people", _entry(town, unit=str(getattr(town, unit).id)))
    assert (answer.status, answer.code) == (404, "unit.unknown")


async def test_a_higher_authority_may_manage_a_person_but_not_a_foreign_one(town: Province, admin: Browser) -> None:
    above = await admin.post("/people", _entry(town, managing_authority=str(town.root.id)))
    assert above.status == 201
    foreign = _entry(town, identity_number=an_identity_number(501), staff_number="F501")
    answer = await admin.post("/people", foreign | {"managing_authority": str(town.sibling.id)})
    assert answer.code == "unit.unknown"


async def _patch(admin: Browser, person: Any, **changes: Any) -> Answer:
    return await admin.patch(f"/people/{person.id}", {"version": person.version, **changes})


async def test_a_change_keeps_what_is_not_named(town: Province, admin: Browser) -> None:
    person = await town.a_learner()
    answer = await _patch(admin, person, name="王芳芳", category="professionals")
    assert answer.status == 200
    now = await town.again(person)
    assert (now.name, now.category, now.post, now.version) == ("王芳芳", Category.PROFESSIONALS, "科员", 2)


async def test_a_change_of_what_somebody_else_changed_is_refused(town: Province, admin: Browser) -> None:
    person = await town.a_learner()
    await _patch(admin, person, name="王芳芳")
    answer = await _patch(admin, person, name="王方")
    assert (answer.status, answer.code) == (412, "save.conflict")


async def test_a_transfer_stays_within_reach(town: Province, admin: Browser) -> None:
    person = await town.a_learner()
    assert (await _patch(admin, person, unit=str(town.sibling.id))).code == "unit.unknown"
    assert (await _patch(admin, person, managing_authority=str(town.sibling.id))).code == "unit.unknown"
    answer = await _patch(admin, person, unit=str(town.below.id))
    assert answer.body["unit"]["name"] == "肥东县"


async def test_nobody_changes_the_own_entry(house: House, town: Province) -> None:
    admin = await town.a(Role.SUB_CENTRE_ADMIN, over=town.own)
    browser = await house.browser_of(admin)
    answer = await _patch(browser, admin, rank="厅级")
    assert (answer.status, answer.code) == (403, "power.missing")


async def test_who_left_cannot_come_in_until_back(house: House, town: Province, admin: Browser) -> None:
    person = await town.a_learner()
    stopped = await admin.post(f"/people/{person.id}/stop", {"reason": "retired"})
    assert stopped.body["state"] == "stopped"
    assert (await house.browser().sign_in(person.staff_number)).code == "sign_in.left"
    again = await admin.post(f"/people/{person.id}/stop", {"reason": "retired"})
    assert again.body["version"] == stopped.body["version"]
    assert (await admin.post(f"/people/{person.id}/start")).body["state"] == "active"
    assert (await house.browser().sign_in(person.staff_number)).status == 201


async def test_an_administrator_signs_somebody_out_everywhere(house: House, town: Province, admin: Browser) -> None:
    person = await town.a_learner()
    browser = await house.browser_of(person)
    assert (await admin.post(f"/people/{person.id}/sign-out")).status == 204
    assert (await browser.get("/me/devices")).code == "session.missing"


# --- lists -------------------------------------------------------------------------------------------


async def _names(browser: Browser, query: str = "") -> list[str]:
    return [each["name"] for each in (await browser.get(f"/people{query}")).body["items"]]


async def test_a_list_holds_whom_one_may_see_and_nobody_else(town: Province, admin: Browser) -> None:
    await town.a_learner("甲", at=town.below)
    await town.a_learner("乙", at=town.sibling)
    await town.a_learner("丙", at=town.other, managed_by=town.own)
    await town.a_learner("丁", at=town.root)
    assert sorted(await _names(admin)) == sorted(["孙海燕", "甲", "丙"])


async def test_filters_narrow_a_list(town: Province, admin: Browser) -> None:
    one = await town.a_learner("百分之%", at=town.below, category=Category.VILLAGE)
    await town.a_learner("一_号")
    assert await _names(admin, f"?unit={town.below.id}") == ["百分之%"]
    assert await _names(admin, "?category=village") == ["百分之%"]
    assert await _names(admin, "?q=%25") == ["百分之%"]
    assert await _names(admin, "?q=_") == ["一_号"]
    assert await _names(admin, f"?q={one.staff_number.lower()}") == ["百分之%"]
    assert await _names(admin, "?state=stopped") == []
    assert (await admin.get(f"/people?unit={town.sibling.id}")).code == "unit.unknown"


async def test_pages_add_up_in_a_stable_order(town: Province, admin: Browser) -> None:
    for _ in range(24):
        await town.a_learner("同名")
    first = (await admin.get("/people?sort=-name")).body
    second = (await admin.get("/people?sort=-name&page=2")).body
    assert (first["total"], first["page"], first["size"], len(second["items"])) == (25, 1, 20, 5)
    ids = [each["id"] for each in first["items"] + second["items"]]
    assert len(set(ids)) == 25
    assert (await admin.get("/people?page=0")).code == "field.invalid"
    assert (await admin.get("/people?size=1000")).code == "field.invalid"
    assert (await admin.get("/people?foo=1")).code == "field.unknown"


async def test_units_are_those_within_reach(house: House, town: Province, admin: Browser) -> None:
    assert [each["name"] for each in (await admin.get("/units")).body["items"]] == ["合肥市", "肥东县"]
    auditor = await house.browser_of(await town.a(Role.AUDITOR, at=town.root))
    assert len((await auditor.get("/units")).body["items"]) == 5


# --- looks -------------------------------------------------------------------------------------------


async def test_every_look_is_shown_to_the_person(
    house: House, town: Province, admin: Browser, clock: TestClock
) -> None:
    person = await town.a_learner()
    await admin.get(f"/people/{person.id}")
    clock.pass_(1)
    await admin.get(f"/people/{person.id}/roles")
    seen = (await (await house.browser_of(person)).get("/me/looks")).body
    assert [(each["what"], each["by"]) for each in seen["items"]] == [
        ("roles", {"name": "孙海燕", "unit": "合肥市"}),
        ("profile", {"name": "孙海燕", "unit": "合肥市"}),
    ]
    assert seen["next"] is None


async def test_looks_go_on_on_the_next_page(house: House, town: Province, office: Office) -> None:
    person, looker = await town.a_learner(), await town.acting(await town.a_learner())
    for _ in range(51):
        await office.do(looker, looks.note, [person.id], "hours")
    browser = await house.browser_of(person)
    first = (await browser.get("/me/looks")).body
    second = (await browser.get(f"/me/looks?before={first['next']}")).body
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 1, None)


# --- one's own ---------------------------------------------------------------------------------------


async def test_devices_are_listed_and_signed_out_one_by_one(house: House, town: Province) -> None:
    person = await town.a_learner()
    here, there = await house.browser_of(person), await house.browser_of(person)
    items = (await here.get("/me/devices")).body["items"]
    assert sorted(each["current"] for each in items) == [False, True]
    other = next(each["id"] for each in items if not each["current"])
    assert (await here.delete(f"/me/devices/{other}")).status == 204
    assert (await there.get("/me/devices")).code == "session.missing"
    assert (await here.delete(f"/me/devices/{other}")).code == "device.unknown"


async def test_somebody_elses_device_does_not_exist(house: House, town: Province) -> None:
    mine, theirs = await house.browser_of(await town.a_learner()), await house.browser_of(await town.a_learner())
    device = (await theirs.get("/me/devices")).body["items"][0]["id"]
    refused = await mine.delete(f"/me/devices/{device}")
    assert (refused.status, refused.raw) == (404, (await mine.delete("/me/devices/nothing")).raw)
    assert (await theirs.get("/me/devices")).status == 200


async def test_a_chosen_setting_stays(house: House, town: Province) -> None:
    browser = await house.browser_of(await town.a_learner())
    assert (await browser.patch("/me/settings", {"answer_time_extended": True})).body == {"answer_time_extended": True}
    assert (await browser.patch("/me/settings", {})).body == {"answer_time_extended": True}
    assert (await browser.get("/session")).body["settings"] == {"answer_time_extended": True}
