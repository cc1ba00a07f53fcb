"""A topic class as it is now: found by its id, and changed as it was seen."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.clock import rfc3339
from server.base.work import Work
from server.live.tell import members
from server.people import store as people
from server.rules.refusal import Refusal, unknown
from server.topic_classes import store
from server.topic_classes.store import Seats, TopicClass, TopicState


async def known(tx: AsyncConnection, id: UUID) -> TopicClass:
    """The topic class, or `topic_class.unknown`."""
    found = await store.by_id(tx, id)
    if found is None:
        raise unknown("topic_class")
    return found


def is_studied(found: TopicClass, now: datetime, seats: Seats) -> bool:
    """Whether people study for it, so that how its hours come stays: published, and begun or asked for by somebody."""
    return found.state is not TopicState.DRAFT and (now >= found.begins_at or seats.taken > 0)


def tell_changed(work: Work, id: UUID) -> None:
    """Who looks at the topic class reads it again."""
    work.push(members(id), "topic_class.changed", {"id": str(id)})


async def changed(work: Work, found: TopicClass, **values: Any) -> TopicClass:
    """It with other values, as saved, with who changed it and when."""
    values |= {"changed_by": work.actor.id, "changed_at": work.now}
    if not await store.change(work.tx, found, **store.plain(values)):
        raise Refusal("topic_class.changed", status=412)
    tell_changed(work, found.id)
    return replace(found, version=found.version + 1, **values)


async def running(work: Work, id: UUID, version: int | None = None) -> TopicClass:
    """One that may still be changed, as it was seen at `version`.

    Refuses `topic_class.ended`, and `topic_class.changed` (412) with who changed it meanwhile, and when.
    """
    found = await known(work.tx, id)
    if found.state is TopicState.ENDED:
        raise Refusal("topic_class.ended")
    if version is not None and version != found.version:
        who = await people.person(work.tx, found.changed_by) if found.changed_by else None
        raise Refusal(
            "topic_class.changed", status=412, version=found.version, by=who.name if who else None,
            at=rfc3339(found.changed_at) if found.changed_at else None,
        )  # fmt: skip
    return found
