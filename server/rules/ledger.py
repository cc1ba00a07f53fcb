"""The ledger of learning hours: its rows, their canonical leaf and the chain of each learner (rules §4).

A leaf is RFC 8785 JSON of the row's facts with the hash of the row before it in the learner's chain;
its hash is that of a leaf of an RFC 6962 tree. Names and free text are never hashed, only a salted
commitment of them, so that they can be erased and the chain still verifies.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import rfc8785

from server.rules.refusal import Refusal
from server.rules.words import ActivityKind, Nature, Pseudonym

LEAF_VERSION = 1
GENESIS = bytes(32)
"""What stands for the row before the first."""


class RowKind(StrEnum):
    """Kinds of rows; only a credit may come without a person's decision."""

    CREDIT = "credit"
    CORRECTION = "correction"
    REVOCATION = "revocation"
    REINSTATEMENT = "reinstatement"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row says, without its place in the chain.

    `hours` are signed; `evidence` names what it rests on (`assessment:<id>`); `actor` is the
    pseudonym of who decided, None for the platform; `reason` is a code or the salted commitment of
    a text, never the text.
    """

    kind: RowKind
    learner: Pseudonym
    year: int
    hours: Decimal
    nature: Nature
    makeup: bool
    activity_kind: ActivityKind
    activity: UUID
    evidence: str
    policy_version: str
    rules_version: int
    actor: Pseudonym | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A row in its place: the `chain_seq`-th of its learner, from 1."""

    facts: Facts
    chain_seq: int
    previous: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a chain: `hash`, `previous` or `sequence`, at a row."""

    learner: Pseudonym
    chain_seq: int
    fault: str


def leaf(facts: Facts, chain_seq: int, previous: bytes) -> bytes:
    """The canonical text of a row (RFC 8785)."""
    return rfc8785.dumps(
        {
            "v": LEAF_VERSION,
            "rules_version": facts.rules_version,
            "policy_version": facts.policy_version,
            "chain_seq": chain_seq,
            "previous": previous.hex(),
            "kind": facts.kind.value,
            "learner": str(facts.learner),
            "year": facts.year,
            "hours": f"{facts.hours:.2f}",
            "nature": facts.nature.value,
            "makeup": facts.makeup,
            "activity": {"kind": facts.activity_kind.value, "id": str(facts.activity)},
            "evidence": facts.evidence,
            "actor": str(facts.actor) if facts.actor else None,
            "reason": facts.reason,
            "at": instant_text(facts.at),
        }
    )


def append(facts: Facts, last: Row | None) -> Row:
    """The row that follows `last` in its learner's chain."""
    _check(facts)
    chain_seq = last.chain_seq + 1 if last else 1
    previous = last.leaf_hash if last else GENESIS
    return Row(facts, chain_seq, previous, leaf_hash(leaf(facts, chain_seq, previous)))


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf of a Merkle tree (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def commitment(salt: bytes, text: str) -> str:
    """What stands in a leaf for a text that may have to be erased; the salt is erased with the text."""
    return "sha256:" + hashlib.sha256(salt + text.encode()).hexdigest()


def verify(rows: Sequence[Row]) -> tuple[Fault, ...]:
    """All faults of one learner's chain, given in its order; none is the expected answer."""
    found = []
    last: Row | None = None
    for row in rows:
        if row.chain_seq != (last.chain_seq + 1 if last else 1):
            found.append(Fault(row.facts.learner, row.chain_seq, "sequence"))
        if row.previous != (last.leaf_hash if last else GENESIS):
            found.append(Fault(row.facts.learner, row.chain_seq, "previous"))
        if row.leaf_hash != leaf_hash(leaf(row.facts, row.chain_seq, row.previous)):
            found.append(Fault(row.facts.learner, row.chain_seq, "hash"))
        last = row
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of ledger rows; a total is never anything else."""

    required: Decimal
    elective: Decimal

    @property
    def total(self) -> Decimal:
        return self.required + self.elective


def totals(facts: Iterable[Facts]) -> Totals:
    """The sums of the rows given, by nature."""
    sums = {Nature.REQUIRED: Decimal(0), Nature.ELECTIVE: Decimal(0)}
    for each in facts:
        sums[each.nature] += each.hours
    return Totals(sums[Nature.REQUIRED], sums[Nature.ELECTIVE])


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as it stands in a leaf."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _check(facts: Facts) -> None:
    if facts.at.tzinfo is None:
        raise ValueError("an instant without a zone")
    wrong_sign = {
        RowKind.CREDIT: facts.hours <= 0,
        RowKind.CORRECTION: facts.hours == 0,
        RowKind.REVOCATION: facts.hours >= 0,
        RowKind.REINSTATEMENT: facts.hours <= 0,
    }
    if wrong_sign[facts.kind]:
        raise Refusal("ledger.wrong_sign", kind=facts.kind.value, hours=str(facts.hours))
    if facts.kind is not RowKind.CREDIT and not (facts.actor and facts.reason):
        raise Refusal("ledger.no_decision", kind=facts.kind.value)
