"""Planning a topic class: dates, places, credit; a draft until it is published (Articles 7, 9)."""

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
from server.people import units
from server.people.names import words
from server.people.units import Unit
from server.rules.live import check_year
from server.rules.policy import Policy
from server.rules.powers import Power, Role, ScopeKind, reach, within
from server.rules.refusal import Article, Refusal
from server.rules.topic_class import Credit, check_hours
from server.rules.words import Category
from server.topic_classes import completion, enrol, names, store
from server.topic_classes.current import changed, is_studied, running, tell_changed
from server.topic_classes.store import TopicClass, TopicState
from server.topic_classes.tables import TEXT, TITLE
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
        changed_by=work.actor.id,
        changed_at=work.now,
        **values,
    )
    await store.add(work.tx, made)
    await names.give(work, Role.CLASS_TEACHER, [made.teacher], [made.id])
    return made


async def edit(work: Work, id: UUID, version: int, changes: dict[str, Any]) -> TopicClass:
    """Change a plan as it was seen at `version`, and give the places that there are more now to those who wait.

    Refuses `topic_class.changed` (412) where somebody was faster, and `topic_class.credit_fixed` for another credit
    once people study for it.
    """
    found = await running(work, id, version)
    was = Plan(**{name: getattr(found, name) for name in Plan.__slots__})
    wanted = replace(was, **changes)
    moved = (wanted.begins_at, wanted.ends_at) != (was.begins_at, was.ends_at)
    values = _checked(work, wanted, moved=moved)
    is_other = (values["credit"], values["hours"]) != (found.credit, found.hours)
    if is_other and is_studied(found, work.now, await store.seats(work.tx, id)):
        raise Refusal("topic_class.credit_fixed", field="credit")
    edited = await changed(work, found, **values)
    if edited.state is TopicState.PUBLISHED:
        await boards.open_group(work, id, edited.title, edited.unit_path)
        await enrol.move_up(work, edited)
    return edited


async def publish(work: Work, id: UUID) -> TopicClass:
    """From now on its people see it; told twice it stays published."""
    found = await running(work, id)
    if not await store.modules_of(work.tx, id):
        raise Refusal("topic_class.no_module", status=422, field="modules")
    await boards.open_group(work, id, found.title, found.unit_path)
    if found.state is TopicState.PUBLISHED:
        return found
    return await changed(work, found, state=TopicState.PUBLISHED)


async def end_due(work: Work) -> None:
    """Periodic: topic classes whose end has come are over, as soon as all that was studied by then is judged.

    Who has not completed one falls back to the hours of its modules (rules §3.8).
    """
    late = timedelta(seconds=work.services.policies.in_force(work.now).late_beat_s)
    for each in await store.over(work.tx, work.now - late):
        if await _is_settled(work, each) and await store.change(work.tx, each, state=TopicState.ENDED.value):
            tell_changed(work, each.id)
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
