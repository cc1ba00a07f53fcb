"""Socket messages of attendance: stays, beats, presence checks."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance import check as checks
from server.attendance import shapes
from server.attendance.figures import LATENCY, STALLS
from server.attendance.open import open_stay
from server.attendance.pages import pages
from server.attendance.receipts import instant
from server.attendance.receive import Receiver
from server.attendance.running import RECEIVER
from server.attendance.store import Stay
from server.attendance.take import rest, take
from server.base.api import SIGNED_IN, Ask, Routes
from server.base.keys import HUB
from server.live.targets import class_target
from server.rules.powers import Power, Target
from server.rules.presence import Beat, Verdict
from server.rules.refusal import unknown

routes = Routes("attendance")
NOUNS = (routes, pages)
"""Messages here, addresses in `pages`."""


async def _activity(tx: AsyncConnection, *, body: shapes.OpenBody) -> Target | None:
    return await class_target(tx, class_id=body.activity.id)


@routes.message("stay.open", power=Power.ATTEND, target=_activity, noun="class", used=False)
async def open_one(ask: Ask, body: shapes.OpenBody) -> shapes.StayView:
    """Begin a visit to a class on this page."""
    receiver, session = _receiver(ask), _session(ask)

    def gone(other: Stay) -> bool:
        seat = receiver.seats.get(other.id)
        if seat is None and ask.office.bus.node:
            return False  # another process may hear it; then the learner chooses
        alive = seat is not None and seat.socket in ask.request.app[HUB].sockets
        return other.session == session and not alive

    stamp = receiver.receipts.stamp()
    opened = await ask.do(open_stay, body.activity.id, body.device, session, stamp, gone)
    other = None
    if opened.other is not None:
        other = shapes.OtherView(device=opened.other.device, since=instant(opened.other_since_ms))
    return await _stay_view(ask, opened.stay.id, opened.earning, other)


@routes.message("stay.take", power=SIGNED_IN)
async def take_one(ask: Ask, body: shapes.StayBody) -> shapes.StayView:
    """Earn here from now on, whichever device did before."""
    stay = await ask.do(take, body.stay, _receiver(ask).receipts.stamp())
    return await _stay_view(ask, stay.id, True, None)


@routes.message("stay.rest", power=SIGNED_IN)
async def rest_one(ask: Ask, body: shapes.RestBody) -> None:
    """Away for a while without reproach, or back."""
    await ask.do(rest, body.stay, body.resting, _receiver(ask).receipts.stamp())


@routes.message("beat.send", power=SIGNED_IN, used=False)
async def beats(ask: Ask, body: shapes.BeatsBody) -> shapes.AckView:
    """Take beats; the answer comes once they are written."""
    receiver = _receiver(ask)
    stamp = receiver.receipts.stamp()
    ack = await receiver.receive(ask.me, body.stay, [_beat(each, stamp) for each in body.beats], _socket(ask))
    if any(each.playing for each in body.beats):
        ask.doorkeeper.attended(_session(ask))
    return shapes.AckView(
        stay=ack.stay,
        acked_seq=ack.acked_seq,
        verdicts=[_verdict(each) for each in ack.verdicts],
        verified_ms=ack.verified_ms,
        pending_ms=ack.pending_ms,
    )


@routes.message("check.shown", power=SIGNED_IN, used=False)
async def check_shown(ask: Ask, body: shapes.CheckBody) -> None:
    """The dialog of a presence check is on the screen."""
    await ask.do(checks.shown, body.check, _receiver(ask).receipts.stamp())


@routes.message("check.answer", power=SIGNED_IN)
async def check_answer(ask: Ask, body: shapes.CheckBody) -> shapes.AnswerView:
    """The learner is there."""
    outcome = await ask.do(checks.answered, body.check, _receiver(ask).receipts.stamp())
    return shapes.AnswerView(check=body.check, outcome=outcome.value)


@routes.message("player.report", power=SIGNED_IN, used=False)
async def report(ask: Ask, body: shapes.ReportBody) -> None:
    """How the picture runs at the learner's; figures only."""
    seat = _receiver(ask).seats.get(body.stay)
    if seat is None or seat.stay.account != ask.me:
        raise unknown("stay")
    STALLS.inc(body.stalls)
    if body.latency_ms is not None:
        LATENCY.observe(body.latency_ms / 1000)


def _receiver(ask: Ask) -> Receiver:
    return ask.request.app[RECEIVER]


def _session(ask: Ask) -> str:
    return ask.session.id if ask.session else ""


def _socket(ask: Ask) -> str:
    return ask.socket.id if ask.socket else ""


async def _stay_view(ask: Ask, stay: UUID, earning: bool, other: shapes.OtherView | None) -> shapes.StayView:
    seat = replace(await _receiver(ask).seat(stay), socket=_socket(ask))
    _receiver(ask).seats.put(seat)
    return shapes.StayView(
        stay=stay,
        earning=earning,
        other=other,
        interval_s=seat.policy.heartbeat_interval_s,
        late_s=seat.policy.late_beat_s,
        verified_ms=seat.verified_ms,
        pending_ms=seat.pending_ms,
    )


def _beat(told: shapes.BeatIn, received_ms: int) -> Beat:
    return Beat(
        seq=told.seq,
        position_ms=told.position_ms,
        rate=round(told.rate, 2),
        since_previous_ms=told.since_previous_ms,
        playing=told.playing,
        visible=told.visible,
        ended=told.ended,
        received_ms=received_ms,
    )


def _verdict(verdict: Verdict) -> shapes.VerdictView:
    reason = verdict.reason.value if verdict.reason else None
    return shapes.VerdictView(seq=verdict.seq, counted_ms=verdict.counted_ms, reason=reason)
