"""A live class as powers are asked about it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import Ask
from server.live import store
from server.live.store import LiveClass
from server.rules.powers import Target, TargetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTarget(Target):
    """What a power over a class depends on, with the class itself: who answers need not read it again."""

    lesson: LiveClass


def target_of(lesson: LiveClass) -> ClassTarget:
    """What a power over `lesson` is asked about."""
    return ClassTarget(
        kind=TargetKind.CLASS,
        unit_path=lesson.unit_path,
        class_id=lesson.id,
        audience_path=lesson.audience_path,
        lecturers=frozenset(lesson.lecturers),
        assistants=frozenset(lesson.assistants),
        lesson=lesson,
    )


def lesson_of(ask: Ask) -> LiveClass:
    """The class about which the power was asked, as it was read for that."""
    assert isinstance(ask.target, ClassTarget)
    return ask.target.lesson


async def class_target(tx: AsyncConnection, *, class_id: UUID, **_: object) -> ClassTarget | None:
    """The target of a route with `class_id` in its path."""
    lesson = await store.by_id(tx, class_id)
    return target_of(lesson) if lesson else None


async def topic_target(tx: AsyncConnection, *, id: UUID) -> ClassTarget | None:
    """The target of the topics `class:<id>` and `class:<id>:staff`."""
    return await class_target(tx, class_id=id)
