"""A class that is about to begin is told by looking, never by a row for each of its audience."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.clock import rfc3339
from server.base.work import Actor
from server.live import lists
from server.live.store import LiveClass
from server.live.targets import target_of
from server.notices.store import Notice
from server.rules.live import LIVE, State
from server.rules.powers import Power, may

SOON = timedelta(minutes=10)


async def about_to_begin(tx: AsyncConnection, actor: Actor, unit_path: str, now: datetime) -> list[Notice]:
    """Notices `class.soon` of the classes that are for the actor and begin within ten minutes or have.

    Whoever sees classes by a role alone is not told.
    """
    assert actor.id is not None
    coming = await lists.meant_for(tx, actor, unit_path, now - SOON, now + SOON)
    begin = [each for each in coming if each.state in {State.SCHEDULED, State.WAITING, *LIVE}]
    return [_notice(each) for each in begin if may(actor.holdings, Power.LIVE_SEE, target_of(each), now, actor.id)]


def _notice(lesson: LiveClass) -> Notice:
    data = {"title": lesson.title, "starts_at": rfc3339(lesson.starts_at)}
    return Notice(lesson.id, None, None, "class.soon", "class", str(lesson.id), data, lesson.starts_at - SOON)
