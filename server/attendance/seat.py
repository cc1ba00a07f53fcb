"""One stay as the process remembers it between two beats; can be made again from the evidence at any time."""

from dataclasses import dataclass, replace
from uuid import UUID

from server.attendance.store import Stay
from server.rules.attendance import laid
from server.rules.checks import Check, Outcome, Timer, may_ask, voids, wind
from server.rules.evidence import Evidence, replay
from server.rules.policy import Policy
from server.rules.presence import Beat, Covered, Presence, Verdict, advance
from server.rules.stretches import Stretches, total_ms, union, with_more

BURST, PER_S = 200.0, 2.0
"""Beats that one stay may bring at once, and a second on the long run."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A stay, where its beats stand, and what its learner has in the class.

    `covered` is the media studied in all stays of the learner, `verified_ms` how much of it a check or
    sign of activity has verified. `heard_ms` is the receipt of the last beat, `socket` whence it came.
    """

    stay: Stay
    policy: Policy
    presence: Presence
    covered: Stretches
    verified_ms: int
    timer: Timer
    checks: tuple[Check, ...]
    heard_ms: int
    allowance: float = BURST
    socket: str = ""

    @property
    def pending_ms(self) -> int:
        """Studied since the last check or sign, and counted unless the next check is missed."""
        return max(0, total_ms(self.covered) - self.verified_ms)

    @property
    def counting(self) -> bool:
        return self.presence.earns and self.presence.closed is None and not self.presence.ended

    @property
    def waits_for_check(self) -> bool:
        return any(each.outcome is Outcome.WAITING for each in self.checks)

    @property
    def wants_check(self) -> bool:
        """Whether a presence check is to be asked now (rules §3.5)."""
        return self.timer.rung and self.counting and may_ask(self.checks, self.policy)

    def after(self, beats: tuple[Beat, ...], socket: str) -> "tuple[Seat, tuple[Verdict, ...]] | None":
        """The seat after some beats, and the verdict of each; None when they are too many at once."""
        received_ms = max(self.heard_ms, beats[-1].received_ms)
        allowance = min(BURST, self.allowance + (received_ms - self.heard_ms) / 1000 * PER_S) - len(beats)
        if allowance < 0:
            return None
        presence, verdicts = self.presence, []
        for beat in beats:
            presence, verdict = advance(presence, beat, self.policy)
            verdicts.append(verdict)
        parts = [part for verdict in verdicts for part in verdict.covered]
        seat = Seat(
            stay=self.stay,
            policy=self.policy,
            presence=presence,
            covered=with_more(self.covered, [part.media for part in parts]),
            verified_ms=self.verified_ms,
            timer=self.timer.earn(sum([part.when.length_ms for part in parts])),
            checks=self.checks,
            heard_ms=received_ms,
            allowance=allowance,
            socket=socket,
        )
        return seat, tuple(verdicts)

    def active(self, chance: float) -> "Seat":
        """The seat after a sign of activity: the timer of the next check starts anew."""
        return replace(self, timer=wind(chance, self.policy), verified_ms=total_ms(self.covered))


def seat_of(stay: Stay, evidence: Evidence, policy: Policy, chance: float, now_ms: int) -> Seat:
    """The seat of a stay, made from all the evidence of its learner in the class."""
    own = next(each for each in evidence.stays if UUID(each.stay) == stay.id)
    presence, _ = replay(own, policy, Presence(policy.speed_elective))
    parts = _counted(evidence, policy)
    mark = _last_mark(evidence)
    withdrawn = any(each.outcome is Outcome.WITHDRAWN and each.asked_ms >= mark for each in evidence.checks)
    timer = Timer(due_ms=0) if withdrawn else wind(chance, policy)
    before = union(part.media for part in parts if part.when.until_ms <= mark)
    return Seat(
        stay=stay,
        policy=policy,
        presence=presence,
        covered=union(part.media for part in parts),
        verified_ms=total_ms(before),
        timer=timer.earn(sum(part.when.length_ms for part in parts if part.when.from_ms >= mark)),
        checks=evidence.checks,
        heard_ms=own.beats[-1].received_ms if own.beats else now_ms,
    )


def _counted(evidence: Evidence, policy: Policy) -> list[Covered]:
    """What counts, or will once the open dialog of a missed check is answered."""
    lost = union(void.when for void in voids(evidence.checks, evidence.signs) if void.stay is None)
    return [part for _, whole in laid(evidence, policy)[0] for part in whole.outside(lost)]


def _last_mark(evidence: Evidence) -> int:
    """When the timer of the next check last started: with a check that was decided, or a sign of activity."""
    decided = [each.asked_ms for each in evidence.checks if each.outcome is not Outcome.WITHDRAWN]
    return max([*decided, *evidence.signs], default=0)
