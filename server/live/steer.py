"""Orders to media, given outside units: what is on air follows the state of the class, however often it is said.

Theory of operation. A verb that changes what should be on air saves `class.air_due` with the change and
gives the order itself right after the commit, because a cut has to take effect within two seconds. The
event is the guarantee: its reaction reads the class again and repeats the order until media has taken
it. Every order may be given twice, and each is made from the state alone, so neither a lost nor a late
one leaves something on air that should not be.
"""

import asyncio
from contextlib import suppress
from functools import partial
from uuid import UUID

from media.orders import AirCut, AirEnd, AirOpen, AirPause, Order, OrderError, Orders
from server.base.observe import log
from server.base.office import Office
from server.base.outbox import Event, outside
from server.base.work import Work
from server.live import store
from server.live.store import LiveClass
from server.live.streams import stream_of
from server.rules.live import State

AIR_DUE, REHEARSAL_DUE = "class.air_due", "class.rehearsal_due"

AT_ONCE_S = 2.0
WITHIN_S = 5.0
"""Longest wait for media to obey, so that one that hangs does not hold up other events."""

_FOR_GOOD = frozenset({404, 409, 410, 422, 501})
"""Answers of media after which asking again can't help."""

_log = log("steer")


def wanted(lesson: LiveClass) -> Order | None:
    """What should be on air of a class in its state; None before it has begun."""
    stream = stream_of(lesson.id)
    match lesson.state:
        case State.ON_AIR | State.INTERRUPTED:
            return AirOpen(stream=stream, rehearsal=False, low_latency=True)
        case State.PAUSED:
            return AirPause(stream=stream)
        case State.ENDED:
            return AirCut(stream=stream) if lesson.recording == "withheld" else AirEnd(stream=stream)
    return None


def rehearsal_wanted(lesson: LiveClass) -> Order:
    """A rehearsal lasts at most as long as the class waits."""
    if lesson.state is State.WAITING:
        return AirOpen(stream=stream_of(lesson.id), rehearsal=True, low_latency=True)
    return AirEnd(stream=stream_of(lesson.id, rehearsal=True))


def air_is_due(work: Work, lesson: LiveClass) -> None:
    """What is on air has to follow the class: now, and until media has obeyed."""
    work.emit(Event(AIR_DUE, str(lesson.id)))
    _at_once(work, wanted(lesson))


def rehearsal_is_due(work: Work, lesson: LiveClass) -> None:
    """The same for the rehearsal."""
    work.emit(Event(REHEARSAL_DUE, str(lesson.id)))
    _at_once(work, rehearsal_wanted(lesson))


@outside
async def steer(office: Office, event: Event) -> None:
    """Reaction to `class.air_due`."""
    lesson = await _read(office, event)
    if lesson is not None and (order := wanted(lesson)) is not None:
        await give(office.services.orders, order)


@outside
async def steer_rehearsal(office: Office, event: Event) -> None:
    """Reaction to `class.rehearsal_due`."""
    lesson = await _read(office, event)
    if lesson is not None:
        await give(office.services.orders, rehearsal_wanted(lesson))


async def give(orders: Orders, order: Order, within_s: float = WITHIN_S) -> None:
    """Give one order; raises `OrderError` or `TimeoutError` where another try may help."""
    try:
        async with asyncio.timeout(within_s):
            await orders.give(order)
    except OrderError as error:
        if error.status not in _FOR_GOOD:
            raise
        _log.warning("media refuses an order", order=order.name, code=error.code, status=error.status)


def _at_once(work: Work, order: Order | None) -> None:
    if order is not None:
        work.after(partial(_try, work.services.orders, order))


async def _try(orders: Orders, order: Order) -> None:
    with suppress(OrderError, TimeoutError):
        await give(orders, order, AT_ONCE_S)


async def _read(office: Office, event: Event) -> LiveClass | None:
    async with office.read() as tx:
        return await store.by_id(tx, UUID(event.subject))
