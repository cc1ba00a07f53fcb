"""Who stays in, who is put out, and how soon."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from server.base.bus import Message
from server.base.db import DatabaseAway
from server.base.office import Office
from server.people import news, roles, roster, sign_out
from server.people.doorkeeper import FRESH_S, HELD_S, Doorkeeper
from server.rules.powers import Role, ScopeKind
from tests.away import database_away
from tests.clock import TestClock
from tests.people import Province
from tests.visits import House


async def _told(socket: ClientWebSocketResponse) -> tuple[dict[str, Any], int | None]:
    """The last message before the server closed the socket, and the close code."""
    last: dict[str, Any] = {}
    while True:
        message = await asyncio.wait_for(socket.receive(), 5)
        if message.type is not WSMsgType.TEXT:
            return last, message.data
        last = json.loads(message.data)


async def test_signing_out_ends_the_session_and_its_socket_at_once(house: House, town: Province) -> None:
    browser = await house.browser_of(await town.a_learner())
    token, socket = browser.cookie, await browser.socket()
    answer = await browser.delete("/session")
    assert (answer.status, answer.headers["Clear-Site-Data"]) == (204, '"cache"')
    last, code = await _told(socket)
    assert (last["type"], last["data"], code) == ("session.ended", {"reason": "signed_out"}, 4401)
    assert await house.doorkeeper.session(token) is None
    assert (await browser.get("/session")).body["account"] is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_the_database_who_is_signed_in_stays_so_unless_there_is_news(
    house: House, town: Province, office: Office, clock: TestClock
) -> None:
    person = await town.a_learner()
    stays, changed = await house.browser_of(await town.a_learner()), await house.browser_of(person)
    assert (await stays.get("/me/devices")).status == (await changed.get("/me/devices")).status == 200
    with database_away(office):
        clock.pass_(FRESH_S + 1)
        assert await house.doorkeeper.session(stays.cookie) is not None
        office.bus.publish(Message(news.PEOPLE, "person.changed", {"account": str(person.id)}))
        with pytest.raises(DatabaseAway):
            await house.doorkeeper.session(changed.cookie)
        clock.pass_(HELD_S)
        with pytest.raises(DatabaseAway):
            await house.doorkeeper.session(stays.cookie)


async def test_a_stopped_person_is_out_everywhere(house: House, town: Province, office: Office) -> None:
    person = await town.a_learner()
    desk, phone = await house.browser_of(person), await house.browser_of(person)
    socket = await phone.socket()
    await office.do(office.system, roster.stop, person.id, roster.Reason.RESIGNED)
    last, code = await _told(socket)
    assert (last["data"], code) == ({"reason": "stopped"}, 4401)
    for browser in (desk, phone):
        assert (await browser.get("/me/devices")).code == "session.missing"


async def test_a_stop_in_another_process_reaches_this_one_by_the_outbox(
    house: House, town: Province, office: Office
) -> None:
    person = await town.a_learner()
    browser = await house.browser_of(person)
    socket = await browser.socket()
    other = Office(office.db, office.services, clock=office.clock, chance=office.chance)
    await other.do(other.system, roster.stop, person.id, roster.Reason.RESIGNED)
    assert (await browser.get("/me/devices")).status == 200  # nobody has told this process yet
    async with office.read() as tx:
        events = await _events(tx)
    for event in events:
        reaction = {"session.ended": news.tell_session_ended, "person.changed": news.tell_person_changed}[event.name]
        await reaction(office, event)
    assert (await _told(socket))[1] == 4401
    assert (await browser.get("/me/devices")).code == "session.missing"


async def _events(tx: Any) -> list[Any]:
    import sqlalchemy as sa

    from server.base.outbox import Event, outbox

    rows = await tx.execute(sa.select(outbox).order_by(outbox.c.id))
    return [Event(row.name, row.subject, row.data, row.v, row.id) for row in rows]


async def test_a_role_given_counts_with_the_next_request(house: House, town: Province, office: Office) -> None:
    person = await town.a_learner()
    browser = await house.browser_of(person)
    assert (await browser.get("/units")).status == 403
    await office.do(office.system, roles.give, person.id, Role.SUB_CENTRE_ADMIN, ScopeKind.UNIT, town.own.id, None)
    assert (await browser.get("/units")).status == 200


async def test_who_loses_a_role_is_signed_out(house: House, town: Province, office: Office) -> None:
    person = await town.a_learner()
    role = await town.gives(person, Role.AUDITOR)
    browser = await house.browser_of(person)
    assert (await browser.get("/units")).status == 200
    await office.do(office.system, roles.take, person.id, role)
    assert (await browser.get("/units")).code == "session.missing"
    assert "audit.read" not in (await browser.sign_in(person.staff_number)).body["powers"]


@pytest.mark.parametrize(("role", "minutes"), [(None, 12 * 60), (Role.LECTURER, 12 * 60), (Role.MODERATOR, 15)])
async def test_unused_sign_ins_end_desks_sooner_than_study(
    house: House, town: Province, clock: TestClock, role: Role | None, minutes: int
) -> None:
    person = await town.a(role, over=town.own) if role else await town.a_learner()
    used, unused = await house.browser_of(person), await house.browser_of(person)
    clock.pass_(minutes * 60 - 60)
    assert (await used.get("/me/devices")).status == 200
    clock.pass_(60)
    assert (await used.get("/me/devices")).status == 200
    assert (await unused.get("/me/devices")).code == "session.missing"


async def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(
    house: House, town: Province, clock: TestClock
) -> None:
    desk = await house.browser_of(await town.a(Role.MODERATOR, over=town.own))
    socket = await desk.socket()
    for _ in range(3):
        clock.pass_(5 * 60 - 1)
        assert (await desk.get("/me/devices", headers={"X-Background": "1"})).status == 200
        await socket.send_json({"v": 1, "type": "ping", "id": "p", "data": {}})
    clock.pass_(3)
    await socket.send_json({"v": 1, "type": "ping", "id": "p", "data": {}})
    assert (await _told(socket))[1] == 4401
    assert (await desk.get("/me/devices")).code == "session.missing"


async def test_after_a_day_everybody_signs_in_again(house: House, town: Province, clock: TestClock) -> None:
    browser = await house.browser_of(await town.a_learner())
    for _ in range(23):
        clock.pass_(3600)
        assert (await browser.get("/me/devices")).status == 200
    clock.pass_(3600)
    assert (await browser.get("/me/devices")).code == "session.missing"


async def test_being_attended_keeps_a_session(house: House, town: Province, clock: TestClock) -> None:
    person = await town.a(Role.MODERATOR, over=town.own)
    browser = await house.browser_of(person)
    session = await house.doorkeeper.session(browser.cookie)
    assert session is not None
    for _ in range(4):
        clock.pass_(10 * 60)
        house.doorkeeper.attended(session.id)
    assert (await browser.get("/me/devices")).status == 200
    house.doorkeeper.attended("nobody's")


async def test_the_clock_ends_sign_ins_that_nobody_uses(
    house: House, town: Province, clock: TestClock, office: Office
) -> None:
    browser = await house.browser_of(await town.a(Role.MODERATOR, over=town.own))
    socket = await browser.socket()
    clock.pass_(15 * 60)
    await office.do(office.system, sign_out.sweep)
    assert not socket.closed
    clock.pass_(60)
    await office.do(office.system, sign_out.sweep)
    last, _ = await _told(socket)
    assert last["data"] == {"reason": "idle"}


async def test_the_pages_are_told_after_how_long_an_unused_sign_in_ends(
    house: House, town: Province, clock: TestClock
) -> None:
    desk = await house.browser_of(await town.a(Role.MODERATOR, over=town.own))
    told = (await desk.get("/session")).body["idle_s"]
    assert (await house.browser().get("/session")).body["idle_s"] is None
    clock.pass_(told - 1)
    assert (await desk.get("/session")).body["account"] is not None
    clock.pass_(told)
    assert (await desk.get("/session")).body["account"] is None


async def test_the_database_hears_in_time_that_a_session_is_used(
    house: House, town: Province, clock: TestClock, office: Office
) -> None:
    browser = await house.browser_of(await town.a(Role.MODERATOR, over=town.own))
    for _ in range(20):
        clock.pass_(61)
        assert (await browser.get("/me/devices")).status == 200
    await office.do(office.system, sign_out.sweep)
    again = Doorkeeper(office)  # as after a restart
    clock.pass_(13 * 60)
    assert await again.session(browser.cookie) is not None


async def test_news_while_reading_is_not_forgotten(town: Province, office: Office, house: House) -> None:
    """A sign-in that ends between being read and being kept must not come back to life."""
    person = await town.a_learner()
    browser = await house.browser_of(person)
    door = Doorkeeper(office)
    read = door._read

    async def slow(key: bytes) -> Any:
        found = await read(key)
        await office.do(office.system, sign_out.everywhere, person.id, "stopped")
        return found

    door._read = slow  # type: ignore[method-assign]
    await door.session(browser.cookie)
    door._read = read  # type: ignore[method-assign]
    assert await door.session(browser.cookie) is None


@pytest.mark.parametrize("token", [None, "", "x", "a" * 65, "名"])
async def test_a_cookie_that_is_no_token_is_nobody(house: House, token: str | None) -> None:
    assert await house.doorkeeper.session(token) is None


async def test_a_first_password_must_be_changed_and_the_terms_read_before_anything_else(
    house: House, town: Province
) -> None:
    browser = await house.browser_of(await town.a_learner(first=True))
    shown = (await browser.get("/session")).body
    assert (shown["must_change_password"], shown["read_terms"]) == (True, False)
    assert (await browser.get("/me/profile")).status == 200
    assert (await browser.get("/me/devices")).code == "session.restricted"
    answer = await browser.post("/me/password", {"old": "Lesson-2026", "new": "Another-2027"})
    assert answer.status == 204
    assert (await browser.get("/me/devices")).code == "session.restricted"
    assert (await browser.post("/me/terms")).status == 204
    assert (await browser.get("/me/devices")).status == 200
    shown = (await browser.get("/session")).body
    assert (shown["must_change_password"], shown["read_terms"]) == (False, True)
