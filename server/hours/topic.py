"""What a topic class with `on_completion` does to the hours of its members: once, whole, never twice (rules §3.8)."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from server.attendance.store import StoredAssessment
from server.hours.store import Tx, ledger
from server.people.store import Person
from server.rules.hours import topic_class_hours
from server.rules.topic_class import Credit, Place, gives_own_hours
from server.rules.words import Pseudonym
from server.topic_classes import completions, store
from server.topic_classes.completions import Completion, Judged
from server.topic_classes.store import TopicClass, TopicState


@dataclass(frozen=True, slots=True)
class Counted:
    """A live class that belongs to a topic class with `on_completion` of which the learner is a member.

    `held`: what the ledger holds for the topic class.
    """

    topic: TopicClass
    completion: Completion | None
    held: Decimal

    @property
    def own(self) -> bool:
        """Whether the live class gives hours of its own all the same."""
        complete = self.completion is not None and self.completion.complete
        return gives_own_hours(ended=self.topic.state is TopicState.ENDED, complete=complete, held=self.held)


async def counted(tx: Tx, person: Person, class_id: UUID) -> Counted | None:
    """How a live class counts for a member; None where it counts by itself."""
    module = (await store.modules_by_class(tx, [class_id])).get(class_id)
    topic = await store.by_id(tx, module.topic_class) if module else None
    if topic is None or topic.credit is not Credit.ON_COMPLETION:
        return None
    member = await store.member(tx, topic.id, person.id)
    if member is None or member.place is not Place.ENROLLED:
        return None
    held = await ledger.credited(tx, person.pseudonym, topic.id)
    return Counted(topic, await completions.of_member(tx, topic.id, person.id), held)


async def counted_of(tx: Tx, person: Person, classes: Collection[UUID]) -> set[UUID]:
    """Those of the live classes that are part of a topic class which the learner has completed."""
    modules = await store.modules_by_class(tx, classes)
    return {each for each in modules if await is_counted(tx, person, each)}


async def is_counted(tx: Tx, person: Person, class_id: UUID) -> bool:
    """Whether the live class is part of a topic class that the learner has completed: nothing more comes of it."""
    found = await counted(tx, person, class_id)
    return found is not None and found.completion is not None and found.completion.complete


async def worth_of_class(tx: Tx, person: Person, assessed: StoredAssessment) -> Decimal:
    """What the ledger should hold for a live class; where a topic class counts for it, no more than now."""
    found = await counted(tx, person, assessed.class_id)
    if found is None or found.own:
        return assessed.hours
    return min(await ledger.credited(tx, person.pseudonym, assessed.class_id), assessed.hours)


async def worth_of_topic_class(tx: Tx, learner: Pseudonym, found: Completion) -> Decimal:
    """What the ledger should hold for a topic class: the planned hours less what its live classes have given."""
    return topic_class_hours(found.hours, await by_modules(tx, learner, found.judged), complete=found.complete)


async def by_modules(tx: Tx, learner: Pseudonym, judged: Judged) -> Decimal:
    """What the ledger holds for these live classes."""
    given = await ledger.given_by(tx, [learner], [class_id for class_id, _ in judged])
    return given.get(learner, Decimal(0))
