"""Announcements of the class teacher to the members of a topic class."""

from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.rules.refusal import Refusal
from server.topic_classes import store
from server.topic_classes.current import known
from server.topic_classes.store import Announcement


async def announce(work: Work, id: UUID, text: str, draft: UUID) -> Announcement:
    """Tell the members something, once for each draft; refuses `topic_class.no_text` for an empty one."""
    assert work.actor.id is not None
    found = await known(work.tx, id)
    if (before := await store.announcement_by_draft(work.tx, work.actor.id, draft)) is not None:
        if before.topic_class != id:
            raise Refusal("post.draft_used", status=409)
        return before
    said = text.strip()
    if not said:
        raise Refusal("topic_class.no_text", status=422, field="text")
    made = Announcement(work.id(), found.id, work.actor.id, draft, said, work.now)
    await store.announce(work.tx, made)
    work.emit(Event("topic_class.announced", str(found.id), {"topic_class": str(id), "announcement": str(made.id)}))
    return made
