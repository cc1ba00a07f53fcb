"""Completion: each condition held against the attendance of a learner, and kept when all are met (rules §3.8).

Theory of operation. Whatever may change the answer names the members concerned in an event `topic_class.due`, or is
`attendance.closed` of one of them; each is judged then. Completion is written once. Where it gives hours, what it rests
on is kept beside it and judged again with new evidence; `topic_class.assessed` tells the ledger.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance import store as attendance
from server.attendance.store import StoredAssessment
from server.base.outbox import Event
from server.base.work import Work
from server.live import store as live
from server.live.store import LiveClass
from server.moderation import store as posts
from server.rules.live import State as LiveState
from server.rules.policy import RULES_VERSION, Policies, Policy
from server.rules.topic_class import Attended, Condition, Credit, Place, conditions, is_complete, posts_asked
from server.rules.year import year_of
from server.topic_classes import completions, store
from server.topic_classes.completions import Completion, Judged
from server.topic_classes.store import Member, TopicClass, TopicState

MEMBERS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """How far a member is: the share of each live class, in the order of the plan, and the conditions.

    `judged`: the live classes that the conditions are about, each with whether it is needed. `kept`: what a completion
    that gives hours rested on when it was last judged.
    """

    member: Member
    shares: dict[UUID, Decimal]
    conditions: tuple[Condition, ...]
    judged: Judged
    makeup: bool
    kept: Completion | None

    @property
    def complete(self) -> bool:
        return self.member.completed_at is not None or is_complete(self.conditions)


async def lines(tx: AsyncConnection, found: TopicClass, members: Sequence[Member], policies: Policies) -> list[Line]:
    """How far each of these members is; who has completed it is judged by the plan of that time."""
    modules = await store.modules_of(tx, found.id)
    lessons = await live.by_ids(tx, [each.class_id for each in modules])
    planned = tuple((each.class_id, each.needed) for each in modules if not _is_off(lessons[each.class_id]))
    kept = await completions.of_members(tx, found.id, [each.account for each in members])
    known: dict[UUID, dict[UUID, StoredAssessment]] = {each.account: {} for each in members}
    classes = {id for of_one in (planned, *(each.judged for each in kept.values())) for id, _ in of_one}
    for one in await attendance.assessments_in(tx, classes, known):
        known[one.account][one.class_id] = one
    policy = policies.in_force(found.begins_at)
    discussion = await store.discussion_of(tx, found.id)
    asked = posts_asked(policy, needed=discussion is not None and discussion.needed)
    said = await posts.published_in(tx, found.id, list(known))
    made = []
    for member in members:
        of_one = kept.get(member.account)
        spoken = Spoken(said.get(member.account, 0), of_one.asked_posts if of_one else asked)
        made.append(_line(member, planned, of_one, known[member.account], spoken, policy))
    return made


@dataclass(frozen=True, slots=True)
class Spoken:
    """Published posts of a member in the group, and how many are asked for."""

    posts: int
    asked: int


def _line(
    member: Member,
    planned: Judged,
    kept: Completion | None,
    known: dict[UUID, StoredAssessment],
    spoken: Spoken,
    policy: Policy,
) -> Line:
    judged = kept.judged if kept else planned
    shares = {id: known[id].share if id in known else Decimal(0) for id, _ in (*planned, *judged)}
    attended = [Attended(needed, shares[id]) for id, needed in judged]
    makeup = any(known[id].makeup for id, _ in judged if id in known)
    met = conditions(attended, policy, posts=spoken.posts, asked=spoken.asked)
    return Line(member, {id: shares[id] for id, _ in planned}, met, judged, makeup, kept)


async def under_way(
    tx: AsyncConnection, account: UUID, now: datetime, policies: Policies
) -> list[tuple[TopicClass, Line]]:
    """The topic classes that somebody is in and that run, with how far he or she is; the one that ends first first."""
    seats = await store.memberships(tx, account)
    inside = await store.by_ids(tx, [id for id, each in seats.items() if each.place is Place.ENROLLED])
    running = [
        each for each in inside.values() if each.state is TopicState.PUBLISHED and each.begins_at <= now < each.ends_at
    ]
    running.sort(key=lambda each: each.ends_at)
    return [(each, (await lines(tx, each, [seats[each.id]], policies))[0]) for each in running]


async def attendance_closed(work: Work, event: Event) -> None:
    """Reaction to `attendance.closed`: the learner is judged where the class is a module."""
    class_id = UUID(event.data["class"])
    module = (await store.modules_by_class(work.tx, [class_id])).get(class_id)
    if module is not None:
        await _judge(work, module.topic_class, [UUID(event.data["account"])])


async def post_changed(work: Work, event: Event) -> None:
    """Reaction to `post.written`, `post.decided` and `post.changed`: published posts in the group count."""
    post = await posts.by_id(work.tx, UUID(event.subject))
    if post is not None and post.topic_class is not None:
        await _judge(work, post.topic_class, [post.author])


async def class_cancelled(work: Work, event: Event) -> None:
    """Reaction to `class.cancelled`: one live class less that completion asks for."""
    class_id = UUID(event.data["class"])
    module = (await store.modules_by_class(work.tx, [class_id])).get(class_id)
    if module is not None:
        await name_members(work, module.topic_class)


async def joined(work: Work, event: Event) -> None:
    """Reaction to `topic_class.enrolled` and `topic_class.admitted`: who comes again may have met all already."""
    await _judge(work, UUID(event.data["topic_class"]), [UUID(event.data["account"])])


async def judge_due(work: Work, event: Event) -> None:
    """Reaction to `topic_class.due`: judge the members it names."""
    await _judge(work, UUID(event.data["topic_class"]), [UUID(each) for each in event.data["accounts"]])


async def name_members(work: Work, topic_class: UUID) -> None:
    """Ask for all members of a topic class to be judged."""
    roster = await store.members_of(work.tx, topic_class)
    name(work, "topic_class.due", topic_class, (each.account for each in roster if each.place is Place.ENROLLED))


def name(work: Work, event: str, topic_class: UUID, accounts: Iterable[UUID]) -> None:
    """Name members in events of a few each."""
    found = [str(each) for each in sorted(accounts)]
    for start in range(0, len(found), MEMBERS_AT_ONCE):
        data = {"topic_class": str(topic_class), "accounts": found[start : start + MEMBERS_AT_ONCE]}
        work.emit(Event(event, str(topic_class), data))


async def _judge(work: Work, topic_class: UUID, accounts: Collection[UUID]) -> None:
    found = await store.by_id(work.tx, topic_class)
    members = await store.members_among(work.tx, topic_class, accounts)
    enrolled = [each for each in members if each.place is Place.ENROLLED]
    if found is None or not enrolled:
        return
    for line in await lines(work.tx, found, enrolled, work.services.policies):
        if line.member.completed_at is None:
            if found.state is not TopicState.PUBLISHED or not line.complete:
                continue
            await store.change_member(work.tx, line.member, completed_at=work.now)
            data = {"topic_class": str(found.id), "account": str(line.member.account)}
            work.emit(Event("topic_class.completed", str(found.id), data))
        if found.credit is Credit.ON_COMPLETION:
            await _keep(work, found, line)


async def _keep(work: Work, found: TopicClass, line: Line) -> None:
    """Keep what the completion rests on now, and tell the ledger where that is new."""
    before = line.kept
    made = _completion(work, found, line)
    if before is not None and replace(made, id=before.id, version=before.version, at=before.at) == before:
        return
    await completions.save(work.tx, made)
    await work.fail("completion.after_save")
    data = {"topic_class": str(found.id), "account": str(made.account), "completion": str(made.id)}
    work.emit(Event("topic_class.assessed", str(found.id), data))


def _completion(work: Work, found: TopicClass, line: Line) -> Completion:
    before = line.kept
    policy = work.services.policies.in_force(found.begins_at)
    return Completion(
        id=before.id if before else work.id(),
        topic_class=found.id,
        account=line.member.account,
        version=before.version + 1 if before else 1,
        complete=is_complete(line.conditions),
        hours=found.hours or Decimal(0),
        conditions=line.conditions,
        judged=line.judged,
        year=year_of(found.begins_at, policy),
        makeup=line.makeup,
        policy_version=policy.version,
        rules_version=RULES_VERSION,
        at=work.now,
    )


def _is_off(lesson: LiveClass) -> bool:
    return lesson.state is LiveState.CANCELLED
