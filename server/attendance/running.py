"""What of attendance runs by itself in every process: checks are asked and decided, the audience is counted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import asdict
from uuid import UUID

from aiohttp import web

from server.attendance import store
from server.attendance.audience import Count, headcount
from server.attendance.check import SETTLE_AT_ONCE, ask, settle_due
from server.attendance.close import find_due
from server.attendance.receive import Receiver
from server.base.bus import Message
from server.base.keys import OFFICE
from server.base.observe import FAULTS, log
from server.base.schedule import Every
from server.base.work import SYSTEM
from server.live.audience import COUNTER, Audience, Counter

RECEIVER: web.AppKey[Receiver] = web.AppKey("receiver", Receiver)

EVERY = [Every(2.0, find_due)]
"""What one process does for all (it holds the lease)."""

TICK_S = 1.0
AUDIENCE_EVERY = 5
"""Ticks between two counts of the audience."""

FRESH_MS = 1000
"""Age up to which a count is shown to those who enter."""

_log = log("attendance")


def attach(app: web.Application) -> None:
    """Give an application its receiver of beats and what runs beside it."""
    receiver = app[RECEIVER] = Receiver(app[OFFICE])
    app[COUNTER] = Counter(Headcount(receiver).audience)
    app.cleanup_ctx.append(_run)


async def tick(receiver: Receiver) -> None:
    """Ask the checks that are due and decide those whose time is over."""
    await receiver.refresh()
    for seat in receiver.seats:
        if seat.wants_check:
            await receiver.office.do(SYSTEM, ask, seat.stay, seat.policy, receiver.receipts.stamp())
    async with receiver.office.read() as tx:
        waiting = await store.waiting_checks(tx, SETTLE_AT_ONCE)
    now = receiver.receipts.stamp()
    if any(each.check.due_ms < now for each in waiting):
        await receiver.office.do(SYSTEM, settle_due, now)


class Headcount:
    """The count that a page reads when it enters; when many enter, made once for all of the same second."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._counted: dict[UUID, Count] = {}
        self._at_ms = 0

    def audience(self, class_id: UUID) -> Audience:
        now = self._receiver.receipts.stamp()
        if now - self._at_ms >= FRESH_MS:
            self._counted, self._at_ms = _counts(self._receiver), now
        found = self._counted.get(class_id, Count())
        return Audience(here=found.here, earning=found.earning, waiting_check=found.waiting_check)


def tell_audience(receiver: Receiver) -> None:
    """Tell the pages of this process how many are in their class, wherever they are heard."""
    for class_id, counted in _counts(receiver).items():
        told = asdict(counted)
        told.pop("weak")
        receiver.office.bus.publish_here(Message(f"class:{class_id}", "audience.count", told))


def _counts(receiver: Receiver) -> dict[UUID, Count]:
    return headcount(receiver.seats, receiver.receipts.stamp(), receiver.elsewhere.marks())


async def _run(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(_forever(app[RECEIVER]), name="attendance")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _forever(receiver: Receiver) -> None:
    ticks = 0
    while True:
        await asyncio.sleep(TICK_S)
        ticks += 1
        try:
            await tick(receiver)
            if ticks % AUDIENCE_EVERY == 0:
                receiver.elsewhere.tell(receiver.seats)
                tell_audience(receiver)
        except Exception as error:
            FAULTS.labels("attendance").inc()
            _log.error("a tick of attendance failed", exc_info=error)
