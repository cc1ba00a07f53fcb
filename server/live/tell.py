"""Who hears of a class: everybody in its room, and its staff."""

from typing import Any
from uuid import UUID

from server.base.work import VISITOR, Work
from server.live.store import LiveClass
from server.live.views import view_of
from server.rules.audience import topic_class_of

_SHOWN = {"title", "starts_at", "planned_minutes", "state", "recording", "nominal_hours"}


def room(class_id: UUID) -> str:
    """The topic of all who are in the room."""
    return f"class:{class_id}"


def staff(class_id: UUID) -> str:
    """The topic of those who run the class or watch over it."""
    return f"class:{class_id}:staff"


def members(topic_class: UUID) -> str:
    """The topic of those who look at a topic class."""
    return f"topic_class:{topic_class}"


async def tell_changed(work: Work, lesson: LiveClass) -> None:
    """The class is no longer as it was; all are told the same, so nothing of what one may do.

    Where it is reserved to a topic class, who looks at that one is told so much of it as stands in the list of modules.
    """
    view = await view_of(work.tx, lesson, VISITOR, work.now, work.services.policies)
    work.push(room(lesson.id), "class.changed", view.model_dump(mode="json", exclude={"may"}))
    if (topic := topic_class_of(lesson.audience_path)) is not None:
        shown = view.model_dump(mode="json", include=_SHOWN)
        about = {"class_id": str(lesson.id), "lecturer": view.lecturer.name}
        work.push(members(topic), "module.changed", shown | about)


def tell_staff(work: Work, class_id: UUID, type: str, data: dict[str, Any]) -> None:
    work.push(staff(class_id), type, data)
