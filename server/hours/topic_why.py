"""Why a topic class gives these hours: conditions with evidence, what its classes gave, the ledger (rules §3.10)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from server.attendance import store as attendance
from server.attendance.store import StoredAssessment
from server.base.api import View
from server.base.shapes import hours_text
from server.hours.store import Tx, ledger
from server.hours.store.ledger import Entry
from server.hours.topic import counted
from server.hours.views import ClassLine, EntryView, class_line, entry_views, share_text
from server.live import store as live
from server.live.store import LiveClass
from server.people.store import Person
from server.rules.hours import topic_class_hours
from server.rules.policy import Policies, Policy
from server.rules.refusal import unknown
from server.rules.topic_class import Credit, is_attended
from server.topic_classes import store
from server.topic_classes.completion import Line, lines
from server.topic_classes.completions import Completion
from server.topic_classes.store import TopicClass
from server.topic_classes.views import TopicConditionView, condition_views


@dataclass(frozen=True, slots=True)
class TopicWhy:
    """Everything behind the hours of one member in one topic class; `given` is what its live classes gave."""

    topic: TopicClass
    line: Line
    completion: Completion | None
    policy: Policy
    lessons: dict[UUID, LiveClass]
    assessed: dict[UUID, StoredAssessment]
    credited: dict[UUID, Decimal]
    given: Decimal
    worth: Decimal
    entries: tuple[Entry, ...]


class TopicPartView(View):
    """A live class of it: the share attended, what it is worth by itself, and what the ledger holds for it.

    `assessed`: it has been judged; its own "why" shows the beats.
    """

    about: ClassLine
    needed: bool
    assessed: bool
    share: str
    attended: bool
    own_hours: str
    credited_hours: str


class TopicWhyView(View):
    """From conditions to hours.

    `hours_planned` is null where each module gives its own; `hours_by_modules` have been subtracted from it;
    `hours` is what the topic class itself gives, which `entries` add up to.
    """

    id: UUID
    title: str
    begins_at: datetime
    ends_at: datetime
    state: str
    credit: Credit
    completed_at: datetime | None
    complete: bool
    conditions: list[TopicConditionView]
    parts: list[TopicPartView]
    hours_planned: str | None
    hours_by_modules: str
    hours: str
    entries: list[EntryView]
    min_share: str
    policy_version: str


class CountedView(View):
    """The topic class that counts for a live class; `own_hours`: the live class gives its own all the same."""

    id: UUID
    title: str
    hours: str
    own_hours: bool


async def topic_why(tx: Tx, person: Person, id: UUID, policies: Policies) -> TopicWhy:
    """The chain for a member; `topic_class.unknown` where there is none or the person is no member."""
    topic, member = await store.by_id(tx, id), await store.member(tx, id, person.id)
    if topic is None or member is None:
        raise unknown("topic_class")
    (line,) = await lines(tx, topic, [member], policies)
    kept = line.kept
    classes = [class_id for class_id, _ in line.judged]
    credited = {each: await ledger.credited(tx, person.pseudonym, each) for each in classes}
    given = sum(credited.values(), Decimal(0))
    return TopicWhy(
        topic=topic,
        line=line,
        completion=kept,
        policy=policies.version(kept.policy_version) if kept else policies.in_force(topic.begins_at),
        lessons=await live.by_ids(tx, classes),
        assessed={each.class_id: each for each in await attendance.assessments_in(tx, classes, [person.id])},
        credited=credited,
        given=given,
        worth=topic_class_hours(kept.hours, given, complete=kept.complete) if kept else Decimal(0),
        entries=tuple(await ledger.of_activity(tx, person.pseudonym, id)),
    )


async def topic_why_view(tx: Tx, why: TopicWhy) -> TopicWhyView:
    topic = why.topic
    return TopicWhyView(
        id=topic.id,
        title=topic.title,
        begins_at=topic.begins_at,
        ends_at=topic.ends_at,
        state=topic.state.value,
        credit=topic.credit,
        completed_at=why.line.member.completed_at,
        complete=why.completion.complete if why.completion else why.line.complete,
        conditions=condition_views(why.line.conditions),
        parts=[_part(why, class_id, needed) for class_id, needed in why.line.judged],
        hours_planned=hours_text(topic.hours) if topic.hours is not None else None,
        hours_by_modules=hours_text(why.given),
        hours=hours_text(why.worth),
        entries=await entry_views(tx, why.entries),
        min_share=str(why.policy.live_min_ratio),
        policy_version=why.policy.version,
    )


async def counted_view(tx: Tx, person: Person, class_id: UUID) -> CountedView | None:
    """The topic class that counts for a live class of a member; None where it counts by itself."""
    found = await counted(tx, person, class_id)
    if found is None:
        return None
    hours = hours_text(found.topic.hours or Decimal(0))
    return CountedView(id=found.topic.id, title=found.topic.title, hours=hours, own_hours=found.own)


def _part(why: TopicWhy, class_id: UUID, needed: bool) -> TopicPartView:
    assessed = why.assessed.get(class_id)
    share = assessed.share if assessed else Decimal(0)
    return TopicPartView(
        about=class_line(why.lessons[class_id]),
        needed=needed,
        assessed=assessed is not None,
        share=share_text(share),
        attended=is_attended(share, why.policy),
        own_hours=hours_text(assessed.hours if assessed else Decimal(0)),
        credited_hours=hours_text(why.credited[class_id]),
    )
