"""Who is removed, suspended, signed out, excluded or without the role is out everywhere at once (promises 9 and 10).

Everywhere: requests, the socket that is open, what it hears, parts and playlists by a grant from before, publishing by
a grant from before, the secret address of a calendar. Media's own gate judges the grants; the server's orders reach it
as they reach media.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import make_mocked_request

from media.errors import Refused
from media.gate import Gate
from media.orders import Order, RevokeSession
from server.app import NOUNS
from server.attendance.running import attach
from server.base.bus import Message
from server.base.office import Office
from server.base.work import SYSTEM, Actor, Work
from server.live import store as live
from server.live.store import LiveClass
from server.moderation import sanction
from server.moderation.sanction import Where
from server.people import roles, roster
from server.people.store import Person
from server.reactions import REACTIONS
from server.rules.conduct import SanctionKind
from server.rules.live import State
from server.rules.powers import Role
from server.topic_classes import enrol
from tests.clock import TestClock
from tests.people import a_province
from tests.server.topic_classes.school import School
from tests.visits import Browser, House, a_house

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WITHIN_S = 5.0


class Keys:
    """Nobody publishes with an encoder here."""

    async def encoder_key(self, stream: str, key: str) -> str | None:
        return None


class MediaGate:
    """Media as far as grants go: the server's orders reach its gate."""

    def __init__(self, secret: bytes, clock: TestClock) -> None:
        self.gate = Gate(secret, Keys(), lambda: clock.now().timestamp())

    async def give(self, order: Order) -> dict[str, Any]:
        if isinstance(order, RevokeSession):
            self.gate.revoke(order.session, order.stream)
        return {}


@dataclass(slots=True)
class Scene:
    """A live class on air that is reserved to a topic class, and who is about to be put out of it."""

    house: House
    school: School
    media: MediaGate
    topic: Any
    lesson: LiveClass
    person: Person
    role: Any
    browser: Browser
    clock: TestClock

    async def reads(self, leave: dict[str, Any]) -> str:
        """What media says to a reader with that leave."""
        headers = {"Authorization": f"Bearer {leave['grant']}"}
        try:
            self.media.gate.check(make_mocked_request("GET", "/", headers=headers), str(self.lesson.id))
        except Refused as refused:
            return refused.code
        return "welcome"


@pytest.fixture
async def scene(office: Office, clock: TestClock) -> AsyncIterator[Scene]:
    media = MediaGate(office.services.media_secret, clock)
    services = replace(office.services, orders=media)  # type: ignore[arg-type]
    living = Office(office.db, services, clock=clock, chance=office.chance, reactions=REACTIONS)
    town = await a_province(living)
    school = School(living, town, await town.a(Role.CLASS_TEACHER, over=town.own))
    topic, (lesson,) = await school.opened()
    await living.do(SYSTEM, _begin, lesson)
    person = await town.a_learner()
    await school.asks(person, topic)
    async with a_house(living, NOUNS, attach) as house:
        browser = await house.browser_of(person)
        yield Scene(house, school, media, topic, lesson, person, None, browser, clock)


async def _begin(work: Work, lesson: LiveClass) -> None:
    now = await live.by_id(work.tx, lesson.id)
    assert now is not None
    begun = {"state": State.ON_AIR.value, "starts_at": work.now, "went_on_air_at": work.now, "heard_at": work.now}
    await live.change(work.tx, now, **begun)


async def signed_out_elsewhere(scene: Scene) -> None:
    """By the person, from another device."""
    other = await scene.house.browser_of(scene.person)
    devices = (await other.get("/me/devices")).body["items"]
    for each in devices:
        if not each["current"]:
            assert (await other.delete(f"/me/devices/{each['id']}")).status == 204


async def signed_out_by_administrator(scene: Scene) -> None:
    town = scene.school.town
    admin = await scene.house.browser_of(await town.a(Role.ACADEMY_ADMIN, at=town.root))
    assert (await admin.post(f"/people/{scene.person.id}/sign-out")).status == 204


async def stopped(scene: Scene) -> None:
    await scene.school.office.do(SYSTEM, roster.stop, scene.person.id, roster.Reason.RESIGNED)


async def without_role(scene: Scene) -> None:
    role = scene.role or await scene.school.town.gives(scene.person, Role.AUDITOR)
    await scene.school.office.do(SYSTEM, roles.take, scene.person.id, role)


async def excluded(scene: Scene) -> None:
    judge = Actor((await scene.school.town.a_learner(at=scene.school.town.root)).id)
    where = Where("class", scene.lesson.id, scene.lesson.title)
    act = (SanctionKind.EXCLUSION, where, scene.lesson.ends_at, "art-12", "扰乱课堂", uuid4())
    await scene.school.office.do(judge, sanction.impose, scene.person.id, *act)


async def off_the_roster(scene: Scene) -> None:
    await scene.school.office.do(await scene.school.teacher(), enrol.leave, scene.topic.id, scene.person.id)


Act = Callable[[Scene], Awaitable[None]]
FROM_ALL: list[Act] = [signed_out_elsewhere, signed_out_by_administrator, stopped, without_role]
FROM_CLASS: list[Act] = [excluded, off_the_roster]


async def _listening(scene: Scene) -> ClientWebSocketResponse:
    """A socket that hears the class."""
    socket = await scene.browser.socket()
    topic = f"class:{scene.lesson.id}"
    await socket.send_json({"v": 1, "type": "topic.join", "id": "j", "data": {"topic": topic}})
    while (told := await socket.receive_json(timeout=5))["type"] != "ack":
        assert told["type"] in {"socket.ready", "notice.added"}, told
    return socket


async def _happened(scene: Scene, act: Act) -> None:
    await act(scene)
    await scene.school.office.outbox.drain()
    scene.clock.pass_(WITHIN_S)


async def _hears(scene: Scene, socket: ClientWebSocketResponse) -> bool:
    """Whether what is said in the class still reaches the socket; what is told to its person comes after that."""
    for topic, text in ((f"class:{scene.lesson.id}", "SECRET"), (f"person:{scene.person.id}", "AFTER")):
        scene.school.office.bus.publish(Message(topic, "post.published", {"text": text}))
    heard = False
    while (message := await socket.receive(timeout=5)).type is WSMsgType.TEXT:
        heard = heard or "SECRET" in message.data
        if "AFTER" in message.data:
            break
    return heard


async def test_before_anything_happens_every_way_is_open(scene: Scene) -> None:
    socket = await _listening(scene)
    leave = (await scene.browser.post(f"/classes/{scene.lesson.id}/viewing", {})).body
    assert await scene.reads(leave) == "welcome"
    assert (await scene.browser.get(f"/classes/{scene.lesson.id}/room")).status == 200
    assert await _hears(scene, socket)


@pytest.mark.parametrize("act", [*FROM_ALL, *FROM_CLASS], ids=lambda act: act.__name__)
async def test_who_is_put_out_of_a_class_is_out_of_it_everywhere_within_five_seconds(scene: Scene, act: Act) -> None:
    socket = await _listening(scene)
    leave = (await scene.browser.post(f"/classes/{scene.lesson.id}/viewing", {})).body
    assert await scene.reads(leave) == "welcome"
    await _happened(scene, act)
    assert await scene.reads(leave) == "grant.revoked"
    for method, path in (("GET", "room"), ("GET", "posts"), ("POST", "viewing")):
        answer = await scene.browser.ask(method, f"/classes/{scene.lesson.id}/{path}", {} if method == "POST" else None)
        assert answer.status in {401, 403, 404}, (path, answer.body)
    assert not await _hears(scene, socket)
    if act in FROM_CLASS:
        assert (await scene.browser.get("/me/notices")).status == 200
        await socket.send_json(_join(scene))
        while (told := await socket.receive_json(timeout=5)).get("id") != "again":
            pass
        assert told["type"] == "refusal"


def _join(scene: Scene) -> dict[str, Any]:
    return {"v": 1, "type": "topic.join", "id": "again", "data": {"topic": f"class:{scene.lesson.id}"}}


@pytest.mark.parametrize("act", FROM_ALL, ids=lambda act: act.__name__)
async def test_whose_sign_in_is_over_holds_no_socket_and_asks_nothing(scene: Scene, act: Act) -> None:
    socket = await _listening(scene)
    await _happened(scene, act)
    while (message := await socket.receive(timeout=5)).type is WSMsgType.TEXT:
        pass
    assert (message.type, message.data) == (WSMsgType.CLOSE, 4401)
    assert (await scene.browser.get("/me/home")).status == 401


@pytest.mark.parametrize("act", FROM_ALL, ids=lambda act: act.__name__)
async def test_who_publishes_may_not_begin_anew_with_leave_from_before(scene: Scene, act: Act) -> None:
    lecturer = replace(scene, person=scene.school.person)
    lecturer.role = await scene.school.town.gives(lecturer.person, Role.LECTURER)
    browser = await scene.house.browser_of(lecturer.person)
    leave = (await browser.post(f"/classes/{scene.lesson.id}/publishing", {})).body
    assert (await scene.media.gate.publisher(str(scene.lesson.id), leave["grant"])).source == "browser"
    await _happened(lecturer, act)
    with pytest.raises(Refused, match="grant") as refused:
        await scene.media.gate.publisher(str(scene.lesson.id), leave["grant"])
    assert refused.value.code == "grant.revoked"


async def _calendar(scene: Scene) -> str:
    """The secret address of the person's calendar, which needs no sign-in and shows the class."""
    address = urlsplit(str((await scene.browser.post("/me/calendar")).body["address"])).path
    shown = await scene.house.browser().get(address)
    assert (shown.status, scene.lesson.title.encode() in shown.raw) == (200, True)
    return address


async def test_the_calendar_of_who_is_stopped_answers_like_an_address_that_nobody_has(scene: Scene) -> None:
    address, visitor = await _calendar(scene), scene.house.browser()
    await _happened(scene, stopped)
    answer = await visitor.get(address)
    nobodys = await visitor.get(f"/api/v1/calendars/{'x' * 43}.ics")
    assert (answer.status, answer.raw) == (nobodys.status, nobodys.raw)
    assert (answer.status, answer.code) == (404, "calendar.unknown")


async def test_the_calendar_of_who_is_off_the_roster_shows_the_class_no_more(scene: Scene) -> None:
    address = await _calendar(scene)
    await _happened(scene, off_the_roster)
    answer = await scene.house.browser().get(address)
    assert (answer.status, scene.lesson.title.encode() in answer.raw) == (200, False)


async def test_a_leaked_address_is_dead_within_a_minute_and_leave_to_publish_is_spent_once(scene: Scene) -> None:
    leave = (await scene.browser.post(f"/classes/{scene.lesson.id}/viewing", {})).body
    await scene.school.town.gives(scene.school.person, Role.LECTURER)
    teaches = await scene.house.browser_of(scene.school.person)
    publishing = (await teaches.post(f"/classes/{scene.lesson.id}/publishing", {})).body
    first = await scene.media.gate.publisher(str(scene.lesson.id), publishing["grant"])
    scene.media.gate.spend(first)
    with pytest.raises(Refused):
        await scene.media.gate.publisher(str(scene.lesson.id), publishing["grant"])
    scene.clock.pass_(61)
    assert await scene.reads(leave) == "grant.expired"
