"""Completion: each condition held against the attendance of a learner, and kept when all are met (rules §3.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance import store as attendance
from server.base.outbox import Event
from server.base.work import Work
from server.live import store as live
from server.live.store import LiveClass
from server.rules.live import State as LiveState
from server.rules.policy import Policies
from server.rules.topic_class import Attended, Condition, Place, conditions, is_complete
from server.topic_classes import store
from server.topic_classes.store import Member, TopicClass, TopicState


@dataclass(frozen=True, slots=True)
class Line:
    """How far a member is: the share of each live class, in the order of the plan, and the conditions."""

    member: Member
    shares: dict[UUID, Decimal]
    conditions: tuple[Condition, ...]

    @property
    def complete(self) -> bool:
        return self.member.completed_at is not None or is_complete(self.conditions)


async def lines(tx: AsyncConnection, found: TopicClass, members: Sequence[Member], policies: Policies) -> list[Line]:
    """How far each of these members is."""
    modules = await store.modules_of(tx, found.id)
    lessons = await live.by_ids(tx, [each.class_id for each in modules])
    held = [each for each in modules if not _is_off(lessons[each.class_id])]
    shares = {each.class_id: await _shares(tx, each.class_id, members) for each in held}
    policy = policies.in_force(found.begins_at)
    made = []
    for member in members:
        own = {each.class_id: shares[each.class_id].get(member.account, Decimal(0)) for each in held}
        attended = [Attended(each.needed, own[each.class_id]) for each in held]
        made.append(Line(member, own, conditions(attended, policy)))
    return made


async def under_way(
    tx: AsyncConnection, account: UUID, now: datetime, policies: Policies
) -> list[tuple[TopicClass, Line]]:
    """The topic classes that somebody is in and that run, with how far he or she is; the one that ends first first."""
    members = await store.memberships(tx, account)
    found = []
    for id, member in members.items():
        topic = await store.by_id(tx, id)
        if topic is None or topic.state is not TopicState.PUBLISHED or member.place is not Place.ENROLLED:
            continue
        if topic.begins_at <= now < topic.ends_at:
            found.append((topic, (await lines(tx, topic, [member], policies))[0]))
    return sorted(found, key=lambda each: each[0].ends_at)


async def attendance_closed(work: Work, event: Event) -> None:
    """Reaction to `attendance.closed`: a member who now meets all conditions has completed the topic class."""
    class_id, account = UUID(event.data["class"]), UUID(event.data["account"])
    module = (await store.modules_by_class(work.tx, [class_id])).get(class_id)
    if module is None:
        return
    found = await store.by_id(work.tx, module.topic_class)
    member = await store.member(work.tx, module.topic_class, account)
    if found is None or member is None or found.state is not TopicState.PUBLISHED or member.completed_at is not None:
        return
    (line,) = await lines(work.tx, found, [member], work.services.policies)
    if member.place is Place.ENROLLED and line.complete:
        await store.change_member(work.tx, member, completed_at=work.now)
        data = {"topic_class": str(found.id), "account": str(account)}
        work.emit(Event("topic_class.completed", str(found.id), data))


async def _shares(tx: AsyncConnection, class_id: UUID, members: Sequence[Member]) -> dict[UUID, Decimal]:
    if len(members) == 1:
        own = await attendance.assessment(tx, members[0].account, class_id)
        return {own.account: own.share} if own else {}
    return {each.account: each.share for each in await attendance.assessments_of_class(tx, class_id)}


def _is_off(lesson: LiveClass) -> bool:
    return lesson.state is LiveState.CANCELLED
