"""Going on air and off it: open, rehearse, start, pause, resume, end, cut (rules §7).

Who presses a button a second time, or at the same moment as somebody else, gets the class as it then
is: one effect, two answers.
"""

from datetime import timedelta
from uuid import UUID

from server.base.work import Work
from server.live import publish_store
from server.live.abilities import WITHHELD
from server.live.state import change, load, note, step
from server.live.steer import air_is_due
from server.live.store import LiveClass
from server.live.tell import tell_changed
from server.rules.live import Action, State
from server.rules.refusal import Refusal


async def open_waiting_room(work: Work, class_id: UUID) -> LiveClass:
    """Let learners in before the begin."""
    return await _once(work, await load(work, class_id), Action.OPEN, State.WAITING)


async def rehearse(work: Work, class_id: UUID) -> LiveClass:
    """试播: on air for the staff alone, neither recorded nor counted, until the class begins."""
    return await step(work, await load(work, class_id), Action.REHEARSE)


async def start(work: Work, class_id: UUID) -> LiveClass:
    """Go on air with what is published; `class.no_line` while nobody sends."""
    lesson = await load(work, class_id)
    if lesson.state is State.WAITING:
        await _needs_line(work, lesson)
    return await _once(work, lesson, Action.START, State.ON_AIR)


async def pause(work: Work, class_id: UUID, minutes: int | None = None) -> LiveClass:
    """课间休息, with the minutes after which it goes on where they are known; a pause is no air time."""
    lesson = await load(work, class_id)
    if lesson.state is State.PAUSED:
        return lesson
    resumes_at = work.now + timedelta(minutes=minutes) if minutes else None
    return await step(work, lesson, Action.PAUSE, resumes_at=resumes_at)


async def resume(work: Work, class_id: UUID) -> LiveClass:
    """Go on after a pause; `class.no_line` while nobody sends."""
    lesson = await load(work, class_id)
    if lesson.state is State.PAUSED:
        await _needs_line(work, lesson)
    return await _once(work, lesson, Action.RESUME, State.ON_AIR)


async def end(work: Work, class_id: UUID) -> LiveClass:
    """The class is over and can't be opened again."""
    return await _once(work, await load(work, class_id), Action.END, State.ENDED)


async def cut(work: Work, class_id: UUID, basis: str, reason: str) -> LiveClass:
    """断播: off the air at once, the recording withheld and sealed; the hours of what was aired stand.

    Of a class that has just ended, what is left to do is to withhold the recording.
    """
    lesson = await load(work, class_id)
    if lesson.state is not State.ENDED:
        return await step(work, lesson, Action.CUT, basis=basis, reason=reason)
    if lesson.recording == WITHHELD:
        return lesson
    withheld = await change(work, lesson, recording=WITHHELD)
    await note(work, withheld, Action.CUT.value, basis=basis, reason=reason)
    await work.fail("air.after_withhold")
    air_is_due(work, withheld)
    await tell_changed(work, withheld)
    return withheld


async def _once(work: Work, lesson: LiveClass, action: Action, after: State) -> LiveClass:
    return lesson if lesson.state is after else await step(work, lesson, action)


async def _needs_line(work: Work, lesson: LiveClass) -> None:
    if lesson.id not in await publish_store.sending(work.tx, [lesson.id], work.now):
        raise Refusal("class.no_line")
