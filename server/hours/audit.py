"""Walks the way to the ledger again: every assessment from raw beats, every total from rows, every chain (rules §4).

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
from server.hours.walk import Walked, classes, walk, walk_class
from server.people import store as people
from server.people.store import Person
from server.rules.ledger import RowKind, verify
from server.rules.merkle import root
from server.rules.policy import Policies
from server.rules.words import Pseudonym

SETTLED = timedelta(minutes=1)
"""The sequencer runs every second: a row without a place for longer is a difference."""

LISTED = 1000
"""Rows without a place that are listed one by one."""

Waiting = set[tuple[UUID, UUID]]
"""Accounts and classes whose evidence is still on its way to the ledger."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored that is not what its evidence says; `about` is a class, a row or a place."""

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
    rows: int
    chains: int
    placed: int
    root: str
    differences: tuple[Difference, ...]

    @property
    def checked(self) -> int:
        """How many figures were computed again."""
        return self.assessments + self.rows

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


async def audit(office: Office, *, beats: bool = True) -> Report:
    """Recompute everything in one view of the data; changes nothing.

    Without `beats` only the ledger itself: hashes, numbers and places of its rows (a thousandth of the time).
    """
    found: list[Difference] = []
    assessments = rows = chains = 0
    async with office.read() as tx:
        waiting = await ledger.underway(tx)
        for class_id in await classes(tx) if beats else ():
            async for walked in walk_class(tx, class_id, office.services.policies):
                assessments += walked.stored is not None
                found += await _of_assessment(tx, walked, waiting)
        async for chain in ledger.chains(tx):
            rows, chains = rows + len(chain), chains + 1
            found += _of_rows(chain)
            found += await _of_evidence(tx, chain) if beats else []
        placed = await ledger.placed(tx)
        found += await _of_order(tx, placed, office.clock.now())
    head = root(leaf_hash for _, leaf_hash in placed).hex()
    return Report(assessments, rows, chains, len(placed), head, tuple(found))


async def check_own(tx: Tx, person: Person, now: datetime, policies: Policies) -> tuple[int, Sequence[Difference]]:
    """The same for one learner: how many figures were computed again, and what differs."""
    found: list[Difference] = []
    waiting = await ledger.underway(tx)
    chain = await ledger.chain(tx, person.pseudonym)
    years = {each.facts.year for each in chain} | set(range(person.joined_at.year, now.year + 2))
    assessed = [each for year in sorted(years) for each in await attendance.assessments_of(tx, person.id, year)]
    for each in assessed:
        walked = await walk(tx, person.id, each.class_id, policies)
        found += await _of_assessment(tx, walked, waiting) if walked else []
    return len(assessed) + len(chain), [*found, *_of_rows(chain), *await _of_evidence(tx, chain)]


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
    held = await ledger.credited(tx, person.pseudonym, class_id)
    expected = stored.hours if stored.year is not None else Decimal(0)
    if held != expected and not await _is_before_a_person(tx, person.pseudonym, class_id, held, expected):
        found.append(Difference("ledger.hours", str(person.pseudonym), str(class_id), str(held), str(expected)))
    return found


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
    """That every credit of a chain has its assessment."""
    found: list[Difference] = []
    person = await people.by_pseudonym(tx, chain[0].facts.learner) if chain else None
    if person is None:
        return found
    credits = {each.facts.activity: each for each in chain if each.facts.kind is RowKind.CREDIT}
    for class_id, entry in credits.items():
        if await attendance.assessment(tx, person.id, class_id) is None:
            hours = str(entry.facts.hours)
            found.append(Difference("ledger.no_evidence", str(person.pseudonym), str(class_id), hours, "0"))
    return found


async def _of_order(tx: Tx, placed: Sequence[tuple[int, bytes]], now: datetime) -> list[Difference]:
    """Places rise by one from 0, and every settled row has one."""
    wrong = [(number, place) for number, (place, _) in enumerate(placed) if place != number][:1]
    found = [Difference("order.place", "", str(place), str(place), str(number)) for number, place in wrong]
    late = await ledger.unplaced(tx, limit=LISTED, until=now - SETTLED)
    return found + [Difference("order.missing", "", str(each), "", "") for each in late]
