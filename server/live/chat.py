"""Speaking in class: its settings, the pause for all, and whether somebody may say something here now (rules §7).

What becomes of a post is the business of moderation; here is only asked who speaks, where and when.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.base.work import Work
from server.live.abilities import OVER, speaking_of
from server.live.state import change, load, note
from server.live.store import LiveClass
from server.live.tell import room, tell_changed
from server.live.watch import check_admitted
from server.moderation import cover, write
from server.moderation import store as posts
from server.moderation.store import Post
from server.moderation.write import Place, Speaker
from server.people import store as people
from server.rules.air import media_ms
from server.rules.conduct import Mode
from server.rules.live import LIVE
from server.rules.refusal import Refusal, unknown
from server.rules.speaking import check

CLASS = "class"


@dataclass(frozen=True, slots=True)
class Settings:
    """Changes of the speaking area; None leaves a setting as it is."""

    mode: Mode | None = None
    slow_s: int | None = None
    frozen: bool | None = None
    cover_minutes: int = 0


async def say(work: Work, class_id: UUID, text: str, draft: UUID) -> Post:
    """Say something in class; the same `draft` sent again after a break is the same post."""
    lesson = await load(work, class_id)
    assert work.actor.id is not None
    speaker = await people.person(work.tx, work.actor.id)
    if speaker is None:
        raise unknown("person")
    if await posts.by_draft(work.tx, speaker.id, draft) is None:
        await check_admitted(work.tx, work.actor, lesson, work.now)
        last = await posts.last_written(work.tx, class_id, speaker.id)
        check(speaking_of(lesson), runs=speaker.id in lesson.staff, last=last, now=work.now)
    return await write.submit(
        work, place_of(lesson, speaker.id), Speaker(speaker.id, role_of(lesson, speaker.id), speaker.unit_path,
        speaker.authority_path), text, draft, media_ms=media_ms(work.now) if lesson.state in LIVE else None,
    )  # fmt: skip


async def regulate(work: Work, class_id: UUID, wanted: Settings) -> LiveClass:
    """Change how one speaks; a pause for all may also cover what was said in the last minutes, until it is over."""
    lesson = await load(work, class_id)
    if lesson.state in OVER:
        raise Refusal("class.wrong_state", state=lesson.state.value, action="speaking")
    values: dict[str, Any] = {"mode": wanted.mode, "slow_s": wanted.slow_s, "frozen": wanted.frozen}
    changed = await change(work, lesson, **{name: value for name, value in values.items() if value is not None})
    await note(work, changed, "speaking", mode=changed.mode.value, slow_s=changed.slow_s, frozen=changed.frozen)
    await work.fail("speaking.after_change")
    settings = {"mode": changed.mode.value, "slow_s": changed.slow_s, "frozen": changed.frozen}
    work.push(room(class_id), "speaking.changed", settings)
    if wanted.frozen and wanted.cover_minutes:
        await cover.hide(work, CLASS, class_id, work.now - timedelta(minutes=wanted.cover_minutes))
    elif lesson.frozen and wanted.frozen is False:
        await cover.show(work, CLASS, class_id)
    await tell_changed(work, changed)
    return changed


def place_of(lesson: LiveClass, speaker: UUID) -> Place:
    """The speaking area as moderation knows it."""
    return Place(
        CLASS, lesson.id, lesson.title, lesson.mode, topic=room(lesson.id), audience_path=lesson.audience_path,
        free=speaker in lesson.staff,
    )  # fmt: skip


def role_of(lesson: LiveClass, account: UUID) -> str:
    """As whom somebody speaks here."""
    if account in lesson.lecturers:
        return "lecturer"
    return "assistant" if account in lesson.assistants else "learner"
