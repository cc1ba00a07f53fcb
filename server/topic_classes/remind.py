"""A reminder of the class teacher to members who miss something, no oftener than a unit is reminded."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.rules.refusal import Clause, Refusal
from server.rules.topic_class import Place
from server.topic_classes import store
from server.topic_classes.completion import lines
from server.topic_classes.current import known
from server.topic_classes.store import TopicState


async def remind(work: Work, id: UUID, wanted: Collection[UUID] = ()) -> int:
    """Remind those of the members, or all, who have not completed it and were not reminded lately; their number.

    Refuses `topic_class.not_open`, and `topic_class.reminded` where nobody is to be reminded now.
    """
    found = await known(work.tx, id)
    if found.state is not TopicState.PUBLISHED or work.now >= found.ends_at:
        raise Refusal("topic_class.not_open", state=found.state.value)
    days = work.services.policies.in_force(work.now).unit_reminder_days
    since = work.now - timedelta(days=days)
    members = [
        each
        for each in await store.members_of(work.tx, id)
        if each.place is Place.ENROLLED and (not wanted or each.account in wanted)
        if each.reminded_at is None or each.reminded_at <= since
    ]
    missing = [
        each.member for each in await lines(work.tx, found, members, work.services.policies) if not each.complete
    ]
    if not missing:
        raise Refusal("topic_class.reminded", basis=Clause("unit_reminder_days"), days=days)
    for each in missing:
        await store.change_member(work.tx, each, reminded_at=work.now)
    told = {"topic_class": str(id), "accounts": [str(each.account) for each in missing]}
    work.emit(Event("topic_class.reminded", str(id), told))
    return len(missing)
