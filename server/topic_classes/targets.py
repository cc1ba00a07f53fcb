"""A topic class as powers are asked about it.

Its people are reached by name: a member and the class teacher hold their role over the topic class itself.
Who may enrol is reached by the unit, as long as enrolment is open.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.rules.audience import of_topic_class
from server.rules.powers import Target, TargetKind
from server.topic_classes import store
from server.topic_classes.store import TopicClass, TopicState


def target_of(found: TopicClass) -> Target:
    """What a power over a topic class depends on."""
    is_open = found.self_enrolment and found.state is TopicState.PUBLISHED
    audience = found.unit_path if is_open else of_topic_class(found.id)
    return Target(TargetKind.TOPIC_CLASS, unit_path=found.unit_path, class_id=found.id, audience_path=audience)


async def topic_class_target(tx: AsyncConnection, *, topic_class_id: UUID, **_: Any) -> Target | None:
    """The target of a route with `topic_class_id` in its path."""
    found = await store.by_id(tx, topic_class_id)
    return target_of(found) if found else None


async def topic_target(tx: AsyncConnection, *, id: UUID) -> Target | None:
    """The target of the topic `topic_class:<id>`."""
    return await topic_class_target(tx, topic_class_id=id)
