"""Release of clean held posts by the clock, as far as their authors may speak there at that moment (rules §7)."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from uuid import UUID

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.observe import registry
from server.base.work import Work
from server.moderation import pause, sanction, store
from server.moderation.decide import apply
from server.moderation.store import Post
from server.moderation.targets import target_of
from server.people import store as people
from server.rules.conduct import PostAction
from server.rules.powers import Power, may

DESK_AGE = Gauge("jiangtang_desk_age_seconds", "How long the oldest post has waited for a person", registry=registry)

Within = Callable[[AsyncConnection, Collection[UUID]], Awaitable[Mapping[UUID, UUID]]]
"""In which place each of some places lies, where it lies in one."""


async def release(work: Work, within: Within) -> int:
    """Publish clean held posts whose time of waiting is over (`release_minutes`); the number of them.

    Where speaking is paused they wait until it goes on; whose author may not speak there by now, for a person.
    """
    oldest = await store.oldest_waiting(work.tx)
    DESK_AGE.set((work.now - oldest).total_seconds() if oldest else 0)
    due = await store.to_release(work.tx, work.now)
    around = await within(work.tx, {post.place_id for post in due})
    released = 0
    for post in due:
        places = {post.place_id, around.get(post.place_id, post.place_id)}
        paused = list((await pause.active(work.tx, places, work.now)).values())
        if paused:
            ends = [each.until for each in paused if each.until is not None]
            await store.put_off(work.tx, post.id, max(ends) if len(ends) == len(paused) else None)
        elif not await _may_speak(work, post, places):
            await store.put_off(work.tx, post.id, None)
        else:
            await apply(work, post, PostAction.RELEASE, None, "policy-release_minutes", None)
            released += 1
    return released


async def _may_speak(work: Work, post: Post, places: Collection[UUID]) -> bool:
    author = await people.person(work.tx, post.author)
    if author is None or not author.active:
        return False
    held = await people.holdings_of(work.tx, author)
    if not may(held, Power.SPEAK, target_of(post), work.now, post.author):
        return False
    return await sanction.silenced(work.tx, post.author, places, work.now) is None
