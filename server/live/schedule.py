"""Planning a class: who teaches what, when, for whom; changed until it begins, or called off (Articles 5, 6, 9)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.base.clock import rfc3339
from server.base.outbox import Event
from server.base.work import Work
from server.live import store
from server.live.abilities import BEFORE, NO_RECORDING
from server.live.staff import check_lecturers, put
from server.live.state import change, load, note, step
from server.live.store import LiveClass
from server.live.tell import tell_changed
from server.people import units
from server.people.names import words
from server.people.units import Unit
from server.rules.audience import topic_class_of
from server.rules.conduct import Mode
from server.rules.live import Action, State, check_year
from server.rules.powers import Power, Target, TargetKind, may
from server.rules.refusal import Refusal
from server.rules.words import Family

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned; `audience_unit` None is for everybody, `min_kbps` the least the studio should send."""

    title: str
    lecturer: UUID
    family: Family
    topic: str | None
    starts_at: datetime
    planned_minutes: int
    audience_unit: UUID | None
    speaking: bool
    mode: Mode
    min_kbps: int | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.planned_minutes)


async def plan(work: Work, wanted: Plan) -> LiveClass:
    """A new class; a refusal names the field at fault."""
    unit = await _holds(work, wanted.audience_unit)
    wanted = await _checked(work, wanted)
    await check_lecturers(work, [wanted.lecturer], wanted.ends_at, "lecturer")
    lesson = _class(work, wanted, unit)
    await store.add(work.tx, lesson)
    await work.fail("plan.after_class")
    await note(work, lesson, "plan")
    return lesson


async def edit(work: Work, class_id: UUID, version: int, changes: dict[str, Any]) -> LiveClass:
    """Change a plan, as it was seen at `version`, until the class begins; `class.changed` (412) otherwise."""
    lesson = await load(work, class_id)
    if lesson.version != version:
        raise Refusal("class.changed", status=412, version=lesson.version)
    if lesson.state not in BEFORE:
        raise Refusal("class.wrong_state", state=lesson.state.value, action="edit")
    changes = _kept_reserved(lesson, changes)
    before = plan_of(lesson)
    wanted: Plan = replace(before, **changes)
    unit = await _holds(work, wanted.audience_unit) if "audience_unit" in changes else None
    wanted = await _checked(
        work, wanted, moved=(wanted.starts_at, wanted.ends_at) != (before.starts_at, before.ends_at)
    )
    values = _values(wanted)
    if unit is not None:
        values |= _places(wanted, unit)
    changed = await change(work, lesson, **values)
    await note(work, changed, "edit", fields=sorted(changes))
    await work.fail("plan.after_change")
    if wanted.starts_at != before.starts_at:
        was = rfc3339(before.starts_at)
        work.emit(Event("class.moved", str(lesson.id), {"class": str(lesson.id), "was": was}))
    if wanted.lecturer != before.lecturer:
        await check_lecturers(work, [wanted.lecturer], wanted.ends_at, "lecturer")
        others = [each for each in changed.lecturers[1:] if each != wanted.lecturer]
        return await put(work, changed, [wanted.lecturer, *others], changed.assistants)
    await tell_changed(work, changed)
    return changed


def _kept_reserved(lesson: LiveClass, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes without an audience for a class that is reserved to a topic class, which alone may release it."""
    if topic_class_of(lesson.audience_path) is None:
        return changes
    if changes.get("audience_unit") is not None:
        raise Refusal("class.reserved", status=409)
    return {name: value for name, value in changes.items() if name != "audience_unit"}


async def cancel(work: Work, class_id: UUID) -> LiveClass:
    """Call a class off before it begins; told twice it stays cancelled."""
    lesson = await load(work, class_id)
    if lesson.state is State.CANCELLED:
        return lesson
    return await step(work, lesson, Action.CANCEL)


def plan_of(lesson: LiveClass) -> Plan:
    """The plan that a class was made from."""
    return Plan(
        title=lesson.title, lecturer=lesson.lecturers[0], family=lesson.family, topic=lesson.topic,
        starts_at=lesson.starts_at, planned_minutes=lesson.planned_minutes, audience_unit=lesson.audience_unit,
        speaking=lesson.speaking, mode=lesson.mode, min_kbps=lesson.min_kbps,
    )  # fmt: skip


async def _holds(work: Work, audience: UUID | None) -> Unit:
    """The unit that holds a class for that audience, over which the actor must be allowed to plan.

    A unit that is out of reach is answered like one that does not exist.
    """
    unit = await units.unit(work.tx, audience) if audience else await units.root(work.tx)
    if work.actor.system and unit is not None:
        return unit
    target = Target(TargetKind.CLASS, unit_path=unit.path) if unit else None
    if target is None or work.actor.id is None or not _may_plan(work, work.actor.id, target):
        if audience is None:
            raise Refusal("power.missing", status=403, power=Power.LIVE_PLAN.value, field="audience_unit")
        raise Refusal("unit.unknown", status=422, field="audience_unit")
    assert unit is not None
    return unit


def _may_plan(work: Work, account: UUID, target: Target) -> bool:
    return may(work.actor.holdings, Power.LIVE_PLAN, target, work.now, account)


async def _checked(work: Work, wanted: Plan, *, moved: bool = True) -> Plan:
    title = words(wanted.title, "title", LONGEST_TITLE)
    if not title:
        raise Refusal("class.no_title", status=422, field="title")
    topic = words(wanted.topic or "", "topic") or None
    if moved:
        if wanted.starts_at < work.now:
            raise Refusal("class.in_past", status=422, field="starts_at")
        check_year(wanted.starts_at, wanted.ends_at, work.services.policies.in_force(wanted.starts_at))
    return replace(wanted, title=title, topic=topic)


def _values(wanted: Plan) -> dict[str, Any]:
    names = ("title", "family", "topic", "starts_at", "planned_minutes", "speaking", "mode", "min_kbps")
    return {name: getattr(wanted, name) for name in names}


def _places(wanted: Plan, unit: Unit) -> dict[str, Any]:
    audience_path = unit.path if wanted.audience_unit else ""
    return {"audience_unit": wanted.audience_unit, "unit_path": unit.path, "audience_path": audience_path}


def _class(work: Work, wanted: Plan, unit: Unit) -> LiveClass:
    return LiveClass(
        id=work.id(), **_values(wanted), **_places(wanted, unit), slow_s=0, frozen=False, state=State.SCHEDULED,
        state_since=work.now, version=1, went_on_air_at=None, heard_at=None, ended_at=None, interrupted_since=None,
        resumes_at=None, recording=NO_RECORDING, planned_by=work.actor.id, planned_at=work.now,
        lecturers=(wanted.lecturer,), assistants=(),
    )  # fmt: skip
