"""A topic class as the pages read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import View
from server.base.shapes import Named, hours_text
from server.base.work import Actor
from server.forum import store as forum
from server.forum.reader import reader
from server.forum.store import Board
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
from server.topic_classes.current import is_studied
from server.topic_classes.store import Announcement, Member, Module, Seats, TopicClass, TopicState
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


class TopicChangeView(View):
    """Who changed the plan, modules included, and when."""

    by: Named
    at: datetime


class TopicClassView(View):
    """A topic class; `my_place` is the asker's: enrolled, waiting or none.

    `hours`: those planned for `on_completion`, null where each module gives its own. `credit_fixed`: neither can be
    changed any more. `board`: the discussion group in the forum, null for who may not read it. `changed`: the last
    change by a person, for who may plan.
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
    changed: TopicChangeView | None
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


@dataclass(frozen=True, slots=True)
class _Around:
    """What the views of some topic classes name, read at once: persons, units, seats, own places, groups."""

    persons: dict[UUID, people.Person]
    units: dict[UUID, str]
    seats: dict[UUID, Seats]
    mine: dict[UUID, Member]
    groups: dict[UUID, Board]

    def named(self, account: UUID) -> Named:
        who = self.persons.get(account)
        return Named(id=account, name=who.name if who else "")


async def views_of(
    tx: AsyncConnection, found: Sequence[TopicClass], actor: Actor, now: datetime
) -> list[TopicClassView]:
    """Topic classes as `actor` reads them."""
    ids = [each.id for each in found]
    around = _Around(
        await people.many(tx, {who for each in found for who in (each.teacher, each.changed_by) if who}),
        await units.names_of(tx, {each.unit for each in found}),
        await store.seats_of(tx, ids),
        await store.memberships(tx, actor.id) if actor.id else {},
        await forum.groups_of(tx, ids),
    )
    return [_view(each, around, actor, now) for each in found]


def _view(found: TopicClass, around: _Around, actor: Actor, now: datetime) -> TopicClassView:
    seats, mine, target = around.seats.get(found.id, Seats()), around.mine.get(found.id), target_of(found)
    abilities = [name for name, power in _MAY.items() if actor.id and may(actor.holdings, power, target, now, actor.id)]
    group = around.groups.get(found.id)
    return TopicClassView(
        id=found.id, title=found.title, about=found.about, teacher=around.named(found.teacher),
        unit=Named(id=found.unit, name=around.units.get(found.unit, "")), self_enrolment=found.self_enrolment,
        capacity=found.capacity, enrolled=seats.enrolled, waiting=seats.waiting, begins_at=found.begins_at,
        ends_at=found.ends_at, state=found.state, version=found.version,
        changed=_change(found, around) if "plan" in abilities else None, my_place=mine.place if mine else None,
        completed_at=mine.completed_at if mine else None, may=abilities, credit=found.credit,
        hours=hours_text(found.hours) if found.hours is not None else None,
        board=group.id if group and actor.id and reader(actor, now).may(Power.FORUM_READ, group) else None,
        categories=list(found.categories),
        credit_fixed=is_studied(found, now, seats),
    )  # fmt: skip


def _change(found: TopicClass, around: _Around) -> TopicChangeView | None:
    if found.changed_by is None or found.changed_at is None:
        return None
    return TopicChangeView(by=around.named(found.changed_by), at=found.changed_at)


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
