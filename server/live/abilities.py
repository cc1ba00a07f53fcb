"""What somebody may do with a class at this moment: the power, and a state in which it has a meaning."""

from collections.abc import Callable
from datetime import datetime

from server.base.work import Actor
from server.live.store import LiveClass, Recording
from server.live.targets import target_of
from server.rules.live import ATTENDED, LIVE, Action, State, actions
from server.rules.powers import Power, may
from server.rules.speaking import OPEN, Speaking, open_to

BEFORE = frozenset({State.SCHEDULED, State.WAITING})
OVER = frozenset({State.ENDED, State.CANCELLED})
READY: Recording = "ready"
WITHHELD: Recording = "withheld"
NO_RECORDING: Recording = "none"

_P = Power
_ACTIONS = {
    Action.CANCEL: _P.LIVE_PLAN,
    Action.OPEN: _P.LIVE_RUN,
    Action.REHEARSE: _P.LIVE_RUN,
    Action.START: _P.LIVE_RUN,
    Action.PAUSE: _P.LIVE_RUN,
    Action.RESUME: _P.LIVE_RUN,
    Action.END: _P.LIVE_RUN,
    Action.CUT: _P.LIVE_CUT,
}
_ABILITIES: dict[str, tuple[Power, Callable[[LiveClass], bool]]] = {
    "watch": (_P.LIVE_SEE, lambda lesson: lesson.state in LIVE or lesson.recording == READY),
    "attend": (_P.ATTEND, lambda lesson: lesson.state in ATTENDED and lesson.recording != WITHHELD),
    "edit": (_P.LIVE_PLAN, lambda lesson: lesson.state in BEFORE),
    "staff": (_P.LIVE_STAFF, lambda lesson: lesson.state not in OVER),
    "publish": (_P.LIVE_RUN, lambda lesson: lesson.state in OPEN),
    "encoder_key": (_P.LIVE_RUN, lambda lesson: lesson.state not in OVER),
    "prepared": (_P.LIVE_RUN, lambda lesson: lesson.state not in OVER),
    "speaking": (_P.LIVE_SPEAKING, lambda lesson: lesson.state not in OVER),
    "audience": (_P.LIVE_AUDIENCE, lambda lesson: lesson.state in ATTENDED),
    "report": (_P.LIVE_AUDIENCE, lambda lesson: lesson.state is State.ENDED),
}


def speaking_of(lesson: LiveClass) -> Speaking:
    """The speaking area of a class as the rules know it."""
    return Speaking(lesson.state, lesson.speaking, lesson.frozen, lesson.slow_s)


def abilities(actor: Actor, lesson: LiveClass, now: datetime) -> list[str]:
    """The names of all that `actor` may do now, as the pages know them."""
    if actor.id is None:
        return []
    account, target = actor.id, target_of(lesson)

    def has(power: Power) -> bool:
        return may(actor.holdings, power, target, now, account)

    found = [name for name, (power, fits) in _ABILITIES.items() if fits(lesson) and has(power)]
    found += [each.value for each in actions(lesson.state) if each in _ACTIONS and has(_ACTIONS[each])]
    if open_to(speaking_of(lesson), runs=account in lesson.staff) and has(Power.SPEAK):
        found.append("speak")
    return sorted(found)
