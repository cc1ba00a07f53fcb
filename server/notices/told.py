"""Reactions: which events a person is told of, and with what; never the text of a post, an answer or a reason."""

from typing import Any
from uuid import UUID

from server.attendance import store as attendance
from server.attendance.store import StoredAssessment
from server.base.clock import rfc3339
from server.base.outbox import Event
from server.base.shapes import hours_text
from server.base.work import Work
from server.hours.store import ledger
from server.hours.topic import is_counted
from server.hours.views import activity_lines
from server.hours.year import repair
from server.live import store as live
from server.live.store import LiveClass
from server.notices.tell import About, replace, tell, tell_audience
from server.people import store as people
from server.rules.topic_class import Place
from server.topic_classes import store as topics

_DECIDED = {
    "published": "post.published",
    "rejected": "post.rejected",
    "blocked": "post.returned",
    "removed": "post.removed",
}


async def class_cancelled(work: Work, event: Event) -> None:
    """Reaction to `class.cancelled`: its audience, by one row, or the members of its topic class; and its staff."""
    await _about_class(work, event, "class.cancelled")


async def class_moved(work: Work, event: Event) -> None:
    """Reaction to `class.moved`: the same; `was` is when it would have begun."""
    await _about_class(work, event, "class.moved", was=event.data["was"])


async def recording_ready(work: Work, event: Event) -> None:
    """Reaction to `recording.ready`: those who were there."""
    lesson = await _lesson(work, event)
    if lesson is not None:
        about = About("recording.ready", "class", lesson.id, _title(lesson))
        await tell(work, await attendance.learners_of(work.tx, lesson.id), about)


async def attendance_closed(work: Work, event: Event) -> None:
    """Reaction to `attendance.closed`: what is missing now, in the place of what was told before."""
    account, class_id = UUID(event.data["account"]), UUID(event.data["class"])
    assessed = await attendance.assessment(work.tx, account, class_id)
    lesson = await live.by_id(work.tx, class_id)
    person = await people.person(work.tx, account)
    whole = person is not None and await is_counted(work.tx, person, class_id)
    about = _missing(work, assessed, lesson) if assessed and lesson and not whole else None
    await replace(work, account, about, "attendance", str(class_id))


async def hours_credited(work: Work, event: Event) -> None:
    """Reaction to `hours.credited`: one notice for each row of the ledger."""
    entry = await ledger.by_id(work.tx, UUID(event.data["entry"]))
    if entry is None:
        return
    lines = await activity_lines(work.tx, [entry.facts.activity])
    about = lines.get(entry.facts.activity)
    data = {"hours": event.data["hours"], "nature": entry.facts.nature.value, "kind": entry.facts.kind.value}
    data |= {"year": str(entry.facts.year), "title": about.title if about else ""}
    await tell(work, [UUID(event.data["account"])], About("hours.credited", "entry", entry.id, data))


async def question_answered(work: Work, event: Event) -> None:
    """Reaction to `question.answered`."""
    class_id = event.data["class"]
    lesson = await live.by_id(work.tx, UUID(class_id)) if class_id else None
    about = About("question.answered", "question", event.subject, {"title": lesson.title if lesson else ""})
    await tell(work, [UUID(event.data["account"])], about)


async def post_decided(work: Work, event: Event) -> None:
    """Reaction to `post.decided`: how it stands now; what follows from a review is told as its answer."""
    told = event.data["action"] not in {None, "overturn"}
    code = _DECIDED.get(event.data["state"]) if told else None
    about = About(code, "post", event.subject, _only(event, "kind", "basis", "place")) if code else None
    await replace(work, UUID(event.data["author"]), about, "post", event.subject)


async def review_settled(work: Work, event: Event) -> None:
    """Reaction to `review.settled`: confirmed or overturned."""
    about = About(f"review.{event.data['outcome']}", "post", event.subject, _only(event, "basis", "place"))
    await tell(work, [UUID(event.data["author"])], about)


async def sanction_begun(work: Work, event: Event) -> None:
    """Reaction to `sanction.begun`."""
    about = About("sanction.begun", "sanction", event.subject, _only(event, "kind", "until", "basis", "place"))
    await tell(work, [UUID(event.data["person"])], about)


async def exemption_given(work: Work, event: Event) -> None:
    """Reaction to `exemption.given`."""
    about = About("exemption.given", "year", event.data["year"], _only(event, "year", "ground", "document"))
    await replace(work, UUID(event.data["account"]), about, "exemption", event.data["year"])


async def exemption_withdrawn(work: Work, event: Event) -> None:
    """Reaction to `exemption.withdrawn`."""
    about = About("exemption.withdrawn", "year", event.data["year"], _only(event, "year"))
    await replace(work, UUID(event.data["account"]), about, "exemption", event.data["year"])


async def device_added(work: Work, event: Event) -> None:
    """Reaction to `device.added`: a sign-in from a device that this person never used."""
    about = About("device.added", "session", event.subject, _only(event, "device", "address"))
    await tell(work, [UUID(event.data["account"])], about)


async def password_changed(work: Work, event: Event) -> None:
    """Reaction to `password.changed`; `own` false when somebody else, or a code, set it anew."""
    about = About("password.changed", "session", "", _only(event, "own"))
    await tell(work, [UUID(event.subject)], about)


async def _about_class(work: Work, event: Event, code: str, **more: Any) -> None:
    lesson = await _lesson(work, event)
    if lesson is None:
        return
    about = About(code, "class", lesson.id, _title(lesson) | {"starts_at": rfc3339(lesson.starts_at)} | more)
    module = (await topics.modules_by_class(work.tx, [lesson.id])).get(lesson.id)
    if module is not None:
        await tell(work, {*lesson.staff, *await _people_of(work, module.topic_class)}, about)
        return
    await tell_audience(work, lesson.audience_path, about)
    staff = await people.many(work.tx, lesson.staff)
    await tell(work, [id for id, each in staff.items() if not each.unit_path.startswith(lesson.audience_path)], about)


async def _people_of(work: Work, topic_class: UUID) -> list[UUID]:
    """Who has a place in a topic class, and its class teacher."""
    found, roster = await topics.by_id(work.tx, topic_class), await topics.members_of(work.tx, topic_class)
    seated = [each.account for each in roster if each.place is Place.ENROLLED]
    return [*seated, *([found.teacher] if found else [])]


def _missing(work: Work, assessed: StoredAssessment, lesson: LiveClass) -> About | None:
    gap = repair(assessed, work.now, work.services.policies)
    if gap is None:
        return None
    data = {"minutes": -(-gap.missing_ms // 60_000), "hours_if_repaired": hours_text(gap.hours_if_repaired)}
    return About("attendance.missing", "class", lesson.id, _title(lesson) | data | {"until": rfc3339(gap.until)})


async def _lesson(work: Work, event: Event) -> LiveClass | None:
    return await live.by_id(work.tx, UUID(event.data["class"]))


def _title(lesson: LiveClass) -> dict[str, Any]:
    return {"title": lesson.title}


def _only(event: Event, *names: str) -> dict[str, Any]:
    return {name: event.data[name] for name in names}
