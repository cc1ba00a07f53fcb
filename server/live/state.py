"""One step of a class through the table of `rules.live`: checked, saved, logged, told."""

from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.live import store
from server.live.abilities import WITHHELD
from server.live.steer import air_is_due, rehearsal_is_due
from server.live.store import LiveClass, LogLine
from server.live.tell import tell_changed
from server.rules.live import Action, State, advance
from server.rules.refusal import Refusal, unknown

AIR = frozenset({Action.START, Action.PAUSE, Action.RESUME, Action.END, Action.CUT})
"""Steps after which something else should be on air."""


async def load(work: Work, class_id: UUID) -> LiveClass:
    """The class, or `class.unknown`."""
    lesson = await store.by_id(work.tx, class_id)
    if lesson is None:
        raise unknown("class")
    return lesson


async def change(work: Work, lesson: LiveClass, **values: Any) -> LiveClass:
    """The class with other values, as saved; `class.changed` (412) when somebody was faster."""
    row = {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}
    if not await store.change(work.tx, lesson, **row):
        raise Refusal("class.changed", status=412)
    return replace(lesson, version=lesson.version + 1, **values)


async def step(
    work: Work,
    lesson: LiveClass,
    action: Action,
    *,
    basis: str | None = None,
    reason: str | None = None,
    resumes_at: datetime | None = None,
) -> LiveClass:
    """Take one step; `class.wrong_state` (409) where the table has none such."""
    after = advance(lesson.state, action)
    values: dict[str, Any] = {"resumes_at": resumes_at}
    if after is not lesson.state:
        values |= {"state": after, "state_since": work.now}
        values["interrupted_since"] = work.now if after is State.INTERRUPTED else None
    if after is State.ENDED:
        values["ended_at"] = work.now
    if action is Action.CUT:
        values["recording"] = WITHHELD
    changed = await change(work, lesson, **values)
    await note(work, changed, action.value, basis=basis, reason=reason)
    await work.fail("air.after_change")
    await _follow(work, changed, action)
    await tell_changed(work, changed)
    return changed


async def note(
    work: Work, lesson: LiveClass, act: str, *, basis: str | None = None, reason: str | None = None, **data: Any
) -> None:
    """Write down who did what to the class; without an actor it was the line or the clock."""
    await store.log(work.tx, LogLine(lesson.id, work.now, work.actor.id, act, basis, reason, data))


async def _follow(work: Work, lesson: LiveClass, action: Action) -> None:
    """What else has to happen because of the step."""
    if action in AIR:
        air_is_due(work, lesson)
    if action is Action.REHEARSE or (action in {Action.START, Action.CANCEL} and await _was_rehearsed(work, lesson)):
        rehearsal_is_due(work, lesson)
    if lesson.state is State.ENDED:
        work.emit(Event("class.ended", str(lesson.id), {"class": str(lesson.id)}))
    if lesson.state is State.CANCELLED:
        work.emit(Event("class.cancelled", str(lesson.id), {"class": str(lesson.id)}))


async def _was_rehearsed(work: Work, lesson: LiveClass) -> bool:
    return any(line.act == Action.REHEARSE.value for line in await store.log_of(work.tx, lesson.id))
