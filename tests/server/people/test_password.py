"""Passwords: the profile's rules, changes by the owner, resets by the sub-centre and by code."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.base.office import Office
from server.base.outbox import Event, outbox
from server.people import reset, tables
from server.people.store import Person
from server.rules.powers import Role
from tests.clock import TestClock
from tests.people import PASSWORD, Province, an_identity_number
from tests.visits import Answer, Browser, House


async def _change(browser: Browser, new: str, old: str = PASSWORD) -> Answer:
    return await browser.post("/me/password", {"old": old, "new": new})


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("Short-1", "short"),
        ("onlylowercaseletters", "simple"),
        ("Aa1-Aa1-Aa1-x00001", "personal"),
        ("Tree-" + an_identity_number(1)[6:14], "personal"),
    ],
)
async def test_a_weak_password_is_refused_with_what_is_wrong(house: House, town: Province, new: str, why: str) -> None:
    browser = await house.browser_of(await town.a_learner())
    answer = await _change(browser, new)
    assert (answer.status, answer.code, answer.body["field"]) == (422, "password.weak", "new")
    assert why in answer.body["data"]["why"]
    assert answer.body["basis"] == "policy-password_profile"


async def test_a_long_password_is_kept_whole(house: House, town: Province) -> None:
    person = await town.a_learner()
    browser = await house.browser_of(person)
    long = "Correct-Horse-1-" * 8
    assert (await _change(browser, long)).status == 204
    assert (await house.browser().sign_in(person.staff_number, long[:-1])).code == "sign_in.wrong"
    assert (await house.browser().sign_in(person.staff_number, long)).status == 201
    assert (await _change(browser, long + "x", old=long)).code == "field.invalid"


async def test_the_old_password_is_asked_for(house: House, town: Province) -> None:
    browser = await house.browser_of(await town.a_learner())
    answer = await _change(browser, "Another-2027", old="no")
    assert (answer.code, answer.body["field"]) == ("password.wrong", "old")


async def test_the_old_password_cannot_be_guessed_at_an_open_browser(house: House, town: Province) -> None:
    browser = await house.browser_of(await town.a_learner())
    for _ in range(3):
        assert (await _change(browser, "Another-2027", old="no")).code == "password.wrong"
    assert (await _change(browser, "Another-2027")).code == "sign_in.later"


async def test_a_change_signs_all_other_devices_out(house: House, town: Province) -> None:
    person = await town.a_learner()
    here, there = await house.browser_of(person), await house.browser_of(person)
    assert (await _change(here, "Another-2027")).status == 204
    assert (await here.get("/me/devices")).status == 200
    assert (await there.get("/me/devices")).code == "session.missing"


async def test_the_last_five_passwords_do_not_come_back(house: House, town: Province, clock: TestClock) -> None:
    browser = await house.browser_of(await town.a_learner())
    old = PASSWORD
    for number in range(4):
        clock.pass_(1)
        assert (await _change(browser, f"Another-202{number}", old=old)).status == 204
        old = f"Another-202{number}"
    for used in (PASSWORD, "Another-2020", old):
        assert (await _change(browser, used, old=old)).code == "password.repeated"
    clock.pass_(1)
    assert (await _change(browser, "Another-2029", old=old)).status == 204
    clock.pass_(1)
    assert (await _change(browser, PASSWORD, old="Another-2029")).status == 204


async def test_after_ninety_days_a_password_must_be_changed(house: House, town: Province, clock: TestClock) -> None:
    person = await town.a_learner()
    clock.pass_(90 * 86400 - 60)
    browser = await house.browser_of(person)
    assert (await browser.get("/me/devices")).status == 200
    clock.pass_(400)
    assert (await browser.get("/me/devices")).code == "session.restricted"
    assert (await browser.get("/session")).body["must_change_password"] is True


# --- by the sub-centre -----------------------------------------------------------------------------


async def test_a_new_first_password_is_shown_once_and_must_be_changed(house: House, town: Province) -> None:
    person = await town.a_learner(at=town.below, managed_by=town.own)
    old = await house.browser_of(person)
    admin = await house.browser_of(await town.a(Role.SUB_CENTRE_ADMIN, over=town.own))
    first = (await admin.post(f"/people/{person.id}/password-reset")).body["password"]
    assert (await old.get("/me/devices")).code == "session.missing"
    assert (await house.browser().sign_in(person.staff_number)).code == "sign_in.wrong"
    signed_in = await house.browser().sign_in(person.staff_number, first)
    assert (signed_in.status, signed_in.body["must_change_password"]) == (201, True)


async def test_a_batch_resets_all_or_nobody(house: House, town: Province) -> None:
    mine = [await town.a_learner(), await town.a_learner()]
    theirs = await town.a_learner(at=town.sibling)
    admin = await house.browser_of(await town.a(Role.SUB_CENTRE_ADMIN, over=town.own))
    refused = await admin.post("/people/password-resets", {"people": [str(each.id) for each in (*mine, theirs)]})
    assert (refused.status, refused.code) == (404, "person.unknown")
    assert (await house.browser().sign_in(mine[0].staff_number)).status == 201
    done = await admin.post("/people/password-resets", {"people": [str(each.id) for each in mine]})
    shown = {each["staff_number"]: each["password"] for each in done.body["items"]}
    for person in mine:
        assert (await house.browser().sign_in(person.staff_number, shown[person.staff_number])).status == 201


# --- by the person ---------------------------------------------------------------------------------


async def _asked(office: Office) -> list[Event]:
    async with office.read() as tx:
        rows = await tx.execute(sa.select(outbox).where(outbox.c.name == "reset.asked").order_by(outbox.c.id))
        return [Event(row.name, row.subject, row.data, row.v, row.id) for row in rows]


async def _code(office: Office, tmp_path: Path, person: Person) -> str:
    """Deliver what waits, and read the newest message to the person."""
    sent: dict[str, str] = {}
    for event in await _asked(office):
        path = tmp_path / "files" / "outbox" / f"{event.id}.json"
        if not path.exists():
            await reset.send_code(office, event)
            if path.exists():
                sent = json.loads(path.read_text())
    assert sent["to"] == person.staff_number
    return next(part for part in sent["text"].replace("，", " ").split() if part.isdigit() and len(part) == 8)


async def _confirm(browser: Browser, person: Person, code: str, new: str = "Another-2027") -> Answer:
    body = {"account": person.staff_number, "code": code, "password": new}
    return await browser.post("/password-resets/confirm", body)


async def test_a_code_sets_a_new_password_once(house: House, town: Province, office: Office, tmp_path: Path) -> None:
    person = await town.a_learner()
    old, browser = await house.browser_of(person), house.browser()
    assert (await browser.post("/password-resets", {"account": person.staff_number})).status == 202
    code = await _code(office, tmp_path, person)
    weak = await _confirm(browser, person, code, "weak")
    assert (weak.code, weak.body["field"]) == ("password.weak", "password")
    assert (await _confirm(browser, person, code)).status == 204
    assert (await old.get("/me/devices")).code == "session.missing"
    assert (await browser.sign_in(person.staff_number, "Another-2027")).status == 201
    again = await _confirm(house.browser(), person, code, "Another-2028")
    assert (again.status, again.code) == (422, "reset.wrong")


async def test_asking_tells_nobody_who_exists(house: House, town: Province, office: Office, tmp_path: Path) -> None:
    person = await town.a_learner()
    known = await house.browser().post("/password-resets", {"account": person.staff_number})
    unknown = await house.browser().post("/password-resets", {"account": "X99999"})
    assert (known.status, known.raw) == (unknown.status, unknown.raw) == (202, b"")
    for event in await _asked(office):
        await reset.send_code(office, event)
    assert len(list((tmp_path / "files" / "outbox").iterdir())) == 1
    wrong = await _confirm(house.browser(), person, "00000000")
    body = {"account": "X99999", "code": "00000000", "password": "Another-2027"}
    nobody = await house.browser().post("/password-resets/confirm", body)
    assert (wrong.status, wrong.raw) == (nobody.status, nobody.raw)


async def test_three_codes_an_hour_are_enough(
    house: House, town: Province, office: Office, clock: TestClock, tmp_path: Path
) -> None:
    person = await town.a_learner()
    for _ in range(5):
        clock.pass_(1)
        assert (await house.browser().post("/password-resets", {"account": person.staff_number})).status == 202
    for event in await _asked(office):
        await reset.send_code(office, event)
    assert len(list((tmp_path / "files" / "outbox").iterdir())) == 3


async def test_a_restart_does_not_give_more_codes(town: Province, office: Office) -> None:
    person = await town.a_learner()
    made = [await office.do(office.system, reset.keep_code, person.id, f"{number:08}") for number in range(4)]
    assert [each is not None for each in made] == [True, True, True, False]


async def test_only_the_newest_code_is_good_and_only_for_ten_minutes(
    house: House, town: Province, office: Office, clock: TestClock
) -> None:
    person = await town.a_learner()
    for code in ("11111111", "22222222"):
        clock.pass_(1)
        await office.do(office.system, reset.keep_code, person.id, code)
    assert (await _confirm(house.browser(), person, "11111111")).code == "reset.wrong"
    clock.pass_(10 * 60)
    assert (await _confirm(house.browser(), person, "22222222")).code == "reset.wrong"


async def test_guessing_codes_is_counted_like_guessing_passwords(house: House, town: Province, office: Office) -> None:
    person = await town.a_learner()
    await office.do(office.system, reset.keep_code, person.id, "12345678")
    for guess in ("00000000", "00000001", "00000002"):
        assert (await _confirm(house.browser(), person, guess)).code == "reset.wrong"
    assert (await _confirm(house.browser(), person, "12345678")).code == "sign_in.later"
    assert (await house.browser().sign_in(person.staff_number)).code == "sign_in.later"


async def test_a_code_is_kept_only_as_a_keyed_hash(town: Province, office: Office) -> None:
    person = await town.a_learner()
    await office.do(office.system, reset.keep_code, person.id, "12345678")
    async with office.read() as tx:
        row = (await tx.execute(sa.select(tables.reset_codes))).one()
    assert "12345678" not in str(row._mapping)
    assert len(row.code_hash) == 32
