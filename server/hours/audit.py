"""Walks the way to the ledger again: every assessment from raw beats, every completion, every chain (rules §4).

The expected answer is no difference. What is still on its way (evidence not yet assessed, an event
not delivered, a row not yet in the common order) is none.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.attendance import store as attendance
from server.base.office import Office
from server.hours.store import Tx, ledger, proposals
from server.hours.store.ledger import Entry
from server.hours.store.proposals import ProposalState
from server.hours.topic import worth_of_class, worth_of_topic_class
from server.hours.walk import Walked, classes, walk, walk_class
from server.people import store as people
from server.people.store import Person
from server.rules.ledger import RowKind, verify
from server.rules.merkle import root
from server.rules.policy import Policies
from server.rules.topic_class import Credit, Place, is_complete
from server.rules.words import ActivityKind, Pseudonym
from server.topic_classes import completions
from server.topic_classes import store as topics
from server.topic_classes.completion import Line, lines
from server.topic_classes.store import TopicClass, TopicState
from server.topic_classes.underway import Waiting, underway

SETTLED = timedelta(minutes=1)
"""The sequencer runs every second: a row without a place for longer is a difference."""

LISTED = 1000
"""Rows without a place that are listed one by one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored that is not what its evidence says; `about` is a (topic) class, a row or a place."""

    what: str
    learner: str
    about: str
    stored: str
    computed: str

    def __str__(self) -> str:
        return f"{self.what} {self.learner} {self.about}: stored {self.stored}, computed {self.computed}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was walked again, and all that differs; `root` is the head of the Merkle tree over the placed rows."""

    assessments: int
    completions: int
    rows: int
    chains: int
    placed: int
    root: str
    differences: tuple[Difference, ...]

    @property
    def checked(self) -> int:
        """How many figures were computed again."""
        return self.assessments + self.completions + self.rows

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


async def audit(office: Office, *, beats: bool = True) -> Report:
    """Recompute everything in one view of the data; changes nothing.

    Without `beats` only the ledger itself: hashes, numbers and places of its rows (a thousandth of the time).
    """
    found: list[Difference] = []
    assessments = completed = rows = chains = 0
    async with office.read() as tx:
        waiting = await underway(tx)
        for class_id in await classes(tx) if beats else ():
            async for walked in walk_class(tx, class_id, office.services.policies):
                assessments += walked.stored is not None
                found += await _of_assessment(tx, walked, waiting)
        for topic in await topics.by_credit(tx, Credit.ON_COMPLETION) if beats else ():
            roster = await topics.members_of(tx, topic.id)
            for line in await lines(tx, topic, roster, office.services.policies):
                completed += line.member.completed_at is not None
                found += await _of_member(tx, topic, line, waiting)
        async for chain in ledger.chains(tx):
            rows, chains = rows + len(chain), chains + 1
            found += _of_rows(chain)
            found += await _of_evidence(tx, chain) if beats else []
        placed = await ledger.placed(tx)
        found += await _of_order(tx, placed, office.clock.now())
    head = root(leaf_hash for _, leaf_hash in placed).hex()
    return Report(assessments, completed, rows, chains, len(placed), head, tuple(found))


async def check_own(tx: Tx, person: Person, now: datetime, policies: Policies) -> tuple[int, Sequence[Difference]]:
    """The same for one learner: how many figures were computed again, and what differs."""
    found: list[Difference] = []
    waiting = await underway(tx)
    chain = await ledger.chain(tx, person.pseudonym)
    years = {each.facts.year for each in chain} | set(range(person.joined_at.year, now.year + 2))
    assessed = [each for year in sorted(years) for each in await attendance.assessments_of(tx, person.id, year)]
    for each in assessed:
        walked = await walk(tx, person.id, each.class_id, policies)
        found += await _of_assessment(tx, walked, waiting) if walked else []
    completed = 0
    for topic in (await topics.by_ids(tx, await topics.memberships(tx, person.id))).values():
        member = await topics.member(tx, topic.id, person.id)
        if member is not None and topic.credit is Credit.ON_COMPLETION:
            (line,) = await lines(tx, topic, [member], policies)
            completed += member.completed_at is not None
            found += await _of_member(tx, topic, line, waiting)
    return len(assessed) + completed + len(chain), [*found, *_of_rows(chain), *await _of_evidence(tx, chain)]


async def _of_assessment(tx: Tx, walked: Walked, waiting: Waiting) -> list[Difference]:
    """Hold a stored assessment against its evidence, and the ledger against the assessment."""
    account, class_id, stored = walked.account, walked.lesson.id, walked.stored
    if not walked.settled or (account, class_id) in waiting:
        return []
    if stored is None:
        return [Difference("assessment.missing", str(account), str(class_id), "", str(walked.assessment.hours))]
    found = [
        Difference(f"assessment.{figure}", str(account), str(class_id), str(was), str(now))
        for figure in ("hours", "verified_ms", "air_ms")
        if (was := getattr(stored.result, figure)) != (now := getattr(walked.assessment, figure))
    ]
    person = await people.person(tx, account)
    if person is None:
        return found
    topic = (await topics.modules_by_class(tx, [class_id])).get(class_id)
    if topic is not None and (account, topic.topic_class) in waiting:
        return found
    expected = await worth_of_class(tx, person, stored) if stored.year is not None else Decimal(0)
    return found + await _of_ledger(tx, person.pseudonym, class_id, expected)


async def _of_member(tx: Tx, topic: TopicClass, line: Line, waiting: Waiting) -> list[Difference]:
    """Hold what is kept of a completion against the conditions now, and the ledger against it."""
    account = line.member.account
    if any((account, each) in waiting for each in (topic.id, *(id for id, _ in line.judged))):
        return []
    met = is_complete(line.conditions)
    stored = await completions.of_member(tx, topic.id, account)
    if stored is None:
        due = met and topic.state is TopicState.PUBLISHED and line.member.place is Place.ENROLLED
        missing = due or line.member.completed_at is not None
        return [Difference("completion.missing", str(account), str(topic.id), "", str(met))] if missing else []
    found = []
    if (stored.complete, stored.conditions) != (met, line.conditions):
        was, now = [" ".join(str(each.reached) for each in of) for of in (stored.conditions, line.conditions)]
        found.append(Difference("completion.conditions", str(account), str(topic.id), was, now))
    person = await people.person(tx, account)
    if person is None:
        return found
    expected = await worth_of_topic_class(tx, person.pseudonym, stored) if stored.year is not None else Decimal(0)
    return found + await _of_ledger(tx, person.pseudonym, topic.id, expected)


async def _of_ledger(tx: Tx, learner: Pseudonym, activity: UUID, expected: Decimal) -> list[Difference]:
    held = await ledger.credited(tx, learner, activity)
    if held == expected or await _is_before_a_person(tx, learner, activity, held, expected):
        return []
    return [Difference("ledger.hours", str(learner), str(activity), str(held), str(expected))]


async def _is_before_a_person(tx: Tx, learner: Pseudonym, class_id: UUID, held: Decimal, assessed: Decimal) -> bool:
    """Whether somebody has to decide about the difference, or has decided to leave it."""
    known = (ProposalState.WAITING, ProposalState.REFUSED)
    made = await proposals.of_activity(tx, learner, class_id)
    return any(each.state in known and (each.held, each.assessed) == (held, assessed) for each in made)


def _of_rows(chain: Sequence[Entry]) -> list[Difference]:
    """Hashes and numbers of a chain."""
    faults = verify([each.row for each in chain])
    return [Difference(f"chain.{each.fault}", str(each.learner), str(each.chain_seq), "", "") for each in faults]


async def _of_evidence(tx: Tx, chain: Sequence[Entry]) -> list[Difference]:
    """That every credit of a chain has its assessment or completion."""
    found: list[Difference] = []
    person = await people.by_pseudonym(tx, chain[0].facts.learner) if chain else None
    if person is None:
        return found
    credits = {each.facts.activity: each for each in chain if each.facts.kind is RowKind.CREDIT}
    for activity, entry in credits.items():
        if not await _has_evidence(tx, person.id, entry):
            hours = str(entry.facts.hours)
            found.append(Difference("ledger.no_evidence", str(person.pseudonym), str(activity), hours, "0"))
    return found


async def _has_evidence(tx: Tx, account: UUID, entry: Entry) -> bool:
    activity = entry.facts.activity
    if entry.facts.activity_kind is ActivityKind.TOPIC_CLASS:
        return await completions.of_member(tx, activity, account) is not None
    return await attendance.assessment(tx, account, activity) is not None


async def _of_order(tx: Tx, placed: Sequence[tuple[int, bytes]], now: datetime) -> list[Difference]:
    """Places rise by one from 0, and every settled row has one."""
    wrong = [(number, place) for number, (place, _) in enumerate(placed) if place != number][:1]
    found = [Difference("order.place", "", str(place), str(place), str(number)) for number, place in wrong]
    late = await ledger.unplaced(tx, limit=LISTED, until=now - SETTLED)
    return found + [Difference("order.missing", "", str(each), "", "") for each in late]
