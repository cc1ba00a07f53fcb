"""Searching the topic classes: those that have all the words asked for, as far as the asker may know of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Actor
from server.rules.powers import Power, may
from server.topic_classes import store
from server.topic_classes.store import TopicClass
from server.topic_classes.tables import topic_classes, words
from server.topic_classes.targets import target_of

_AT_ONCE = 100


async def search(
    tx: AsyncConnection, actor: Actor, now: datetime, terms: Sequence[str], *, before: int | None, limit: int
) -> tuple[list[TopicClass], int | None]:
    """At most `limit` of them, newest first; the cursor of the next page where there may be one."""
    assert actor.id is not None
    found: list[TopicClass] = []
    while True:
        hits = await words.find(tx, terms, before=before, limit=_AT_ONCE)
        rows = await store.listed(tx, topic_classes.c.id.in_([each.subject for each in hits]))
        by_id = {each.id: each for each in rows}
        for each in hits:
            if may(actor.holdings, Power.TOPIC_SEE, target_of(by_id[each.subject]), now, actor.id):
                found.append(by_id[each.subject])
                if len(found) == limit:
                    return found, each.id
        if len(hits) < _AT_ONCE:
            return found, None
        before = hits[-1].id
