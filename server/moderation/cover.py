"""Covering: with a pause for all, what was said in the last minutes leaves every screen until the pause is over."""

from datetime import datetime
from uuid import UUID

from server.base.clock import rfc3339
from server.base.work import Work
from server.moderation import store
from server.moderation.tell import tell_place


async def hide(work: Work, kind: str, place_id: UUID, since: datetime) -> None:
    """Cover what learners have said in a place since an instant."""
    await store.cover(work.tx, kind, place_id, since)
    work.push(f"{kind}:{place_id}", "post.covered", {"since": rfc3339(since)})


async def show(work: Work, kind: str, place_id: UUID) -> None:
    """Show again what was covered in a place."""
    for post in await store.uncover(work.tx, kind, place_id):
        await tell_place(work, post)
