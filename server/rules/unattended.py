"""What becomes of a live class when nobody presses a button: it opens, is found lost, ends or is called off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.rules.live import Action, State
from server.rules.policy import Policy

WAITING_ROOM = timedelta(minutes=15)
"""How long before its planned begin a class opens its waiting room by itself."""

SILENT = timedelta(seconds=20)
"""Media says every 5 s that a class is on air; after this long without a word its line is lost."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a class stands, as far as the clock acts on it.

    `heard_at`: when media last said that it is on air; `sending`: whether somebody publishes it now.
    """

    state: State
    starts_at: datetime
    ends_at: datetime
    state_since: datetime
    heard_at: datetime | None = None
    interrupted_since: datetime | None = None
    resumes_at: datetime | None = None
    sending: bool = False


def due(standing: Standing, now: datetime, policy: Policy) -> Action | None:
    """What happens to the class by itself at `now`; nothing in most moments.

    A class without its source for longer than `live_grace_s` ends (rules §2). A pause is meant to last,
    so that one ends only when its time and the planned end have passed and nobody sends any more. A
    class that never began is cancelled when its planned time has gone by in the same way.
    """
    grace = timedelta(seconds=policy.live_grace_s)
    match standing.state:
        case State.SCHEDULED:
            return Action.OPEN if now >= standing.starts_at - WAITING_ROOM else None
        case State.WAITING:
            over = now >= standing.ends_at + grace and not standing.sending
            return Action.CANCEL if over else None
        case State.ON_AIR:
            heard = max(standing.heard_at or standing.state_since, standing.state_since)
            return Action.LOSE if now >= heard + SILENT else None
        case State.INTERRUPTED:
            lost = standing.interrupted_since or standing.state_since
            return Action.END if now >= lost + grace else None
        case State.PAUSED:
            meant = max(standing.ends_at, standing.resumes_at or standing.ends_at, standing.state_since)
            return Action.END if now >= meant + grace and not standing.sending else None
    return None


def time_is_up(standing: Standing, before: datetime, now: datetime) -> bool:
    """Whether the planned end of a class that still goes on lies between two looks at the clock."""
    goes_on = standing.state in {State.ON_AIR, State.PAUSED, State.INTERRUPTED}
    return goes_on and before < standing.ends_at <= now
