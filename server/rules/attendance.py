"""From evidence to the assessment of one learner in one live class, DVR and replay included (rules §3.4-3.6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from server.rules.checks import voids
from server.rules.evidence import Evidence, replay
from server.rules.hours import live_hours
from server.rules.policy import Policy
from server.rules.presence import Covered, Cut, Presence, Reason
from server.rules.stretches import Stretch, Stretches, difference, intersection, stretch, total_ms, union


class Kind(StrEnum):
    """What became of a stretch of air time."""

    COUNTED = "counted"
    REPAIRED = "repaired"
    VOID = "void"
    CUT = "cut"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of air time and what became of it; the parts of an assessment tile the air time."""

    media: Stretch
    kind: Kind
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one learner has of one live class; stretches are of the media clock, lengths in ms.

    `verified` counts, `missing` is what of the air time does not (yet), `cuts` is evidence that
    brought nothing, with the reason. `hours` are for the whole activity, floored to the quantum.
    """

    verified: Stretches
    repaired: Stretches
    missing: Stretches
    cuts: tuple[Cut, ...]
    air: Stretches
    verified_ms: int
    air_ms: int
    nominal_ms: int
    share: Decimal
    hours: Decimal

    @property
    def missing_ms(self) -> int:
        return self.air_ms - self.verified_ms

    def parts(self) -> tuple[Part, ...]:
        """The air time in its order, each stretch with what became of it (rules §3.10)."""
        seen = difference(self.verified, self.repaired)
        parts = [Part(each, Kind.COUNTED) for each in seen]
        parts += [Part(each, Kind.REPAIRED) for each in self.repaired]
        parts += [Part(each.media, _KINDS.get(each.reason, Kind.CUT), each.reason) for each in self.cuts]
        on_air = [part for part in parts if part.reason is not Reason.OFF_AIR]
        return tuple(sorted(on_air, key=lambda each: each.media))


_KINDS = {Reason.CHECK_MISSED: Kind.VOID, Reason.ABSENT: Kind.OPEN}


def assess(
    evidence: Evidence, air: Iterable[Stretch], planned_minutes: int, policy: Policy, year: Stretch | None = None
) -> Assessment:
    """The assessment as a pure function of evidence, air time and policy.

    `air` holds the stretches really broadcast. `year` is the time on the server's clock in which study
    counts for the class's academic year (rules §5); without it, all does.
    """
    on_air = union(air)
    covered, cuts = _studied(evidence, policy, year)
    verified = intersection(union(each.media for each in covered), on_air)
    air_ms, verified_ms = total_ms(on_air), total_ms(verified)
    worth = live_hours(verified_ms, air_ms, planned_minutes, policy)
    missing = difference(on_air, verified)
    return Assessment(
        verified=verified,
        repaired=_repaired(covered, on_air, verified, policy),
        missing=missing,
        cuts=(*_explained(cuts, missing), *_off_air(covered, on_air)),
        air=on_air,
        verified_ms=verified_ms,
        air_ms=air_ms,
        nominal_ms=worth.nominal_ms,
        share=worth.share,
        hours=worth.hours,
    )


def _studied(evidence: Evidence, policy: Policy, year: Stretch | None) -> tuple[list[Covered], list[Cut]]:
    """What was covered and stays verified, and all that was cut, over the stays of the learner."""
    voided = voids(evidence.checks, evidence.signs)
    whole_time, cuts = laid(evidence, policy)
    covered: list[Covered] = []
    for stay, each in whole_time:
        lost = union(void.when for void in voided if void.stay in (None, stay))
        kept = each.outside(lost)
        cuts += [Cut(part.media, Reason.CHECK_MISSED) for part in each.within(lost)]
        if year is not None:
            cuts += [Cut(part.media, Reason.YEAR) for whole in kept for part in whole.outside((year,))]
            kept = tuple(part for whole in kept for part in whole.within((year,)))
        covered += kept
    return covered, cuts


def laid(evidence: Evidence, policy: Policy) -> tuple[list[tuple[str, Covered]], list[Cut]]:
    """What all stays covered, in the order of time, no instant of the server's clock given out twice."""
    found: list[tuple[str, Covered]] = []
    cuts: list[Cut] = []
    for stay in evidence.stays:
        for verdict in replay(stay, policy, Presence(policy.speed_elective))[1]:
            cuts += verdict.cuts
            found += [(stay.stay, each) for each in verdict.covered]
    found.sort(key=lambda each: each[1].when)
    once: list[tuple[str, Covered]] = []
    spent_ms = 0
    for name, each in found:
        unspent = stretch(spent_ms, each.when.until_ms)
        once += [(name, part) for part in each.within(unspent)]
        cuts += [Cut(part.media, Reason.SECOND_DEVICE) for part in each.outside(unspent)]
        spent_ms = max(spent_ms, each.when.until_ms)
    return once, cuts


def _repaired(covered: list[Covered], on_air: Stretches, verified: Stretches, policy: Policy) -> Stretches:
    """What counts only because it was studied after the class and its late window were over."""
    if not on_air:
        return ()
    over = on_air[-1].until_ms + policy.late_beat_s * 1000
    in_class = union(each.media for each in covered if each.when.from_ms < over)
    return difference(verified, in_class)


def _explained(cuts: list[Cut], missing: Stretches) -> Iterator[Cut]:
    """Every missing stretch with its reason: the first that applied, or that nobody was there."""
    by_reason: dict[Reason, list[Stretch]] = {}
    for cut in cuts:
        parts = intersection((cut.media,), missing)
        by_reason.setdefault(cut.reason, []).extend(parts)
        missing = difference(missing, parts)
    by_reason.setdefault(Reason.ABSENT, []).extend(missing)
    for reason, parts_of_it in by_reason.items():
        yield from (Cut(each, reason) for each in union(parts_of_it))


def _off_air(covered: list[Covered], on_air: Stretches) -> Iterator[Cut]:
    """What was covered while the class, once begun, was not on air."""
    if on_air:
        span = stretch(on_air[0].from_ms, on_air[-1].until_ms)
        outside = difference(intersection(union(each.media for each in covered), span), on_air)
        yield from (Cut(each, Reason.OFF_AIR) for each in outside)
