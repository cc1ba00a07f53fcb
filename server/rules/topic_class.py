"""What a topic class asks of a learner, and who has a place in it (rules §3.8; Article 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from server.rules.policy import Policy
from server.rules.refusal import Clause, Refusal

DISCUSSION = "discussion_posts"
"""The condition of so many published posts."""


class Credit(StrEnum):
    """How a topic class gives hours: each module its own, or planned ones once for its completion."""

    BY_MODULE = "by_module"
    ON_COMPLETION = "on_completion"


class Place(StrEnum):
    """Whether somebody is in a topic class or waits for a place."""

    ENROLLED = "enrolled"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Attended:
    """One live class of a topic class, as a learner attended it; `share` of its air time, 0 for none."""

    needed: bool
    share: Decimal


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of completion: what is reached and what is asked, as a count or a share."""

    name: str
    reached: Decimal
    asked: Decimal

    @property
    def met(self) -> bool:
        return self.reached >= self.asked


def is_attended(share: Decimal, policy: Policy) -> bool:
    """Whether that share of a live class counts as attended: from there it gives hours."""
    return share >= policy.live_min_ratio


def posts_asked(policy: Policy, *, needed: bool) -> int:
    """How many published posts in the group completion asks for; `needed`: the discussion is a needed module."""
    return max(policy.discussion_posts, int(needed))


def conditions(lessons: Sequence[Attended], policy: Policy, *, posts: int = 0, asked: int = 0) -> tuple[Condition, ...]:
    """The conditions of completion, held against the live classes that were not called off.

    `needed_modules` counts the live classes marked needed; `live_share` is the part of all live classes
    that was attended. Without one there is nothing to complete, and no condition is met. `discussion_posts`
    counts the published posts, where any are `asked`.
    """
    needed = [is_attended(each.share, policy) for each in lessons if each.needed]
    attended = sum(is_attended(each.share, policy) for each in lessons)
    share = Decimal(attended) / len(lessons) if lessons else Decimal(0)
    discussion = (Condition(DISCUSSION, Decimal(posts), Decimal(asked)),) if asked else ()
    return (
        Condition("needed_modules", Decimal(sum(needed)), Decimal(len(needed))),
        Condition("live_share", share, policy.topic_live_share),
        *discussion,
    )


def is_complete(found: Sequence[Condition]) -> bool:
    """Whether every condition is met."""
    return all(each.met for each in found)


def check_hours(credit: Credit, hours: Decimal | None, policy: Policy) -> Decimal | None:
    """The hours planned for completion, None where each module gives its own.

    Refuses `topic_class.hours` for none, for parts of a quantum, and for more than a year asks of a learner.
    """
    if credit is Credit.BY_MODULE:
        return None
    if hours is None or not 0 < hours <= policy.min_total_hours or hours % policy.hour_quantum:
        most = str(policy.min_total_hours)
        raise Refusal("topic_class.hours", basis=Clause("hour_quantum"), status=422, field="hours", most=most)
    return hours


def gives_own_hours(*, ended: bool, complete: bool, held: Decimal) -> bool:
    """Whether a live class of a topic class with `on_completion` gives a member hours of its own.

    None while the topic class goes on, and none to who has completed it or holds (`held`) its hours, so that the
    same content never counts twice. Whoever has not completed it at its end falls back to the classes' own hours.
    """
    return ended and not complete and held <= 0


def place(enrolled: int, capacity: int | None) -> Place:
    """What the next who asks for a place gets; without a capacity there is always one."""
    return Place.ENROLLED if capacity is None or enrolled < capacity else Place.WAITING


def vacancies(enrolled: int, capacity: int | None, waiting: int) -> int:
    """How many of those who wait move up now."""
    return waiting if capacity is None else max(min(capacity - enrolled, waiting), 0)
