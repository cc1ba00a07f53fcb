"""Notices: who is told what, once, and up to when it is read."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.app import NOUNS
from server.base.keys import OFFICE
from server.base.office import Office
from server.base.outbox import Event, outbox
from server.base.work import SYSTEM, Actor, Work
from server.hours import questions
from server.hours.credit import credit
from server.live import schedule
from server.live.store import LiveClass
from server.moderation import decide, review, sanction
from server.notices import store, tell
from server.notices.store import Reader
from server.notices.tell import About
from server.people.store import Person
from server.reactions import REACTIONS
from server.rules.audience import of_topic_class
from server.rules.conduct import PostAction, SanctionKind
from server.rules.powers import Role
from server.topic_classes import names
from tests.clock import TestClock
from tests.people import Province, a_province
from tests.server.hours.academy import judged, lesson
from tests.server.live.classes import planned
from tests.server.moderation.test_life_of_a_post import say
from tests.visits import Browser, House, a_house


@pytest.fixture
def office(office: Office, clock: TestClock) -> Office:
    """The office with all reactions."""
    return Office(
        office.db, office.services, clock=clock, chance=office.chance, failpoints=office.failpoints, reactions=REACTIONS
    )


@pytest.fixture
async def town(office: Office) -> Province:
    return await a_province(office)


@pytest.fixture
async def house(office: Office) -> AsyncIterator[House]:
    async with a_house(office, NOUNS) as found:
        yield found


@pytest.fixture
async def learner(town: Province) -> Person:
    return await town.a_learner("王芳")


@pytest.fixture
async def mine(house: House, learner: Person) -> Browser:
    return await house.browser_of(learner)


async def told(browser: Browser) -> list[tuple[str, dict[str, Any]]]:
    """Codes and data of what a person has been told, newest first."""
    app = browser.client.app
    assert app is not None
    await app[OFFICE].outbox.drain()
    page = (await browser.get("/me/notices")).body
    return [(each["code"], each["data"]) for each in page["items"]]


async def test_a_cancelled_class_is_one_row_for_its_whole_audience(
    office: Office, town: Province, mine: Browser, house: House
) -> None:
    other = await house.browser_of(await town.a_learner(at=town.sibling))
    here = {"unit_path": town.own.path, "audience_unit": town.own.id, "audience_path": town.own.path}
    of = await office.do(SYSTEM, planned, starts_at=office.clock.now() + timedelta(days=2), **here)
    await office.do(SYSTEM, schedule.cancel, of.id)
    assert await told(mine) == [("class.cancelled", {"title": of.title, "starts_at": "2026-09-17T01:00:00Z"})]
    assert await told(other) == []
    async with office.read() as tx:
        assert len(await store.of_reader(tx, _reader(town), before=None, limit=9)) == 1


def _reader(town: Province) -> Reader:
    return Reader(town.own.id, town.own.path, town.office.clock.now() - timedelta(days=1))


async def test_a_moved_class_tells_when_it_would_have_begun(office: Office, town: Province, mine: Browser) -> None:
    teacher = await town.a(Role.LECTURER, at=town.sibling)
    at = office.clock.now() + timedelta(days=2)
    of = await office.do(SYSTEM, planned, starts_at=at, lecturers=(teacher.id,), assistants=())
    await office.do(SYSTEM, schedule.edit, of.id, of.version, {"starts_at": at + timedelta(days=1)})
    ((code, data),) = await told(mine)
    assert (code, data["was"], data["starts_at"]) == ("class.moved", "2026-09-17T01:00:00Z", "2026-09-18T01:00:00Z")


async def test_those_who_came_later_are_not_told_of_what_was_before(
    office: Office, town: Province, house: House, clock: TestClock
) -> None:
    await office.do(SYSTEM, tell.tell_audience, "", About("class.cancelled", "class", "x", {"title": "课"}))
    clock.pass_(60)
    newcomer = await town.a_learner(joined=timedelta(0))
    assert await told(await house.browser_of(newcomer)) == []


async def test_a_class_about_to_begin_is_seen_without_a_row(
    office: Office, town: Province, mine: Browser, house: House, clock: TestClock
) -> None:
    of = await office.do(SYSTEM, planned, starts_at=office.clock.now() + timedelta(minutes=11))
    assert await told(mine) == []
    clock.pass_(61)
    ((code, data),) = await told(mine)
    assert (code, data["title"]) == ("class.soon", of.title)
    page = (await mine.get("/me/notices")).body
    assert (page["unread"], page["items"][0]["subject"]) == (1, {"kind": "class", "id": str(of.id)})
    admin = await house.browser_of(await town.a(Role.ACADEMY_ADMIN, at=town.root))
    assert len(await told(admin)) == 1
    clock.pass_(3600)
    assert await told(mine) == []


async def test_a_reserved_class_about_to_begin_is_told_to_those_who_are_named_for_it(
    office: Office, town: Province, house: House, clock: TestClock
) -> None:
    member, other = await town.a_learner(), await town.a_learner()
    soon = office.clock.now() + timedelta(minutes=5)
    of = await office.do(SYSTEM, planned, starts_at=soon, audience_path=of_topic_class(UUID(int=7)))
    await office.do(SYSTEM, names.give, Role.LEARNER, [member.id], [of.id])
    ((code, data),) = await told(await house.browser_of(member))
    assert (code, data["title"]) == ("class.soon", of.title)
    assert await told(await house.browser_of(other)) == []


async def _assessed(office: Office, learner: Person, hours: str) -> LiveClass:
    of = await office.do(SYSTEM, lesson)
    await _assess(office, learner, of, hours)
    return of


async def _assess(office: Office, learner: Person, of: LiveClass, hours: str) -> None:
    async def verb(work: Work) -> None:
        stored = await judged(work, learner, of, hours)
        await credit(work, stored)
        work.emit(Event("attendance.closed", str(of.id), {"class": str(of.id), "account": str(learner.id)}))

    await office.do(SYSTEM, verb)


async def test_hours_credited_and_minutes_missing_are_told_and_the_repaired_no_longer(
    office: Office, learner: Person, mine: Browser, clock: TestClock
) -> None:
    of = await _assessed(office, learner, "1.5")
    first = await told(mine)
    assert sorted(code for code, _ in first) == ["attendance.missing", "hours.credited"]
    missing = dict(first)["attendance.missing"]
    assert missing == {
        "title": of.title, "minutes": 23, "hours_if_repaired": "2.0", "until": "2026-11-30T16:00:00Z",
    }  # fmt: skip
    clock.pass_(1)
    await _assess(office, learner, of, "2.0")
    assert [(code, data["hours"]) for code, data in await told(mine)] == [
        ("hours.credited", "0.5"), ("hours.credited", "1.5"),
    ]  # fmt: skip


async def test_an_event_delivered_twice_is_told_once(office: Office, learner: Person, mine: Browser) -> None:
    await _assessed(office, learner, "2.0")
    before = await told(mine)
    async with office.read() as tx:
        rows = (await tx.execute(outbox.select())).all()
    for row in rows:
        await office.outbox._deliver(Event(row.name, row.subject, row.data, row.v, row.id))
    assert await told(mine) == before


@pytest.fixture
async def moderator(town: Province) -> Actor:
    return await town.acting(await town.a(Role.MODERATOR, over=town.root))


_GROUNDS = ("abuse", "art-12", "对他人进行侮辱")


async def test_a_decision_about_my_post_is_told_without_its_text_and_the_answer_to_a_review_instead_of_it(
    office: Office, town: Province, learner: Person, mine: Browser, moderator: Actor
) -> None:
    post = await say(office, town, learner, "我认为此案例值得推广")
    await office.do(moderator, decide.decide, post.id, post.version, PostAction.REMOVE, *_GROUNDS)
    ((code, data),) = await told(mine)
    assert (code, data) == ("post.removed", {"kind": "abuse", "basis": "art-12", "place": post.place_name})
    asked = await office.do(await town.acting(learner), review.ask, post.id, "请再看")
    second = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    await office.do(second, review.settle, asked.id, overturn=True, reason="并无侮辱")
    assert await told(mine) == [("review.overturned", {"basis": "art-12", "place": post.place_name})]


async def test_a_decision_taken_back_is_no_longer_told(
    office: Office, town: Province, learner: Person, mine: Browser, moderator: Actor
) -> None:
    post = await say(office, town, learner, "我认为此案例值得推广")
    made = await office.do(moderator, decide.decide, post.id, post.version, PostAction.REMOVE, *_GROUNDS)
    assert [code for code, _ in await told(mine)] == ["post.removed"]
    await office.do(moderator, decide.undo, made.id)
    assert await told(mine) == []


async def test_a_sanction_is_told_when_it_begins_and_not_while_it_is_a_proposal(
    office: Office, town: Province, learner: Person, mine: Browser, moderator: Actor
) -> None:
    until = office.clock.now() + timedelta(days=8)
    args = (learner.id, SanctionKind.PAUSE, None, until, "art-12", "多次刷屏", uuid4())
    proposed = await office.do(moderator, sanction.impose, *args)
    assert await told(mine) == []
    second = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    await office.do(second, sanction.settle, proposed.id, confirm=True)
    ((code, data),) = await told(mine)
    assert (code, data["kind"], data["until"]) == ("sanction.begun", "pause", "2026-09-23T01:00:00Z")
    assert "多次刷屏" not in str(data)


async def test_a_strange_device_is_told_and_an_updated_browser_is_none(house: House, learner: Person) -> None:
    first = house.browser(**{"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0"})
    await first.sign_in(learner.staff_number)
    await house.browser(**{"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/121.0"}).sign_in(learner.staff_number)
    assert await told(first) == []
    await house.browser(**{"User-Agent": "Mozilla/5.0 (iPhone) Safari"}).sign_in(learner.staff_number)
    ((code, data),) = await told(first)
    assert (code, data["device"]) == ("device.added", "Mozilla/5.0 (iPhone) Safari")


async def test_an_answer_to_my_question_is_told(office: Office, town: Province, learner: Person, mine: Browser) -> None:
    asked = (await mine.post("/hours/questions", {"text": "为什么"})).body
    officer = await town.acting(await town.a(Role.SUB_CENTRE_ADMIN, over=town.own))
    await office.do(officer, questions.answer, UUID(asked["id"]), "因为断线")
    assert [code for code, _ in await told(mine)] == ["question.answered"]


async def test_what_is_read_stays_read_and_older_marks_change_nothing(
    office: Office, learner: Person, mine: Browser, clock: TestClock
) -> None:
    about = About("post.published", "post", "x", {})
    await office.do(SYSTEM, tell.tell, [learner.id], about)
    clock.pass_(60)
    await office.do(SYSTEM, tell.tell, [learner.id], about)
    newest, older = (await mine.get("/me/notices")).body["items"]
    assert (newest["read"], older["read"]) == (False, False)
    assert (await mine.post("/me/notices/read", {"until": older["at"]})).status == 204
    page = (await mine.get("/me/notices")).body
    assert ([each["read"] for each in page["items"]], page["unread"]) == ([False, True], 1)
    await mine.post("/me/notices/read", {"until": "2199-01-01T00:00:00Z"})
    await mine.post("/me/notices/read", {"until": older["at"]})
    assert (await mine.get("/me/notices")).body["unread"] == 0
    clock.pass_(60)
    await office.do(SYSTEM, tell.tell, [learner.id], about)
    assert (await mine.get("/me/notices")).body["unread"] == 1


async def test_pages_follow_each_other_without_a_gap(office: Office, learner: Person, mine: Browser) -> None:
    for number in range(5):
        await office.do(SYSTEM, tell.tell, [learner.id], About("post.published", "post", str(number), {}))
        await office.do(SYSTEM, tell.tell_audience, "", About("class.cancelled", "class", f"c{number}", {}))
    seen, query = [], "?limit=3"
    while True:
        page = (await mine.get(f"/me/notices{query}")).body
        seen += [each["subject"]["id"] for each in page["items"]]
        if page["next"] is None:
            break
        query = f"?limit=3&before={page['next']}"
    assert len(seen) == len(set(seen)) == 10


async def test_open_pages_hear_of_it_at_once(office: Office, learner: Person, mine: Browser) -> None:
    socket = await mine.socket()
    await socket.receive_json()
    await office.do(SYSTEM, tell.tell, [learner.id], About("post.published", "post", "x", {"place": "课"}))
    heard = await socket.receive_json()
    assert (heard["type"], heard["data"]["code"], heard["data"]["read"]) == ("notice.added", "post.published", False)
    await office.do(SYSTEM, tell.tell_audience, "", About("class.cancelled", "class", "x", {}))
    assert (await socket.receive_json())["type"] == "notice.changed"
    await socket.close()


async def test_what_is_older_than_half_a_year_is_forgotten(
    office: Office, learner: Person, mine: Browser, clock: TestClock
) -> None:
    await office.do(SYSTEM, tell.tell, [learner.id], About("post.published", "post", "x", {}))
    clock.pass_(181 * 86400)
    assert await office.do(SYSTEM, tell.sweep) == 1
