"""Calendars as a program reads them: the zone, moved and called-off classes, and an address that can be taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from server.app import NOUNS
from server.base.office import Office
from server.base.work import SYSTEM
from server.calendar.write import of_topic_class, text_of
from server.live.schedule import cancel, edit
from server.rules.powers import Role
from server.topic_classes import enrol
from tests.server.live.classes import planned
from tests.server.topic_classes.school import School, a_school
from tests.visits import House, a_house


@pytest.fixture
async def school(office: Office) -> School:
    return await a_school(office)


def events(raw: bytes) -> dict[str, Any]:
    """What a program finds, by title."""
    found = Calendar.from_ical(raw.decode())
    return {str(each["SUMMARY"]): each for each in found.walk("VEVENT")}


async def address_in(house: House, browser: Any) -> str:
    """The path of a new address."""
    made = await browser.post("/me/calendar")
    assert made.status == 201
    return "/api/v1/" + str(made.body["address"]).partition("/api/v1/")[2]


async def test_a_class_is_at_its_hours_in_the_academys_zone(office: Office, school: School) -> None:
    lesson = await office.do(SYSTEM, planned, title="=SUM(1), 乡村治理; 第一讲")
    async with a_house(office, NOUNS) as house:
        mine = await house.browser_of(await school.town.a_learner())
        answer = await mine.get(f"/classes/{lesson.id}/calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.raw.decode()
    assert "DTSTART;TZID=Asia/Shanghai:20260915T091000\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (zone,) = Calendar.from_ical(text).walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Asia/Shanghai"
    (event,) = events(answer.raw).values()
    assert str(event["SUMMARY"]) == "=SUM(1), 乡村治理; 第一讲"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=90)
    assert not {"DESCRIPTION", "ATTENDEE", "ORGANIZER"} & set(event)


async def test_moved_and_called_off_classes_keep_their_entry(office: Office, school: School) -> None:
    lesson = await office.do(SYSTEM, planned, lecturers=(school.person.id,))
    admin = await school.town.acting(await school.town.a(Role.ACADEMY_ADMIN, at=school.town.root))
    async with a_house(office, NOUNS) as house:
        mine = await house.browser_of(await school.town.a_learner())
        feed, seen = await address_in(house, mine), []
        for change in ("planned", "moved", "called off"):
            if change == "moved":
                begins = {"starts_at": lesson.starts_at + timedelta(hours=2)}
                lesson = await office.do(admin, edit, lesson.id, lesson.version, begins)
            if change == "called off":
                await office.do(admin, cancel, lesson.id)
            (event,) = events((await house.browser().get(feed)).raw).values()
            seen.append((str(event["UID"]), event["DTSTART"].dt.hour, str(event["STATUS"]), int(event["SEQUENCE"])))
    assert {uid for uid, *_ in seen} == {f"class-{lesson.id}@jiangtang"}
    assert [(hour, status) for _, hour, status, _ in seen] == [(9, "CONFIRMED"), (11, "CONFIRMED"), (11, "CANCELLED")]
    assert [number for *_, number in seen] == sorted({number for *_, number in seen})


async def test_a_persons_calendar_holds_what_concerns_the_person(office: Office, school: School) -> None:
    topic, lessons = await school.opened()
    who, stranger = await school.town.a_learner("王芳"), await school.town.a_learner("路人")
    await school.asks(who, topic)
    async with a_house(office, NOUNS) as house:
        feeds = [await address_in(house, await house.browser_of(each)) for each in (who, stranger)]
        mine, theirs = [events((await house.browser().get(each)).raw) for each in feeds]
        assert set(mine) == {topic.title, lessons[0].title}
        assert theirs == {}
        assert mine[topic.title]["TRANSP"] == "TRANSPARENT"
        await office.do(await school.town.acting(who), enrol.leave, topic.id, who.id)
        assert events((await house.browser().get(feeds[0])).raw) == {}


async def test_a_topic_class_is_one_file_with_its_classes(office: Office, school: School) -> None:
    topic, lessons = await school.opened(modules=2)
    async with a_house(office, NOUNS) as house:
        mine = await house.browser_of(school.person)
        found = events((await mine.get(f"/topic-classes/{topic.id}/calendar.ics")).raw)
    assert set(found) == {topic.title, *(each.title for each in lessons)}


async def test_a_topic_class_that_ends_at_midnight_takes_no_further_day(office: Office, school: School) -> None:
    topic, _ = await school.opened(modules=1)
    begin, midnight = datetime(2026, 10, 8, 1, tzinfo=UTC), datetime(2026, 10, 9, 16, tzinfo=UTC)
    planned_so = replace(topic, begins_at=begin, ends_at=midnight)
    (event,) = events(text_of("x", [of_topic_class(planned_so, "", begin)])).values()
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 10, 8), date(2026, 10, 10))


async def test_an_address_that_was_taken_back_answers_like_none(office: Office, school: School) -> None:
    async with a_house(office, NOUNS) as house:
        mine = await house.browser_of(await school.town.a_learner())
        first = await address_in(house, mine)
        second = await address_in(house, mine)
        program = house.browser()
        gone, nothing = await program.get(first), await program.get(f"/calendars/{'x' * 43}.ics")
        assert (gone.status, gone.raw) == (404, nothing.raw)
        assert (await program.get(second)).status == 200
        assert (await mine.get("/me/calendar")).body["made_at"] is not None
        assert (await mine.delete("/me/calendar")).status == 204
        assert (await program.get(second)).status == 404
        assert (await mine.get("/me/calendar")).body["made_at"] is None


async def test_guessing_is_slowed_down(office: Office) -> None:
    async with a_house(office, NOUNS) as house:
        program = house.browser()
        answers = [await program.get(f"/calendars/{UUID(int=each).hex}.ics") for each in range(32)]
    assert {each.status for each in answers[:30]} == {404}
    assert answers[-1].code == "calendar.later"
