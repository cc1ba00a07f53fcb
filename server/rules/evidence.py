"""What one learner left in one activity, and how it is read again (rules §3, §4)."""

from dataclasses import dataclass

from server.rules.checks import Check
from server.rules.policy import Policy
from server.rules.presence import Beat, Earning, Presence, Verdict, advance, change_earning


@dataclass(frozen=True, slots=True)
class StayEvidence:
    """All that one stay left: its accepted beats and its changes of earning, each in the order of receipt."""

    stay: str
    beats: tuple[Beat, ...]
    earning: tuple[Earning, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that one learner left in one activity; `signs` are instants (ms) at which he or she was active."""

    stays: tuple[StayEvidence, ...]
    checks: tuple[Check, ...] = ()
    signs: tuple[int, ...] = ()


def replay(stay: StayEvidence, policy: Policy, state: Presence) -> tuple[Presence, tuple[Verdict, ...]]:
    """Feed evidence of a stay to `state`: where the stay stands then, and the verdict of every beat."""
    verdicts = []
    changes = list(reversed(stay.earning))
    for beat in stay.beats:
        while changes and changes[-1].at_ms <= beat.received_ms:
            state = change_earning(state, changes.pop())
        state, verdict = advance(state, beat, policy)
        verdicts.append(verdict)
    for change in reversed(changes):
        state = change_earning(state, change)
    return state, tuple(verdicts)
