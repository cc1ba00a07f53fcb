"""A topic class as the pages read it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import View
from server.base.shapes import Named, hours_text
from server.base.work import Actor
from server.forum import store as forum
from server.forum.reader import reader
from server.live import store as live
from server.live.store import LiveClass
from server.people import store as people
from server.people import units
from server.rules.hours import hours_of
from server.rules.policy import Policies
from server.rules.powers import Power, may
from server.rules.topic_class import Condition, Credit, Place, posts_asked
from server.rules.words import Category
from server.topic_classes import store
from server.topic_classes.completion import Line
from server.topic_classes.store import Announcement, Member, Module, TopicClass, TopicState
from server.topic_classes.targets import target_of

_MINUTE_MS = 60_000
_MAY = {"plan": Power.TOPIC_PLAN, "progress": Power.TOPIC_PROGRESS}


class TopicModuleView(View):
    """A live class of the plan; `min_share` of its air time is to be attended, `nominal_hours` it can give."""

    class_id: UUID
    title: str
    lecturer: str
    starts_at: datetime
    planned_minutes: int
    state: str
    recording: str
    nominal_hours: str
    min_share: str
    needed: bool


class TopicDiscussionView(View):
    """The discussion as a module, after `place` live classes; `asked` published posts complete it."""

    place: int
    needed: bool
    asked: int


class TopicClassView(View):
    """A topic class; `my_place` is the asker's: enrolled, waiting or none.

    `hours`: those planned for `on_completion`, null where each module gives its own. `credit_fixed`: neither can be
    changed any more. `board`: the discussion group in the forum, null for who may not read it.
    """

    id: UUID
    title: str
    about: str
    teacher: Named
    unit: Named
    self_enrolment: bool
    capacity: int | None
    enrolled: int
    waiting: int
    begins_at: datetime
    ends_at: datetime
    state: TopicState
    version: int
    credit: Credit
    hours: str | None
    credit_fixed: bool
    categories: list[Category]
    board: UUID | None
    my_place: Place | None
    completed_at: datetime | None
    may: list[str]


class TopicConditionView(View):
    """A condition in numbers: counts, or shares from 0 to 1."""

    name: str
    reached: str
    asked: str
    met: bool


class TopicLineView(View):
    """A member's progress; `shares` by live class."""

    account: UUID
    name: str
    unit: str
    place: Place
    since: datetime
    shares: dict[UUID, str]
    conditions: list[TopicConditionView]
    complete: bool
    completed_at: datetime | None
    reminded_at: datetime | None


class ClassmateView(View):
    """Somebody who has a place, or waits for one since then."""

    id: UUID
    name: str
    unit: str
    place: Place
    since: datetime


class CandidateView(View):
    """Somebody who may be put on the roster."""

    id: UUID
    name: str
    staff_number: str
    unit: Named


class AnnouncementView(View):
    id: UUID
    author: Named
    text: str
    at: datetime


async def views_of(
    tx: AsyncConnection, found: Sequence[TopicClass], actor: Actor, now: datetime
) -> list[TopicClassView]:
    """Topic classes as `actor` reads them."""
    teachers = await people.many(tx, {each.teacher for each in found})
    return [await _view(tx, each, teachers, actor, now) for each in found]


async def _view(
    tx: AsyncConnection, found: TopicClass, teachers: dict[UUID, people.Person], actor: Actor, now: datetime
) -> TopicClassView:
    roster = await store.members_of(tx, found.id)
    mine = next((each for each in roster if each.account == actor.id), None)
    teacher, unit, target = teachers.get(found.teacher), await units.unit(tx, found.unit), target_of(found)
    abilities = [name for name, power in _MAY.items() if actor.id and may(actor.holdings, power, target, now, actor.id)]
    group = await forum.group_of(tx, found.id)
    enrolled = sum(each.place is Place.ENROLLED for each in roster)
    return TopicClassView(
        id=found.id, title=found.title, about=found.about,
        teacher=Named(id=found.teacher, name=teacher.name if teacher else ""),
        unit=Named(id=found.unit, name=unit.name if unit else ""), self_enrolment=found.self_enrolment,
        capacity=found.capacity, enrolled=enrolled, waiting=len(roster) - enrolled, begins_at=found.begins_at,
        ends_at=found.ends_at, state=found.state, version=found.version, my_place=mine.place if mine else None,
        completed_at=mine.completed_at if mine else None, may=abilities, credit=found.credit,
        hours=hours_text(found.hours) if found.hours is not None else None,
        board=group.id if group and actor.id and reader(actor, now).may(Power.FORUM_READ, group) else None,
        categories=list(found.categories),
        credit_fixed=found.state is not TopicState.DRAFT and (now >= found.begins_at or bool(roster)),
    )  # fmt: skip


async def module_views(tx: AsyncConnection, id: UUID, policies: Policies) -> list[TopicModuleView]:
    """The modules in the order of the plan."""
    modules = await store.modules_of(tx, id)
    lessons = await live.by_ids(tx, [each.class_id for each in modules])
    persons = await people.many(tx, {each.lecturers[0] for each in lessons.values()})
    return [_module(each, lessons[each.class_id], persons, policies) for each in modules]


async def discussion_view(tx: AsyncConnection, found: TopicClass, policies: Policies) -> TopicDiscussionView | None:
    """The discussion where it is a module."""
    talk = await store.discussion_of(tx, found.id)
    if talk is None:
        return None
    asked = posts_asked(policies.in_force(found.begins_at), needed=talk.needed)
    return TopicDiscussionView(place=talk.place, needed=talk.needed, asked=asked)


async def line_views(tx: AsyncConnection, lines: Sequence[Line]) -> list[TopicLineView]:
    """The progress of members."""
    persons = await people.many(tx, [each.member.account for each in lines])
    return [_line(each, persons[each.member.account]) for each in lines]


def condition_views(conditions: Sequence[Condition]) -> list[TopicConditionView]:
    """Conditions of completion, whether met and how far."""
    return [
        TopicConditionView(name=each.name, reached=f"{each.reached:.2f}", asked=f"{each.asked:.2f}", met=each.met)
        for each in conditions
    ]


async def announcement_views(tx: AsyncConnection, found: Sequence[Announcement]) -> list[AnnouncementView]:
    authors = await people.many(tx, {each.author for each in found})
    return [
        AnnouncementView(
            id=each.id, author=Named(id=each.author, name=authors[each.author].name), text=each.text, at=each.at
        )
        for each in found
    ]


def _module(
    found: Module, lesson: LiveClass, persons: dict[UUID, people.Person], policies: Policies
) -> TopicModuleView:
    policy, lecturer = policies.in_force(lesson.starts_at), persons.get(lesson.lecturers[0])
    return TopicModuleView(
        class_id=lesson.id, title=lesson.title, lecturer=lecturer.name if lecturer else "",
        starts_at=lesson.starts_at, planned_minutes=lesson.planned_minutes, state=lesson.state.value,
        recording=lesson.recording, nominal_hours=str(hours_of(lesson.planned_minutes * _MINUTE_MS, policy)),
        min_share=str(policy.live_min_ratio), needed=found.needed,
    )  # fmt: skip


def _line(line: Line, person: people.Person) -> TopicLineView:
    member: Member = line.member
    return TopicLineView(
        account=person.id, name=person.name, unit=person.unit_name, place=member.place, since=member.since,
        shares={class_id: f"{share:.4f}" for class_id, share in line.shares.items()},
        conditions=condition_views(line.conditions),
        complete=line.complete, completed_at=member.completed_at, reminded_at=member.reminded_at,
    )  # fmt: skip
