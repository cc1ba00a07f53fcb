"""Reactions to what happens in a topic class: its members are told, never the text of an announcement."""

from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.notices.tell import About, tell
from server.rules.topic_class import Place
from server.topic_classes import store

KIND = "topic_class"


async def to_one(work: Work, event: Event) -> None:
    """Reaction to `topic_class.enrolled`, `topic_class.admitted` and `topic_class.completed`."""
    await _tell(work, event, [UUID(event.data["account"])])


async def to_named(work: Work, event: Event) -> None:
    """Reaction to `topic_class.reminded`: those who are named."""
    await _tell(work, event, [UUID(each) for each in event.data["accounts"]])


async def to_members(work: Work, event: Event) -> None:
    """Reaction to `topic_class.announced` and `topic_class.ended`: all who have a place."""
    roster = await store.members_of(work.tx, UUID(event.data["topic_class"]))
    await _tell(work, event, [each.account for each in roster if each.place is Place.ENROLLED])


async def _tell(work: Work, event: Event, accounts: list[UUID]) -> None:
    found = await store.by_id(work.tx, UUID(event.data["topic_class"]))
    if found is not None and accounts:
        await tell(work, accounts, About(event.name, KIND, found.id, {"title": found.title}))
