"""Attendance as a browser sees it: one socket, its own class, and words for what is refused."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import ClientWebSocketResponse
from aiohttp.test_utils import TestServer

from server.attendance.routes import NOUNS
from server.attendance.running import RECEIVER, attach, tell_audience
from server.base import application
from server.base.office import Office
from server.base.work import SYSTEM
from server.live import store as live
from server.people.doorkeeper import Doorkeeper
from server.people.routes import NOUNS as PEOPLE
from server.people.store import Person
from server.rules.air import reach
from server.rules.live import State
from server.rules.powers import Role
from tests.clock import TestClock
from tests.people import a_province
from tests.server.live.classes import ended, ms, on_air, planned
from tests.visits import Browser, House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Line:
    """A socket of one page; `told` are the events that came between the answers."""

    socket: ClientWebSocketResponse
    told: list[dict[str, Any]] = field(default_factory=list)

    async def ask(self, type: str, **data: Any) -> dict[str, Any]:
        await self.socket.send_json({"v": 1, "type": type, "id": "c1", "data": data})
        while (frame := await self.socket.receive_json(timeout=5))["type"] not in ("ack", "refusal"):
            self.told.append(frame)
        answer: dict[str, Any] = frame
        return answer

    async def event(self, type: str) -> dict[str, Any]:
        """The next event of that type."""
        while (frame := await self.socket.receive_json(timeout=5))["type"] != type:
            self.told.append(frame)
        data: dict[str, Any] = frame["data"]
        return data


@dataclass
class Academy:
    """A running application with one learner and the lecturer of a class."""

    house: House
    office: Office
    learner: Person
    lecturer: Person

    async def line(self, browser: Browser) -> Line:
        socket = await browser.socket()
        await socket.receive_json(timeout=5)
        return Line(socket)


@pytest.fixture
async def academy(office: Office) -> AsyncIterator[Academy]:
    town = await a_province(office)
    learner, lecturer = await town.a_learner("王芳"), await town.a(Role.LECTURER, name="陈静")
    async with running(office) as house:
        yield Academy(house, office, learner, lecturer)


@contextlib.asynccontextmanager
async def running(office: Office) -> AsyncIterator[House]:
    app = application.make(office, Doorkeeper(office), (*PEOPLE, *NOUNS), (), office.services.settings.web)
    attach(app)
    server = TestServer(app)
    await server.start_server()
    house = House(server, office, Doorkeeper(office))
    try:
        yield house
    finally:
        for client in house.clients:
            await client.session.close()
        await server.close()


def beat(seq: int, at_ms: int, since_ms: int = 0, **changes: Any) -> dict[str, Any]:
    told = {"seq": seq, "position_ms": at_ms, "rate": 1, "since_previous_ms": since_ms}
    return told | {"playing": True, "visible": True, "ended": False} | changes


def activity(class_id: UUID) -> dict[str, str]:
    return {"kind": "class", "id": str(class_id)}


@pytest.mark.parametrize(("playing", "status"), [(True, 200), (False, 401)], ids=["playing", "paused"])
async def test_beats_keep_a_sign_in_only_while_they_play(
    academy: Academy, clock: TestClock, playing: bool, status: int
) -> None:
    lesson = await academy.office.do(SYSTEM, on_air)
    browser = await academy.house.browser_of(academy.learner)
    line = await academy.line(browser)
    stay = (await line.ask("stay.open", activity=activity(lesson.id), device="电脑 Chrome"))["data"]["stay"]
    clock.pass_(6.5 * 3600)
    await line.ask("beat.send", stay=stay, beats=[beat(1, ms(clock.now()), playing=playing)])
    clock.pass_(6.5 * 3600)
    assert (await browser.get("/me/devices")).status == status


async def test_a_page_opens_a_stay_and_its_beats_are_acknowledged(academy: Academy, clock: TestClock) -> None:
    lesson = await academy.office.do(SYSTEM, on_air)
    line = await academy.line(await academy.house.browser_of(academy.learner))
    opened = await line.ask("stay.open", activity=activity(lesson.id), device="电脑 Chrome")
    assert opened["data"] | {"stay": ""} == {
        "stay": "", "earning": True, "other": None, "interval_s": 15, "late_s": 150, "verified_ms": 0, "pending_ms": 0,
    }  # fmt: skip
    stay, began = opened["data"]["stay"], ms(clock.now())
    await line.ask("beat.send", stay=stay, beats=[beat(1, began)])
    clock.pass_(15)
    ack = await line.ask("beat.send", stay=stay, beats=[beat(2, began + 15_000, 15_000)])
    assert ack["data"] == {
        "stay": stay,
        "acked_seq": 2,
        "verdicts": [{"seq": 2, "counted_ms": 15_000, "reason": None}],
        "verified_ms": 0,
        "pending_ms": 15_000,
    }


async def test_a_reload_in_the_same_browser_goes_on_without_a_question(academy: Academy, clock: TestClock) -> None:
    lesson = await academy.office.do(SYSTEM, on_air)
    browser = await academy.house.browser_of(academy.learner)
    first = await academy.line(browser)
    opened = await first.ask("stay.open", activity=activity(lesson.id), device="电脑")
    await first.ask("beat.send", stay=opened["data"]["stay"], beats=[beat(1, ms(clock.now()))])
    second = await academy.line(browser)
    tab = await second.ask("stay.open", activity=activity(lesson.id), device="另一页")
    assert (tab["data"]["earning"], tab["data"]["other"]["device"]) == (False, "电脑")
    await first.socket.close()
    reloaded = await (await academy.line(browser)).ask("stay.open", activity=activity(lesson.id), device="电脑")
    assert reloaded["data"]["earning"] is True


async def test_another_device_takes_over_and_the_first_is_told(academy: Academy) -> None:
    lesson = await academy.office.do(SYSTEM, on_air)
    office = await academy.line(await academy.house.browser_of(academy.learner))
    phone = await academy.line(await academy.house.browser_of(academy.learner))
    first = await office.ask("stay.open", activity=activity(lesson.id), device="电脑")
    second = await phone.ask("stay.open", activity=activity(lesson.id), device="手机")
    taken = await phone.ask("stay.take", stay=second["data"]["stay"])
    assert taken["data"]["earning"] is True
    assert await office.event("stay.moved") == {"stay": first["data"]["stay"], "to_device": "手机"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seq": 0}, "field.invalid"),
        ({"seq": "1"}, "field.invalid"),
        ({"rate": -1}, "field.invalid"),
        ({"position_ms": 2.5}, "field.invalid"),
        ({"playing": "yes"}, "field.invalid"),
        ({"hours": 2}, "field.unknown"),
    ],
)
async def test_a_beat_of_a_wrong_shape_is_refused_and_the_socket_stays(
    academy: Academy, change: dict[str, Any], code: str
) -> None:
    line = await academy.line(await academy.house.browser_of(academy.learner))
    answer = await line.ask("beat.send", stay=str(uuid4()), beats=[beat(1, 0) | change])
    assert (answer["type"], answer["data"]["code"]) == ("refusal", code)
    assert (await line.ask("ping"))["type"] == "ack"


async def test_beats_for_a_class_that_has_not_begun_or_is_nowhere_are_refused(academy: Academy) -> None:
    waiting = await academy.office.do(SYSTEM, planned)
    called_off = await academy.office.do(SYSTEM, planned, state=State.CANCELLED)
    line = await academy.line(await academy.house.browser_of(academy.learner))
    for class_id, code in (
        (waiting.id, "activity.closed"),
        (called_off.id, "activity.closed"),
        (uuid4(), "class.unknown"),
    ):
        answer = await line.ask("stay.open", activity=activity(class_id), device="电脑")
        assert answer["data"]["code"] == code
    stranger = await line.ask("beat.send", stay=str(uuid4()), beats=[beat(1, 0)])
    assert (stranger["data"]["code"], stranger["data"]["status"]) == ("stay.unknown", 404)


async def test_my_attendance_tells_what_was_counted_and_what_is_missing(academy: Academy, clock: TestClock) -> None:
    lesson = await academy.office.do(SYSTEM, on_air)
    browser = await academy.house.browser_of(academy.learner)
    line = await academy.line(browser)
    opened = await line.ask("stay.open", activity=activity(lesson.id), device="电脑")
    began = ms(clock.now())
    for seq in range(1, 6):
        sent = beat(seq, ms(clock.now()), 15_000 if seq > 1 else 0)
        await line.ask("beat.send", stay=opened["data"]["stay"], beats=[sent])
        clock.pass_(15)
    await academy.office.do(SYSTEM, _aired, lesson.id, began + 90_000)
    answer = await browser.get(f"/classes/{lesson.id}/attendance")
    assert answer.body == {
        "stretches": [
            {"from_ms": began, "until_ms": began + 60_000, "kind": "counted", "reason": None},
            {"from_ms": began + 60_000, "until_ms": began + 90_000, "kind": "open", "reason": "beat.absent"},
        ],
        "air": [{"from_ms": began, "until_ms": began + 90_000}],
        "verified_minutes": "1.00",
        "air_minutes": "1.50",
        "share": "0.6666",
        "hours_now": "0.0",
        "missing": [{"from_ms": began + 60_000, "until_ms": began + 90_000}],
    }


async def _aired(work: Any, class_id: UUID, until_ms: int) -> None:
    record = await live.record_of(work.tx, class_id)
    await live.save_record(work.tx, class_id, record, reach(record, "run-1", until_ms))


async def test_the_staff_see_who_is_there_and_a_learner_does_not(academy: Academy, clock: TestClock) -> None:
    lesson = await academy.office.do(SYSTEM, on_air, lecturers=(academy.lecturer.id,))
    learner = await academy.house.browser_of(academy.learner)
    line = await academy.line(learner)
    opened = await line.ask("stay.open", activity=activity(lesson.id), device="电脑")
    await line.ask("beat.send", stay=opened["data"]["stay"], beats=[beat(1, ms(clock.now()))])
    staff = await academy.house.browser_of(academy.lecturer)
    seen = (await staff.get(f"/classes/{lesson.id}/audience")).body
    assert {name: seen[name] for name in ("here", "earning", "waiting_check", "weak")} == {
        "here": 1, "earning": 1, "waiting_check": 0, "weak": 0,
    }  # fmt: skip
    assert [each["name"] for each in seen["people"]] == ["王芳"]
    assert (await learner.get(f"/classes/{lesson.id}/audience")).code == "power.missing"
    clock.pass_(46)
    assert (await staff.get(f"/classes/{lesson.id}/audience")).body["here"] == 0


async def test_the_room_is_told_how_many_are_there(academy: Academy, clock: TestClock) -> None:
    lesson = await academy.office.do(SYSTEM, on_air)
    line = await academy.line(await academy.house.browser_of(academy.learner))
    opened = await line.ask("stay.open", activity=activity(lesson.id), device="电脑")
    await line.ask("beat.send", stay=opened["data"]["stay"], beats=[beat(1, ms(clock.now()))])
    told: list[dict[str, Any]] = []
    academy.office.bus.listen(f"class:{lesson.id}", lambda message: told.append(message.data))
    tell_audience(academy.house.server.app[RECEIVER])
    assert told == [{"here": 1, "earning": 1, "waiting_check": 0}]


async def test_the_report_of_an_ended_class_names_who_studied(academy: Academy, clock: TestClock) -> None:
    lesson = await academy.office.do(SYSTEM, ended, lecturers=(academy.lecturer.id,))
    staff = await academy.house.browser_of(academy.lecturer)
    report = (await staff.get(f"/classes/{lesson.id}/report")).body
    assert (report["class"]["id"], report["air_minutes"], len(report["curve"])) == (str(lesson.id), 90.0, 91)
    assert report["posts"] == {"published": 0, "held": 0, "rejected": 0, "removed": 0}
    assert report["people"] == []


async def test_players_report_figures_and_only_of_their_own_stay(academy: Academy, clock: TestClock) -> None:
    lesson = await academy.office.do(SYSTEM, on_air)
    line = await academy.line(await academy.house.browser_of(academy.learner))
    opened = await line.ask("stay.open", activity=activity(lesson.id), device="电脑")
    report = {"stalls": 1, "latency_ms": 1700, "level": 0}
    assert (await line.ask("player.report", stay=opened["data"]["stay"], **report))["type"] == "ack"
    assert (await line.ask("player.report", stay=str(uuid4()), **report))["data"]["code"] == "stay.unknown"
