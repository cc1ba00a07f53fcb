"""Announcements of the class teacher to the members of a topic class."""

from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.rules.refusal import Refusal
from server.topic_classes import store
from server.topic_classes.current import known
from server.topic_classes.store import Announcement


async def announce(work: Work, id: UUID, text: str) -> Announcement:
    """Tell the members something; refuses `topic_class.no_text` for an empty one."""
    assert work.actor.id is not None
    found = await known(work.tx, id)
    said = text.strip()
    if not said:
        raise Refusal("topic_class.no_text", status=422, field="text")
    made = Announcement(work.id(), found.id, work.actor.id, said, work.now)
    await store.announce(work.tx, made)
    work.emit(Event("topic_class.announced", str(found.id), {"topic_class": str(id), "announcement": str(made.id)}))
    return made
