"""Endpoints of calendars: a file for a class, one's own address, and what is found there without sign-in."""

from datetime import datetime, timedelta
from uuid import UUID

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import PUBLIC, SIGNED_IN, Ask, Routes, View
from server.base.work import Actor
from server.calendar import address, store, write
from server.live import lists
from server.live import store as live
from server.live.store import LiveClass
from server.live.targets import class_target, lesson_of
from server.people import store as people
from server.people.doorkeeper import keeper
from server.people.routes.session import address as address_of
from server.rules.powers import Power
from server.rules.refusal import unknown
from server.rules.topic_class import Place
from server.topic_classes import store as topics
from server.topic_classes.current import known
from server.topic_classes.store import TopicClass, TopicState
from server.topic_classes.targets import topic_class_target

routes = Routes("calendar")

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
"""How much of the past and of the future a calendar holds."""


class CalendarView(View):
    """Since when one has an address; null for none."""

    made_at: datetime | None


class CalendarAddress(View):
    """The new address, shown this once; whoever knows it reads the calendar."""

    address: str


@routes.get("/api/v1/me/calendar", power=SIGNED_IN, title="Whether my calendar has an address")
async def mine(ask: Ask) -> CalendarView:
    async with ask.read() as tx:
        return CalendarView(made_at=await store.made_at(tx, ask.me))


@routes.post("/api/v1/me/calendar", power=SIGNED_IN, status=201, title="Give my calendar a new address")
async def make(ask: Ask) -> CalendarAddress:
    secret = address.new_secret()
    await ask.do(address.make, secret)
    return CalendarAddress(address=f"{ask.services.settings.origin}/api/v1/calendars/{secret}.ics")


@routes.delete("/api/v1/me/calendar", power=SIGNED_IN, title="Take the address of my calendar back")
async def take_back(ask: Ask) -> None:
    await ask.do(address.take_back)


@routes.get(
    "/api/v1/calendars/{secret}.ics", power=PUBLIC, noun="address", title="A person's calendar, at its secret address"
)
async def at_address(ask: Ask, secret: str) -> web.Response:
    limiter = keeper(ask).limiter
    await limiter.calendar(address_of(ask))
    async with ask.read() as tx:
        account = await store.account_of(tx, address.hash_of(secret))
        person = await people.person(tx, account) if account else None
        if person is None or not person.active:
            await limiter.calendar_missed(address_of(ask))
            raise unknown("calendar")
        actor = Actor(person.id, await people.holdings_of(tx, person))
        lessons = await lists.between(tx, actor, ask.now, ask.now - BACK, ask.now + AHEAD)
        joined = await _joined(tx, person.id, ask.now)
    origin = ask.services.settings.origin
    events = [write.of_topic_class(each, origin, ask.now) for each in joined]
    events += [write.of_class(each, origin, ask.now) for each in lessons]
    return _file(write.text_of(f"{ask.services.settings.academy} 直播与专题班", events), "calendar")


@routes.get(
    "/api/v1/classes/{class_id}/calendar.ics", power=Power.LIVE_SEE, target=class_target, noun="class",
    title="A live class for one's calendar",
)  # fmt: skip
async def of_class(ask: Ask, class_id: UUID) -> web.Response:
    lesson = lesson_of(ask)
    event = write.of_class(lesson, ask.services.settings.origin, ask.now)
    return _file(write.text_of(lesson.title, [event]), f"class-{class_id}")


@routes.get(
    "/api/v1/topic-classes/{topic_class_id}/calendar.ics", power=Power.TOPIC_SEE, target=topic_class_target,
    noun="topic_class", title="A topic class with its live classes for one's calendar",
)  # fmt: skip
async def of_topic_class(ask: Ask, topic_class_id: UUID) -> web.Response:
    async with ask.read() as tx:
        found = await known(tx, topic_class_id)
        lessons = await _lessons(tx, found)
    return _file(write.whole(found, lessons, ask.services.settings.origin, ask.now), f"topic-class-{topic_class_id}")


async def _joined(tx: AsyncConnection, account: UUID, now: datetime) -> list[TopicClass]:
    seats = await topics.memberships(tx, account)
    found = await topics.by_ids(tx, [id for id, each in seats.items() if each.place is Place.ENROLLED])
    return [each for each in found.values() if each.state is not TopicState.DRAFT and each.ends_at > now - BACK]


async def _lessons(tx: AsyncConnection, found: TopicClass) -> list[LiveClass]:
    modules = await topics.modules_of(tx, found.id)
    lessons = await live.by_ids(tx, [each.class_id for each in modules])
    return [lessons[each.class_id] for each in modules]


def _file(text: bytes, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return web.Response(body=text, content_type="text/calendar", charset="utf-8", headers=headers)
