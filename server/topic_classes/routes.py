"""Endpoints of topic classes: plan, modules, roster, enrolment, progress, announcements."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import Ask, Body, Routes, View
from server.base.shapes import Moment, Version
from server.people import looks
from server.rules.powers import Power
from server.rules.powers import may as holds
from server.rules.refusal import Refusal
from server.rules.topic_class import Credit, Place
from server.rules.words import Category
from server.topic_classes import announce, enrol, modules, plan, remind, store
from server.topic_classes.completion import lines
from server.topic_classes.current import known
from server.topic_classes.modules import WantedDiscussion, WantedModule
from server.topic_classes.plan import Plan
from server.topic_classes.store import TopicClass
from server.topic_classes.tables import TEXT, TITLE
from server.topic_classes.targets import target_of, topic_class_target, topic_target
from server.topic_classes.views import (
    AnnouncementView,
    TopicClassView,
    TopicDiscussionView,
    TopicLineView,
    TopicModuleView,
    announcement_views,
    discussion_view,
    line_views,
    module_views,
    views_of,
)

routes = Routes("topic_class")

_ONE = "/api/v1/topic-classes/{topic_class_id}"
_SEE: dict[str, Any] = {"power": Power.TOPIC_SEE, "target": topic_class_target}
_PLAN: dict[str, Any] = {"power": Power.TOPIC_PLAN, "target": topic_class_target}
_PROGRESS: dict[str, Any] = {"power": Power.TOPIC_PROGRESS, "target": topic_class_target}

Title = Annotated[str, Field(min_length=1, max_length=TITLE)]
Text = Annotated[str, Field(max_length=TEXT)]
Capacity = Annotated[int, Field(ge=1, le=100_000)]
Categories = Annotated[tuple[Category, ...], Field(max_length=len(Category))]
"""Of the learners whom it is for (Article 5); none for all."""

HoursText = Annotated[str, Field(pattern=r"^[0-9]{1,3}([.][0-9]{1,2})?$")]


class PlanTopicBody(Body):
    """`hours`: those of `on_completion`, as decimal text."""

    title: Title
    about: Text = ""
    unit: UUID
    self_enrolment: bool = False
    capacity: Capacity | None = None
    begins_at: Moment
    ends_at: Moment
    credit: Credit = Credit.BY_MODULE
    hours: HoursText | None = None
    categories: Categories = ()


class EditTopicBody(Body):
    """Only the fields that change, and the version that was seen; null takes the limit of places away.

    `credit` and `hours` stay as they are once it is published and has begun or has somebody on its roster.
    """

    version: Version
    title: Title | None = None
    about: Text | None = None
    self_enrolment: bool | None = None
    capacity: Capacity | None = None
    begins_at: Moment | None = None
    ends_at: Moment | None = None
    credit: Credit | None = None
    hours: HoursText | None = None
    categories: Categories | None = None


class ModuleBody(Body):
    class_id: UUID
    needed: bool = True


class DiscussionBody(Body):
    """The discussion as a module: after `place` live classes; needed: completion asks for a published post."""

    place: Annotated[int, Field(ge=0, le=60)] = 60
    needed: bool = False


class ModulesBody(Body):
    """All modules, in the place of those that were seen at `version`; without `discussion` it is none."""

    version: Version
    modules: Annotated[list[ModuleBody], Field(max_length=60)]
    discussion: DiscussionBody | None = None


class RosterBody(Body):
    """People by hand, and everybody who works within a unit."""

    people: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()
    unit: UUID | None = None


class SeatedView(View):
    """How many are new on the roster, and how many of those who were put there have to wait for a place."""

    enrolled: int
    waiting: int


class ReminderBody(Body):
    """Whom to remind of those who miss something; nobody named means all."""

    people: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()


class RemindedView(View):
    """How many have been reminded."""

    number: int


class AnnounceBody(Body):
    """`draft`: the name under which it was written; the same one sent again is the same announcement."""

    text: Annotated[str, Field(min_length=1, max_length=TEXT)]
    draft: UUID


class TopicClassList(View):
    items: list[TopicClassView]


class ModuleList(View):
    """The live classes in their order, and the discussion where it is a module, at this version of the plan."""

    version: int
    items: list[TopicModuleView]
    discussion: TopicDiscussionView | None


class TopicProgress(View):
    items: list[TopicLineView]


class AnnouncementList(View):
    items: list[AnnouncementView]


class TopicPlaceView(View):
    """The asker's place."""

    place: Place
    since: datetime


@routes.get("/api/v1/topic-classes", power=Power.TOPIC_SEE, title="Topic classes that the asker may see")
async def listed(ask: Ask) -> TopicClassList:
    async with ask.read() as tx:
        found = [
            each
            for each in await store.listed(tx)
            if holds(ask.actor.holdings, Power.TOPIC_SEE, target_of(each), ask.now, ask.me)
        ]
        return TopicClassList(items=await views_of(tx, found, ask.actor, ask.now))


@routes.post("/api/v1/topic-classes", power=Power.TOPIC_PLAN, status=201, title="Plan a topic class")
async def plan_one(ask: Ask, body: PlanTopicBody) -> TopicClassView:
    return await _shown(ask, await ask.do(plan.plan, Plan(**_planned(body.model_dump()))))


@routes.get(_ONE, **_SEE, title="One topic class")
async def one(ask: Ask, topic_class_id: UUID) -> TopicClassView:
    async with ask.read() as tx:
        return await _view(tx, ask, await known(tx, topic_class_id))


@routes.patch(f"{_ONE}/plan", **_PLAN, title="Change the plan of a topic class")
async def edit(ask: Ask, topic_class_id: UUID, body: EditTopicBody) -> TopicClassView:
    changes = _planned({name: getattr(body, name) for name in body.model_fields_set - {"version"}})
    for name, value in changes.items():
        if value is None and name not in {"capacity", "hours"}:
            raise Refusal("field.invalid", status=422, field=name)
    return await _shown(ask, await ask.do(plan.edit, topic_class_id, body.version, changes))


@routes.post(f"{_ONE}/publish", **_PLAN, title="Publish a topic class")
async def publish(ask: Ask, topic_class_id: UUID) -> TopicClassView:
    return await _shown(ask, await ask.do(plan.publish, topic_class_id))


@routes.delete(_ONE, **_PLAN, title="Take a draft back")
async def discard(ask: Ask, topic_class_id: UUID) -> None:
    await ask.do(modules.discard, topic_class_id)


@routes.get(f"{_ONE}/modules", **_SEE, title="The modules of a topic class in their order")
async def modules_(ask: Ask, topic_class_id: UUID) -> ModuleList:
    return await _modules(ask, topic_class_id)


@routes.put(f"{_ONE}/modules", **_PLAN, title="Name the modules of a topic class in their order")
async def set_modules(ask: Ask, topic_class_id: UUID, body: ModulesBody) -> ModuleList:
    wanted = list({each.class_id: WantedModule(each.class_id, each.needed) for each in body.modules}.values())
    talk = WantedDiscussion(**body.discussion.model_dump()) if body.discussion else None
    await ask.do(modules.set_modules, topic_class_id, body.version, wanted, talk)
    return await _modules(ask, topic_class_id)


@routes.post(f"{_ONE}/roster", **_PLAN, title="Put people on the roster, by hand or by unit")
async def put_on_roster(ask: Ask, topic_class_id: UUID, body: RosterBody) -> SeatedView:
    made = await ask.do(enrol.put, topic_class_id, body.people, body.unit)
    enrolled = sum(each.place is Place.ENROLLED for each in made)
    return SeatedView(enrolled=enrolled, waiting=len(made) - enrolled)


@routes.delete(f"{_ONE}/roster/{{person_id}}", **_PLAN, title="Take a person off the roster or the waiting list")
async def take_off_roster(ask: Ask, topic_class_id: UUID, person_id: UUID) -> None:
    await ask.do(enrol.leave, topic_class_id, person_id)


@routes.post(f"{_ONE}/enrolment", **_SEE, title="Enrol oneself; whoever comes too late waits")
async def enrol_oneself(ask: Ask, topic_class_id: UUID) -> TopicPlaceView:
    made = await ask.do(enrol.enrol, topic_class_id)
    return TopicPlaceView(place=made.place, since=made.since)


@routes.delete(f"{_ONE}/enrolment", **_SEE, title="Leave the roster or the waiting list")
async def leave(ask: Ask, topic_class_id: UUID) -> None:
    await ask.do(enrol.leave, topic_class_id, ask.me)


@routes.get(f"{_ONE}/progress", **_PROGRESS, title="Members x conditions (a logged look at each)")
async def progress(ask: Ask, topic_class_id: UUID) -> TopicProgress:
    async with ask.read() as tx:
        found = await known(tx, topic_class_id)
        roster = await store.members_of(tx, topic_class_id)
        shown = await line_views(tx, await lines(tx, found, roster, ask.services.policies))
    await ask.do(looks.note, [each.account for each in shown], "topic_class")
    return TopicProgress(items=shown)


@routes.post(f"{_ONE}/reminders", **_PLAN, status=201, title="Remind members who miss something")
async def remind_members(ask: Ask, topic_class_id: UUID, body: ReminderBody) -> RemindedView:
    return RemindedView(number=await ask.do(remind.remind, topic_class_id, body.people))


@routes.get(f"{_ONE}/completion", **_SEE, title="My conditions of completion; none where I am not on the roster")
async def completion(ask: Ask, topic_class_id: UUID) -> TopicProgress:
    async with ask.read() as tx:
        found = await known(tx, topic_class_id)
        mine = await store.member(tx, topic_class_id, ask.me)
        made = await lines(tx, found, [mine] if mine else [], ask.services.policies)
        return TopicProgress(items=await line_views(tx, made))


@routes.get(f"{_ONE}/announcements", **_SEE, title="What was announced, for members")
async def announcements(ask: Ask, topic_class_id: UUID) -> AnnouncementList:
    async with ask.read() as tx:
        found = await known(tx, topic_class_id)
        mine = await store.member(tx, topic_class_id, ask.me)
        is_staff = holds(ask.actor.holdings, Power.TOPIC_PROGRESS, target_of(found), ask.now, ask.me)
        if not is_staff and (mine is None or mine.place is not Place.ENROLLED):
            return AnnouncementList(items=[])
        return AnnouncementList(items=await announcement_views(tx, await store.announcements_of(tx, topic_class_id)))


@routes.post(f"{_ONE}/announcements", **_PLAN, status=201, title="Announce something to the members")
async def announce_one(ask: Ask, topic_class_id: UUID, body: AnnounceBody) -> AnnouncementView:
    made = await ask.do(announce.announce, topic_class_id, body.text, body.draft)
    async with ask.read() as tx:
        return (await announcement_views(tx, [made]))[0]


routes.topic("topic_class", power=Power.TOPIC_SEE, target=topic_target)


async def _modules(ask: Ask, id: UUID) -> ModuleList:
    policies = ask.services.policies
    async with ask.read() as tx:
        found = await known(tx, id)
        talk = await discussion_view(tx, found, policies)
        return ModuleList(version=found.version, items=await module_views(tx, id, policies), discussion=talk)


def _planned(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of a plan, hours as `Decimal`."""
    return values | ({"hours": Decimal(values["hours"])} if values.get("hours") else {})


async def _view(tx: AsyncConnection, ask: Ask, found: TopicClass) -> TopicClassView:
    return (await views_of(tx, [found], ask.actor, ask.now))[0]


async def _shown(ask: Ask, found: TopicClass) -> TopicClassView:
    async with ask.read() as tx:
        return await _view(tx, ask, found)
