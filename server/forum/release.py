"""Release of held posts by the clock: a thread lies in its board."""

from server.base.work import Work
from server.forum import store
from server.moderation import release as moderation


async def release(work: Work) -> int:
    """Publish clean held posts whose time of waiting is over; the number of them."""
    return await moderation.release(work, store.boards_of)
