"""Who hears of a class: everybody in its room, and its staff."""

from typing import Any
from uuid import UUID

from server.base.work import VISITOR, Work
from server.live.store import LiveClass
from server.live.views import view_of


def room(class_id: UUID) -> str:
    """The topic of all who are in the room."""
    return f"class:{class_id}"


def staff(class_id: UUID) -> str:
    """The topic of those who run the class or watch over it."""
    return f"class:{class_id}:staff"


async def tell_changed(work: Work, lesson: LiveClass) -> None:
    """The class is no longer as it was; all are told the same, so nothing of what one may do."""
    view = await view_of(work.tx, lesson, VISITOR, work.now, work.services.policies)
    work.push(room(lesson.id), "class.changed", view.model_dump(mode="json", exclude={"may"}))


def tell_staff(work: Work, class_id: UUID, type: str, data: dict[str, Any]) -> None:
    work.push(staff(class_id), type, data)
