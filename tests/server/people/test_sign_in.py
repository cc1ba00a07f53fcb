"""Coming in: by password, from one door, with the same answer for everybody who may not."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from server.base.office import Office
from server.people import roster, secret, store, tables
from server.rules.powers import Role
from tests.clock import TestClock
from tests.people import PASSWORD, Province, an_identity_number
from tests.visits import House


async def test_staff_number_and_identity_number_both_open_the_door(house: House, town: Province) -> None:
    person = await town.a_learner()
    for account in (person.staff_number, person.staff_number.lower(), f" {an_identity_number(1)} "):
        answer = await house.browser().sign_in(account)
        assert (answer.status, answer.body["account"]["id"]) == (201, str(person.id)), account


async def test_the_session_tells_who_asks_and_never_the_identity_number(house: House, town: Province) -> None:
    person = await town.a(Role.MODERATOR, over=town.own)
    browser = await house.browser_of(person)
    answer = await browser.get("/session")
    assert answer.body["account"]["unit"] == {"id": str(town.own.id), "name": "合肥市"}
    assert [each["role"] for each in answer.body["roles"]] == ["moderator"]
    assert "desk.decide" in answer.body["powers"]
    assert "people.see" not in answer.body["powers"]
    assert an_identity_number(1).encode() not in answer.raw


async def test_a_visitor_has_no_account_and_no_powers(house: House) -> None:
    answer = await house.browser().get("/session")
    assert (answer.body["account"], answer.body["powers"], answer.body["demo"]) == (None, [], None)


async def test_demo_accounts_are_shown_only_where_the_data_are_demo_data(house: House, office: Office) -> None:
    shown = [{"part": "learner", "role": "学员", "name": "王芳", "account": "X1", "password": "x"}]
    await office.do(office.system, lambda work: store.set_mark(work.tx, "demo", {"accounts": shown, "other": 1}))
    answer = await house.browser().get("/session")
    assert answer.body["demo"] == {"accounts": shown}


async def test_the_sign_in_page_knows_whom_to_call(house: House, town: Province) -> None:
    answer = await house.browser().get("/session")
    assert answer.body["academy"] == {"name": "干部网络学院", "telephone": "0551-1000000"}


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House, town: Province) -> None:
    person = await town.a_learner()
    answer = await house.browser().sign_in(person.staff_number)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("session=")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/"))


async def test_only_a_hash_of_the_token_is_kept(house: House, town: Province, office: Office) -> None:
    browser = await house.browser_of(await town.a_learner())
    async with office.read() as tx:
        row = (await tx.execute(sa.select(tables.sessions))).one()
    assert browser.cookie
    assert browser.cookie not in str(row._mapping)


async def test_unknown_account_and_wrong_password_get_the_same_answer(house: House, town: Province) -> None:
    person = await town.a_learner()
    known = await house.browser().sign_in(person.staff_number, "no")
    unknown = await house.browser().sign_in("X99999", "no")
    assert known.status == unknown.status == 401
    assert known.raw == unknown.raw
    assert known.body["data"] == {"left": 4}


async def test_an_unknown_account_costs_the_same_hash_as_a_wrong_password(
    house: House, town: Province, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await town.a_learner()
    hashed = await secret.hashed(PASSWORD)
    await office.do(office.system, lambda work: store.change(work.tx, person.id, password=hashed))
    verified: list[str] = []
    verify = secret._verify

    def counted(stored: str, password: str) -> bool:
        verified.append(stored.rpartition("$")[0].rpartition("$")[0])
        return verify(stored, password)

    monkeypatch.setattr(secret, "_verify", counted)
    for account in (person.staff_number, "X99999"):
        await house.browser().sign_in(account, "no")
    assert len(verified) == 2
    assert verified[0] == verified[1]  # kind, memory, passes and lanes: the hash is all that takes time


async def test_failures_slow_the_account_down_and_then_let_it_rest(
    house: House, town: Province, clock: TestClock
) -> None:
    person = await town.a_learner()
    browser = house.browser()
    for left in (4, 3, 2):
        answer = await browser.sign_in(person.staff_number, "no")
        assert (answer.code, answer.body["data"]["left"]) == ("sign_in.wrong", left)
    slowed = await browser.sign_in(person.staff_number)
    assert (slowed.status, slowed.code, slowed.headers["Retry-After"]) == (429, "sign_in.later", "3")
    clock.pass_(3)
    await browser.sign_in(person.staff_number, "no")
    clock.pass_(5)
    assert (await browser.sign_in(person.staff_number, "no")).body["data"]["left"] == 0
    clock.pass_(14 * 60)
    assert (await browser.sign_in(person.staff_number)).status == 429
    clock.pass_(60)
    assert (await browser.sign_in(person.staff_number)).status == 201


async def test_the_other_name_of_an_account_is_no_second_set_of_tries(house: House, town: Province) -> None:
    person = await town.a_learner()
    browser = house.browser()
    for account in (person.staff_number, an_identity_number(1), person.staff_number):
        await browser.sign_in(account, "no")
    assert (await browser.sign_in(an_identity_number(1))).code == "sign_in.later"


async def test_a_colleague_behind_the_same_address_is_not_slowed_down(house: House, town: Province) -> None:
    one, other = await town.a_learner(), await town.a_learner()
    for _ in range(5):
        await house.browser().sign_in(one.staff_number, "no")
    assert (await house.browser().sign_in(other.staff_number)).status == 201


async def test_a_stopped_person_learns_it_only_with_the_right_password(
    house: House, town: Province, office: Office
) -> None:
    person = await town.a_learner()
    await office.do(office.system, roster.stop, person.id, roster.Reason.RETIRED)
    wrong = await house.browser().sign_in(person.staff_number, "no")
    right = await house.browser().sign_in(person.staff_number)
    assert (wrong.code, right.code, right.status) == ("sign_in.wrong", "sign_in.left", 403)
    assert right.body["basis"] == "art-8"
    assert right.body["data"] == {"centre": "合肥市", "telephone": "0551-2000000"}


async def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(
    house: House, town: Province, office: Office
) -> None:
    person = await town.a_learner()
    browser = await house.browser_of(person)
    first = browser.cookie
    assert (await browser.sign_in(person.staff_number)).status == 201
    assert browser.cookie != first
    assert await house.doorkeeper.session(first) is None


async def test_the_eleventh_device_ends_the_oldest(house: House, town: Province, clock: TestClock) -> None:
    person = await town.a_learner()
    browsers = []
    for _ in range(11):
        clock.pass_(1)
        browsers.append(await house.browser_of(person))
    assert (await browsers[0].get("/me/devices")).code == "session.missing"
    assert len((await browsers[1].get("/me/devices")).body["items"]) == 10


async def test_a_change_without_the_token_is_refused(house: House, town: Province) -> None:
    browser = await house.browser_of(await town.a_learner())
    browser.csrf = ""
    assert (await browser.delete("/session")).code == "csrf.missing"
    assert (await browser.get("/me/devices")).status == 200


async def test_a_foreign_page_cannot_sign_anybody_in(house: House, town: Province) -> None:
    person = await town.a_learner()
    browser = house.browser(**{"Sec-Fetch-Site": "cross-site"})
    assert (await browser.sign_in(person.staff_number)).code == "origin.foreign"


async def test_every_try_is_in_the_log(house: House, town: Province, office: Office) -> None:
    person = await town.a_learner()
    await house.browser().sign_in(person.staff_number, "no")
    await house.browser().sign_in("X99999", "no")
    await house.browser().sign_in(person.staff_number)
    async with office.read() as tx:
        rows = (await tx.execute(sa.select(tables.acts.c.person, tables.acts.c.result))).all()
    assert sorted(rows, key=str) == sorted([(person.id, "wrong"), (None, "wrong"), (person.id, "done")], key=str)


async def test_many_at_once_all_come_in(house: House, town: Province) -> None:
    people = [await town.a_learner() for _ in range(20)]
    answers = await asyncio.gather(*(house.browser().sign_in(each.staff_number) for each in people))
    assert {each.status for each in answers} == {201}


async def test_a_role_that_has_run_out_is_no_longer_shown(house: House, town: Province, clock: TestClock) -> None:
    person = await town.a(Role.LECTURER, at=town.own, until=clock.now() + timedelta(hours=1))
    browser = await house.browser_of(person)
    assert "live.run" in (await browser.get("/session")).body["powers"]
    clock.pass_(3600)
    answer = await browser.get("/session")
    assert answer.body["roles"] == []
    assert "live.run" not in answer.body["powers"]
