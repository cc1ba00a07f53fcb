"""The first screen of a learner: the classes that come next, the year, and what can be repaired."""

from datetime import date, datetime
from uuid import UUID

from server.attendance import store as attendance
from server.base.api import SIGNED_IN, Ask, Routes, View
from server.hours.record_view import GapView, YearView, gap_views, year_view
from server.hours.store import Tx
from server.hours.views import ClassLine, EntryView, class_line, entry_views
from server.hours.year import record
from server.live import store as live
from server.live.views import ClassView, agenda
from server.moderation import review
from server.moderation.review import Pending
from server.people import store as people
from server.rules.live import State
from server.rules.policy import Policies
from server.rules.refusal import unknown
from server.rules.topic_class import is_attended
from server.rules.year import day_of, year_of
from server.topic_classes import completion
from server.topic_classes.completion import Line
from server.topic_classes.store import TopicClass

routes = Routes("home")


class AppealView(View):
    """A decision against a post of mine: a review may be asked `until` then, or was `asked` and is under way."""

    post: UUID
    place: str
    until: datetime
    asked: bool


class HomeTopicView(View):
    """A topic class under way: modules attended of all; `next` is the first one that still asks for attendance."""

    id: UUID
    title: str
    ends_at: datetime
    attended: int
    modules: int
    complete: bool
    next: ClassLine | None


class HomeView(View):
    """Classes on air, soon (within half an hour, or waiting) and in the next days; the year; its rows; its gaps.

    `appeals`: decisions that are not the last word; `topics`: the topic classes that I am in.
    `first_day`: nothing was ever studied. `counts_for`: the year for which study counts now, None in a December
    that counts for none; `counts_again`: the day from which it does then.
    """

    on_air: list[ClassView]
    soon: list[ClassView]
    next: list[ClassView]
    appeals: list[AppealView]
    topics: list[HomeTopicView]
    year: YearView
    entries: list[EntryView]
    gaps: list[GapView]
    first_day: bool
    counts_for: int | None
    counts_again: date | None


@routes.get("/api/v1/me/home", power=SIGNED_IN, title="What comes next for me, and how my year stands")
async def home(ask: Ask) -> HomeView:
    policies = ask.services.policies
    policy = policies.in_force(ask.now)
    year = day_of(ask.now, policy).year
    counts_for = year_of(ask.now, policy)
    async with ask.read() as tx:
        person = await people.person(tx, ask.me)
        if person is None:
            raise unknown("person")
        found = await record(tx, person, year, ask.now, policies)
        coming = await agenda(tx, ask.actor, ask.now, policies)
        return HomeView(
            on_air=coming.on_air,
            soon=coming.soon,
            next=coming.next,
            appeals=[_appeal(each) for each in await review.pending(tx, ask.me, ask.now, policy)],
            topics=[
                await _topic(tx, topic, line, policies)
                for topic, line in await completion.under_way(tx, ask.me, ask.now, policies)
            ],
            year=year_view(person, found),
            entries=await entry_views(tx, found.entries),
            gaps=await gap_views(tx, found),
            first_day=not found.entries and not await attendance.has_stayed(tx, ask.me),
            counts_for=counts_for,
            counts_again=policy.year_start.of(year + 1) if counts_for is None else None,
        )


def _appeal(found: Pending) -> AppealView:
    return AppealView(post=found.post.id, place=found.post.place_name, until=found.until, asked=found.asked)


async def _topic(tx: Tx, topic: TopicClass, line: Line, policies: Policies) -> HomeTopicView:
    policy = policies.in_force(topic.begins_at)
    missing = [class_id for class_id, share in line.shares.items() if not is_attended(share, policy)]
    lessons = await live.by_ids(tx, missing)
    todo = [lessons[each] for each in missing if lessons[each].state is not State.ENDED or _is_recorded(lessons[each])]
    return HomeTopicView(
        id=topic.id, title=topic.title, ends_at=topic.ends_at, attended=len(line.shares) - len(missing),
        modules=len(line.shares), complete=line.complete, next=class_line(todo[0]) if todo else None,
    )  # fmt: skip


def _is_recorded(lesson: live.LiveClass) -> bool:
    return lesson.recording == "ready"
