"""From heartbeat to covered stretches: one stay as a state machine (rules §3.1-3.4).

Theory of operation. Two clocks run here. The *server's* clock (receipt times, `received_ms`) says
how much time there was to earn; the *media* clock (`position_ms`) says what was seen in it. Each
beat lays the time since the beat before on the server's clock: `since_previous_ms`, but never more
than the server itself saw pass. So beats that were kept while the line was lost are laid one after
the other into the silence, and no instant is given out twice, however beats arrive. Where that
time may count, the media positions of the two beats say which stretch it covered.

A state is rebuilt from stored evidence by feeding beats and changes of earning again in the order
of their server times; the answer is the same.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from server.rules.policy import Policy
from server.rules.stretches import Stretch, Stretches, difference, intersection, stretch

SLACK_MS = 2000
"""How far a position may run ahead of its time before that is a seek (rules §3.4)."""


class Reason(StrEnum):
    """Why time or media does not count; the value is the key of its words."""

    HIDDEN = "beat.hidden"
    PAUSED = "beat.paused"
    STALLED = "beat.stalled"
    GAP = "beat.gap"
    LATE = "beat.late"
    SEEK = "beat.seek"
    SPEED = "beat.speed"
    EARLY = "beat.early"
    SECOND_DEVICE = "beat.second_device"
    REST = "beat.rest"
    AGAIN = "beat.again"
    ORDER = "beat.order"
    ENDED = "beat.ended"
    CHECK_MISSED = "check.missed"
    OFF_AIR = "class.off_air"
    ABSENT = "beat.absent"
    YEAR = "year.closed"


REFUSED = frozenset({Reason.AGAIN, Reason.ENDED})
"""Reasons for which a beat changes nothing at all."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Beat, version 1, of one stay, with the server's receipt time; all `_ms` are whole milliseconds.

    `position_ms` is the media clock, `rate` the speed of the player, `since_previous_ms` the client's
    monotonic clock. `visible` tells of the whole time since the beat before, `playing` of what follows.
    """

    seq: int
    position_ms: int
    rate: float
    since_previous_ms: int
    playing: bool
    visible: bool
    ended: bool
    received_ms: int


@dataclass(frozen=True, slots=True)
class Earning:
    """From `at_ms` on the stay earns, or does not for the given reason (another device, 暂离)."""

    at_ms: int
    held: Reason | None


@dataclass(frozen=True, slots=True)
class Covered:
    """A stretch of media that was studied, and when, on the server's clock."""

    media: Stretch
    when: Stretch

    def within(self, when: Stretches) -> "tuple[Covered, ...]":
        """The parts that were studied in those times; parts of adjoining times adjoin."""
        if any(each.from_ms <= self.when.from_ms and self.when.until_ms <= each.until_ms for each in when):
            return (self,)
        return tuple(part for each in intersection((self.when,), when) for part in self._part(each))

    def outside(self, when: Stretches) -> "tuple[Covered, ...]":
        """The parts that were not studied in those times."""
        common = intersection((self.when,), when)
        if not common or common == (self.when,):
            return () if common else (self,)
        return tuple(part for each in difference((self.when,), when) for part in self._part(each))

    def _part(self, when: Stretch) -> "tuple[Covered, ...]":
        media = stretch(self._position(when.from_ms), self._position(when.until_ms))
        return tuple(Covered(each, when) for each in media)

    def _position(self, at_ms: int) -> int:
        passed = (at_ms - self.when.from_ms) * self.media.length_ms // self.when.length_ms
        return self.media.from_ms + passed


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of media that passed without counting, and why."""

    media: Stretch
    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one beat brought: stretches covered since the beat before, stretches cut, the reason of a loss."""

    seq: int
    covered: tuple[Covered, ...] = ()
    cuts: tuple[Cut, ...] = ()
    reason: Reason | None = None

    @property
    def counted_ms(self) -> int:
        """Length of the media covered."""
        return sum(each.media.length_ms for each in self.covered)

    @property
    def earned_ms(self) -> int:
        """Time that counted, on the server's clock."""
        return sum(each.when.length_ms for each in self.covered)


@dataclass(frozen=True, slots=True)
class Presence:
    """Where one stay stands after its last beat; small, and made of plain values only.

    `speed` is the top speed of the activity. `at_ms` is the moment on the server's clock up to which
    time was laid; `received_ms` the receipt of the last beat and `before_ms` that of the batch before.
    `closed` says why no interval is open. The stay earns from `earns_from_ms` until `earns_until_ms`.
    """

    speed: Decimal
    seq: int = 0
    at_ms: int = 0
    received_ms: int = 0
    before_ms: int = 0
    position_ms: int = 0
    closed: Reason | None = None
    ended: bool = False
    earns_from_ms: int | None = None
    earns_until_ms: int | None = None
    held: Reason | None = None

    @property
    def earns(self) -> bool:
        return self.earns_from_ms is not None and self.earns_until_ms is None


def change_earning(state: Presence, change: Earning) -> Presence:
    """The state once the stay has begun to earn, or has ceased to."""
    if change.held is None:
        return state if state.earns else replace(state, earns_from_ms=change.at_ms, earns_until_ms=None, held=None)
    until = change.at_ms if state.earns else state.earns_until_ms
    return replace(state, earns_until_ms=until, held=change.held)


def advance(state: Presence, beat: Beat, policy: Policy) -> tuple[Presence, Verdict]:
    """The state after `beat` and what it brought; a receipt that lies before the last one is taken as that."""
    if beat.seq <= state.seq:
        return state, Verdict(beat.seq, reason=Reason.AGAIN)
    if state.ended:
        return state, Verdict(beat.seq, reason=Reason.ENDED)
    if state.seq == 0:
        begun = replace(state, at_ms=beat.received_ms, received_ms=beat.received_ms)
        return _moved(begun, beat, beat.received_ms, beat.received_ms), Verdict(beat.seq)
    if beat.received_ms < state.received_ms:
        beat = replace(beat, received_ms=state.received_ms)
    gap_ms = int(policy.gap_s * 1000)
    start, before = _start(state, beat, gap_ms)
    late = beat.received_ms - before > policy.late_beat_s * 1000
    end = beat.received_ms if late else min(start + beat.since_previous_ms, beat.received_ms)
    verdict = _judge(state, beat, stretch(start, end), late, gap_ms)
    return _moved(state, beat, end, before), verdict


def _start(state: Presence, beat: Beat, gap_ms: int) -> tuple[int, int]:
    """From when on time is laid, and when the batch before was received (rules §3.2).

    What an earlier batch left unused stays usable only as far as one silence that is allowed.
    """
    if beat.received_ms == state.received_ms:
        return state.at_ms, state.before_ms
    return max(state.at_ms, state.received_ms - gap_ms), state.received_ms


def _moved(state: Presence, beat: Beat, at_ms: int, before_ms: int) -> Presence:
    """The state after `beat`: the interval it opens, or why it opens none; never beyond what has been broadcast."""
    return Presence(
        speed=state.speed,
        seq=beat.seq,
        at_ms=at_ms,
        received_ms=beat.received_ms,
        before_ms=before_ms,
        position_ms=min(beat.position_ms, beat.received_ms),
        closed=Reason.PAUSED if not beat.playing else Reason.HIDDEN if not beat.visible else None,
        ended=beat.ended,
        earns_from_ms=state.earns_from_ms,
        earns_until_ms=state.earns_until_ms,
        held=state.held,
    )


def _judge(state: Presence, beat: Beat, when: Stretches, late: bool, gap_ms: int) -> Verdict:
    """What the interval between the last beat, at which `state` stands, and `beat` brought."""
    reach_ms = state.position_ms + (int(when[0].length_ms * state.speed) if when else 0)
    seen = stretch(state.position_ms, min(beat.position_ms, beat.received_ms))
    reason = _lost(state, beat, when, late, gap_ms, reach_ms)
    if reason is not None:
        return Verdict(beat.seq, cuts=tuple(Cut(each, reason) for each in seen), reason=reason)
    if not seen or not when:
        return Verdict(beat.seq, reason=Reason.STALLED if when else None)
    return _split(state, beat.seq, Covered(seen[0], when[0]), reach_ms)


def _split(state: Presence, seq: int, whole: Covered, reach_ms: int) -> Verdict:
    """Cover what the time allows at top speed and what the stay earned; cut the rest."""
    begin, end = whole.media.from_ms, whole.media.until_ms
    if end <= reach_ms and _earned(state, whole.when):
        return Verdict(seq, (whole,))
    quick = tuple(Cut(each, Reason.SPEED) for each in stretch(reach_ms, end))
    covered = Covered(Stretch(begin, min(end, reach_ms)), whole.when)
    earning = _earning(state, whole.when)
    held = tuple(Cut(each.media, state.held or Reason.SECOND_DEVICE) for each in covered.outside(earning))
    cuts = held + quick
    return Verdict(seq, covered.within(earning), cuts, cuts[0].reason if cuts else None)


def _lost(state: Presence, beat: Beat, when: Stretches, late: bool, gap_ms: int, reach_ms: int) -> Reason | None:
    """Why nothing of the interval can count, the plainest reason first."""
    if not beat.visible:
        return Reason.HIDDEN
    if state.closed is not None:
        return state.closed
    if late:
        return Reason.LATE
    if beat.seq != state.seq + 1:
        return Reason.ORDER
    if when and when[0].length_ms > gap_ms:
        return Reason.GAP
    if beat.position_ms > beat.received_ms + SLACK_MS:
        return Reason.EARLY
    if not state.position_ms <= beat.position_ms <= reach_ms + SLACK_MS:
        return Reason.SPEED if Decimal(beat.rate) > state.speed else Reason.SEEK
    return None


def _earned(state: Presence, when: Stretch) -> bool:
    """Whether the stay earned all the time."""
    if state.earns_from_ms is None or state.earns_from_ms > when.from_ms:
        return False
    return state.earns_until_ms is None or state.earns_until_ms >= when.until_ms


def _earning(state: Presence, when: Stretch) -> Stretches:
    if state.earns_from_ms is None:
        return ()
    return stretch(state.earns_from_ms, when.until_ms if state.earns_until_ms is None else state.earns_until_ms)
