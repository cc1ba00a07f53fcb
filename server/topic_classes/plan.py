"""Planning a topic class: dates, places, live classes in order; a draft until it is published (Articles 7, 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.attendance import store as attendance
from server.base.outbox import Event
from server.base.work import Work
from server.forum import boards
from server.live import store as live
from server.live.targets import target_of as live_target
from server.people import units
from server.people.names import words
from server.people.units import Unit
from server.rules.live import check_year
from server.rules.policy import Policy
from server.rules.powers import Power, Role, ScopeKind, may, reach, within
from server.rules.refusal import Article, Refusal, unknown
from server.rules.topic_class import Credit, check_hours
from server.rules.words import Category
from server.topic_classes import completion, names, store
from server.topic_classes.store import Discussion, Module, TopicClass, TopicState
from server.topic_classes.tables import TEXT, TITLE
from server.topic_classes.targets import by_name
from server.topic_classes.underway import underway


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned; `capacity` None is without a limit, `hours` are those for completion with that credit."""

    title: str
    about: str
    unit: UUID
    self_enrolment: bool
    capacity: int | None
    begins_at: datetime
    ends_at: datetime
    credit: Credit = Credit.BY_MODULE
    hours: Decimal | None = None
    categories: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedModule:
    """A live class to be a module; completion asks for the needed ones."""

    class_id: UUID
    needed: bool


@dataclass(frozen=True, slots=True)
class WantedDiscussion:
    """The discussion as a module, after so many live classes; needed: completion asks for a published post."""

    place: int
    needed: bool


async def load(work: Work, id: UUID) -> TopicClass:
    """The topic class, or `topic_class.unknown`."""
    found = await store.by_id(work.tx, id)
    if found is None:
        raise unknown("topic_class")
    return found


async def plan(work: Work, wanted: Plan) -> TopicClass:
    """A new draft of the actor, who becomes its class teacher."""
    assert work.actor.id is not None
    unit = await _unit(work, wanted.unit)
    values = _checked(work, wanted)
    made = TopicClass(
        id=work.id(),
        teacher=work.actor.id,
        unit=unit.id,
        unit_path=unit.path,
        state=TopicState.DRAFT,
        version=1,
        **values,
    )
    await store.add(work.tx, made)
    await names.give(work, made.teacher, Role.CLASS_TEACHER, made.id)
    return made


async def edit(work: Work, id: UUID, version: int, changes: dict[str, Any]) -> TopicClass:
    """Change a plan as it was seen at `version`; `topic_class.changed` (412) otherwise.

    Refuses `topic_class.credit_fixed` for another credit once people study for it.
    """
    found = await _running(work, id)
    if found.version != version:
        raise Refusal("topic_class.changed", status=412, version=found.version)
    was = Plan(**{name: getattr(found, name) for name in Plan.__slots__})
    wanted = replace(was, **changes)
    moved = (wanted.begins_at, wanted.ends_at) != (was.begins_at, was.ends_at)
    values = _checked(work, wanted, moved=moved)
    if (values["credit"], values["hours"]) != (found.credit, found.hours) and await _is_studied(work, found):
        raise Refusal("topic_class.credit_fixed", field="credit")
    changed = await _changed(work, found, **values)
    if changed.state is TopicState.PUBLISHED:
        await boards.open_group(work, id, changed.title, changed.unit_path)
    return changed


async def set_modules(
    work: Work, id: UUID, wanted: Sequence[WantedModule], discussion: WantedDiscussion | None = None
) -> list[Module]:
    """Put these modules, in this order, in the place of those before; a live class is from then on for members only.

    Refuses `class.unknown` (422) for one that the actor may not plan, and `topic_class.module_taken` for one
    that belongs to another topic class or has begun already.
    """
    found = await _running(work, id)
    before = {each.class_id for each in await store.modules_of(work.tx, id)}
    made = [Module(each.class_id, id, place, each.needed) for place, each in enumerate(wanted)]
    named = {each.class_id for each in made}
    taken = await store.modules_by_class(work.tx, named)
    for class_id, module in taken.items():
        if module.topic_class != id:
            raise Refusal("topic_class.module_taken", field="modules", module=str(class_id))
    for class_id in named - before:
        await _reserve(work, found, class_id)
    for class_id in before - named:
        await _free(work, found, class_id)
    await store.set_modules(work.tx, id, made)
    talk = Discussion(id, min(discussion.place, len(made)), discussion.needed) if discussion else None
    await store.set_discussion(work.tx, id, talk)
    await completion.name_members(work, id)
    return made


async def publish(work: Work, id: UUID) -> TopicClass:
    """From now on its people see it; told twice it stays published."""
    found = await _running(work, id)
    if not await store.modules_of(work.tx, id):
        raise Refusal("topic_class.no_module", status=422, field="modules")
    await boards.open_group(work, id, found.title, found.unit_path)
    if found.state is TopicState.PUBLISHED:
        return found
    return await _changed(work, found, state=TopicState.PUBLISHED)


async def end_due(work: Work) -> None:
    """Periodic: topic classes whose end has come are over, as soon as all that was studied by then is judged.

    Who has not completed one falls back to the hours of its modules (rules §3.8).
    """
    late = timedelta(seconds=work.services.policies.in_force(work.now).late_beat_s)
    for each in await store.over(work.tx, work.now - late):
        if await _is_settled(work, each) and await store.change(work.tx, each, state=TopicState.ENDED.value):
            work.emit(Event("topic_class.ended", str(each.id), {"topic_class": str(each.id)}))
            if each.credit is Credit.ON_COMPLETION:
                roster = await store.members_of(work.tx, each.id)
                completion.name(work, "topic_class.settled", each.id, [one.account for one in roster])


async def _is_settled(work: Work, found: TopicClass) -> bool:
    """Whether none of its live classes is on air or waits for assessments, and no member waits to be judged."""
    lessons = await live.by_ids(work.tx, [each.class_id for each in await store.modules_of(work.tx, found.id)])
    begun = {each.id for each in lessons.values() if each.went_on_air_at is not None}
    return begun == await attendance.closed_of(work.tx, begun) and not {
        about for _, about in await underway(work.tx) if about == found.id or about in begun
    }


async def _is_studied(work: Work, found: TopicClass) -> bool:
    """Whether it is published, and has begun or has somebody on its roster."""
    if found.state is not TopicState.PUBLISHED:
        return False
    return work.now >= found.begins_at or bool(await store.members_of(work.tx, found.id))


async def _running(work: Work, id: UUID) -> TopicClass:
    found = await load(work, id)
    if found.state is TopicState.ENDED:
        raise Refusal("topic_class.ended")
    return found


async def _unit(work: Work, id: UUID) -> Unit:
    """The unit that holds it, over which the actor may plan; out of reach it is like one that does not exist."""
    unit = await units.unit(work.tx, id)
    scopes = reach(work.actor.holdings, Power.TOPIC_PLAN, work.now)
    tops = [each for each in scopes if each.kind in (ScopeKind.ALL, ScopeKind.UNIT)]
    if unit is None or not any(each.kind is ScopeKind.ALL or within(unit.path, each.path) for each in tops):
        raise Refusal("unit.unknown", status=422, field="unit")
    return unit


def _checked(work: Work, wanted: Plan, *, moved: bool = True) -> dict[str, Any]:
    """What is kept of a plan; dates that stay as they were are not judged again."""
    title = words(wanted.title, "title", TITLE)
    if not title:
        raise Refusal("class.no_title", status=422, field="title")
    policy = work.services.policies.in_force(wanted.begins_at)
    if moved:
        _check_dates(work, wanted, policy)
    about = wanted.about.strip()[:TEXT]
    values = {name: getattr(wanted, name) for name in Plan.__slots__ if name != "unit"}
    return values | {"title": title, "about": about, "hours": check_hours(wanted.credit, wanted.hours, policy)}


def _check_dates(work: Work, wanted: Plan, policy: Policy) -> None:
    if wanted.begins_at >= wanted.ends_at or wanted.ends_at <= work.now:
        raise Refusal("topic_class.dates", status=422, field="ends_at")
    if check_year(wanted.begins_at, wanted.ends_at, policy) != check_year(wanted.ends_at, wanted.ends_at, policy):
        raise Refusal("topic_class.two_years", status=422, field="ends_at", basis=Article(9))


async def _reserve(work: Work, found: TopicClass, class_id: UUID) -> None:
    lesson = await live.by_id(work.tx, class_id)
    account = work.actor.id
    if lesson is None or account is None:
        raise Refusal("class.unknown", status=422, field="modules")
    target = live_target(lesson)
    if account not in lesson.staff and not may(work.actor.holdings, Power.LIVE_PLAN, target, work.now, account):
        raise Refusal("class.unknown", status=422, field="modules")
    if lesson.went_on_air_at is not None:
        raise Refusal("topic_class.module_taken", field="modules", module=str(class_id))
    if not await live.change(work.tx, lesson, audience_unit=None, audience_path=by_name(found.id)):
        raise Refusal("class.changed", status=412)
    await names.give(work, found.teacher, Role.CLASS_TEACHER, class_id)
    for each in await store.members_of(work.tx, found.id):
        await names.admit(work, each, [class_id])


async def _free(work: Work, found: TopicClass, class_id: UUID) -> None:
    """A class that is no longer a module is for the people of the unit that holds it."""
    lesson = await live.by_id(work.tx, class_id)
    if lesson is None or lesson.went_on_air_at is not None:
        raise Refusal("topic_class.module_begun", field="modules", module=str(class_id))
    if not await live.change(work.tx, lesson, audience_unit=found.unit, audience_path=found.unit_path):
        raise Refusal("class.changed", status=412)
    for account in [found.teacher, *(each.account for each in await store.members_of(work.tx, found.id))]:
        await names.take(work, account, [class_id])


async def _changed(work: Work, found: TopicClass, **values: Any) -> TopicClass:
    if not await store.change(work.tx, found, **store.plain(values)):
        raise Refusal("topic_class.changed", status=412)
    return replace(found, version=found.version + 1, **values)
