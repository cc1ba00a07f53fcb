"""The modules of a topic class in their order: live classes, reserved to its members, and the discussion."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.base.work import Work
from server.live import store as live
from server.live.targets import target_of as live_target
from server.rules.audience import of_topic_class
from server.rules.powers import Power, Role, may
from server.rules.refusal import Refusal
from server.topic_classes import completion, names, store
from server.topic_classes.current import changed, running
from server.topic_classes.store import Discussion, Module, TopicClass, TopicState


@dataclass(frozen=True, slots=True)
class WantedModule:
    """A live class to be a module; completion asks for the needed ones."""

    class_id: UUID
    needed: bool


@dataclass(frozen=True, slots=True)
class WantedDiscussion:
    """The discussion as a module, after so many live classes; needed: completion asks for a published post."""

    place: int
    needed: bool


async def set_modules(
    work: Work, id: UUID, version: int, wanted: Sequence[WantedModule], discussion: WantedDiscussion | None = None
) -> TopicClass:
    """Put these modules, in this order, in the place of those that were seen at `version`.

    A live class is from then on for members only. Refuses `topic_class.changed` (412) where somebody was faster,
    `class.unknown` (422) for one that the actor may not plan, and `topic_class.module_taken` for one that belongs to
    another topic class or has begun already.
    """
    found = await running(work, id, version)
    before = [each.class_id for each in await store.modules_of(work.tx, id)]
    made = [Module(each.class_id, id, place, each.needed) for place, each in enumerate(wanted)]
    named = [each.class_id for each in made]
    for class_id, module in (await store.modules_by_class(work.tx, named)).items():
        if module.topic_class != id:
            raise Refusal("topic_class.module_taken", field="modules", module=str(class_id))
    for class_id in named:
        if class_id not in before:
            await _reserve(work, found, class_id)
    for class_id in before:
        if class_id not in named:
            await _free(work, found, class_id)
    await store.set_modules(work.tx, id, made)
    talk = Discussion(id, min(discussion.place, len(made)), discussion.needed) if discussion else None
    await store.set_discussion(work.tx, id, talk)
    await completion.name_members(work, id)
    return await changed(work, found)


async def discard(work: Work, id: UUID) -> None:
    """Take a draft back; its live classes are again for the people of the unit that holds it.

    Refuses `topic_class.published` for one that people could see, and `topic_class.module_begun`.
    """
    found = await running(work, id)
    if found.state is not TopicState.DRAFT:
        raise Refusal("topic_class.published")
    await set_modules(work, id, found.version, [])
    await names.take(work, Role.CLASS_TEACHER, [found.teacher], [id])
    await store.remove(work.tx, id)


async def _reserve(work: Work, found: TopicClass, class_id: UUID) -> None:
    lesson = await live.by_id(work.tx, class_id)
    account = work.actor.id
    if lesson is None or account is None:
        raise Refusal("class.unknown", status=422, field="modules")
    target = live_target(lesson)
    if account not in lesson.staff and not may(work.actor.holdings, Power.LIVE_PLAN, target, work.now, account):
        raise Refusal("class.unknown", status=422, field="modules")
    if lesson.went_on_air_at is not None:
        raise Refusal("topic_class.module_taken", field="modules", module=str(class_id))
    if not await live.change(work.tx, lesson, audience_unit=None, audience_path=of_topic_class(found.id)):
        raise Refusal("class.changed", status=412)
    await names.give(work, Role.CLASS_TEACHER, [found.teacher], [class_id])
    await names.admit(work, await store.members_of(work.tx, found.id), [class_id])


async def _free(work: Work, found: TopicClass, class_id: UUID) -> None:
    """A class that is no longer a module is for the people of the unit that holds it."""
    lesson = await live.by_id(work.tx, class_id)
    if lesson is None or lesson.went_on_air_at is not None:
        raise Refusal("topic_class.module_begun", field="modules", module=str(class_id))
    if not await live.change(work.tx, lesson, audience_unit=found.unit, audience_path=found.unit_path):
        raise Refusal("class.changed", status=412)
    await names.take(work, Role.CLASS_TEACHER, [found.teacher], [class_id])
    roster = await store.members_of(work.tx, found.id)
    await names.take(work, Role.LEARNER, [each.account for each in roster], [class_id])
