"""A live class as powers are asked about it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.live import store
from server.live.store import LiveClass
from server.rules.powers import Target, TargetKind


def target_of(lesson: LiveClass) -> Target:
    """What a power over `lesson` depends on."""
    return Target(
        TargetKind.CLASS,
        unit_path=lesson.unit_path,
        class_id=lesson.id,
        audience_path=lesson.audience_path,
        lecturers=frozenset(lesson.lecturers),
        assistants=frozenset(lesson.assistants),
    )


async def class_target(tx: AsyncConnection, *, class_id: UUID, **_: object) -> Target | None:
    """The target of a route with `class_id` in its path."""
    lesson = await store.by_id(tx, class_id)
    return target_of(lesson) if lesson else None


async def topic_target(tx: AsyncConnection, *, id: UUID) -> Target | None:
    """The target of the topics `class:<id>` and `class:<id>:staff`."""
    return await class_target(tx, class_id=id)
