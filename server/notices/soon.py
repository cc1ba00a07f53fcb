"""A class that is about to begin is told by looking, never by a row for each of its audience."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.clock import rfc3339
from server.base.work import Actor
from server.live import lists
from server.live.store import LiveClass
from server.notices.store import Notice
from server.rules.live import LIVE, State

SOON = timedelta(minutes=10)


async def about_to_begin(tx: AsyncConnection, actor: Actor, unit_path: str, now: datetime) -> list[Notice]:
    """Notices `class.soon` of the classes for `unit_path`, or run by the actor, that begin within ten minutes or have.

    Whoever sees classes by a role alone is not told.
    """
    coming = await lists.between(tx, actor, now, now - SOON, now + SOON)
    mine = [each for each in coming if unit_path.startswith(each.audience_path) or actor.id in each.staff]
    return [_notice(each) for each in mine if each.state in {State.SCHEDULED, State.WAITING, *LIVE}]


def _notice(lesson: LiveClass) -> Notice:
    data = {"title": lesson.title, "starts_at": rfc3339(lesson.starts_at)}
    return Notice(lesson.id, None, None, "class.soon", "class", str(lesson.id), data, lesson.starts_at - SOON)
