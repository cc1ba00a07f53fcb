"""Events: saved with the change that caused them, delivered afterwards, at least once.

A reaction runs in a unit of its own together with its mark `(event, reaction)`, so that its effect
in the database happens once however often the event is delivered.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import Id, Instant, Json, insert_ignoring, metadata
from server.base.ids import new_id
from server.base.jobs import RESEND_S
from server.base.observe import FAULTS, OUTBOX_LAG, log

if TYPE_CHECKING:
    from server.base.office import Office
    from server.base.work import Work

_log = log("outbox")

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", Id(), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("v", sa.Integer, nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("at", Instant(), nullable=False),
    sa.Column("data", Json(), nullable=False),
    sa.Column("done_at", Instant()),
    sa.Index("ix_outbox_waiting", "done_at", "id"),
)

reacted = sa.Table(
    "reacted",
    metadata,
    sa.Column("event", Id(), primary_key=True),
    sa.Column("reaction", sa.String(96), primary_key=True),
    sa.Column("at", Instant(), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened, e.g. `attendance.closed`; `subject` is the id of what it is about."""

    name: str
    subject: str
    data: dict[str, Any] = field(default_factory=dict)
    v: int = 1
    id: UUID | None = None


Reaction = Callable[[Any, Event], Awaitable[object]]
"""Takes the `Work` of its own unit, or the `Office` when it is marked `outside`."""
Reactions = Mapping[str, Sequence[Reaction]]

_IDLE_S = 1.0
_BATCH = 200


def outside(reaction: Reaction) -> Reaction:
    """Mark a reaction that talks to another process: it runs outside any unit and may run twice."""
    reaction.outside = True  # type: ignore[attr-defined]
    return reaction


def heavy(reaction: Reaction) -> Reaction:
    """Mark an `outside` reaction that takes long: a worker does it where there is one."""
    reaction.heavy = True  # type: ignore[attr-defined]
    return outside(reaction)


async def save(tx: AsyncConnection, events: Sequence[Event], at: datetime) -> None:
    """Write `events` in the transaction that caused them."""
    if events:
        rows = [
            {"id": new_id(at, nth), "name": e.name, "v": e.v, "subject": e.subject, "at": at, "data": e.data}
            for nth, e in enumerate(events)
        ]
        await tx.execute(outbox.insert(), rows)


class Dispatcher:
    """Delivers the events of the outbox to the reactions, in the order in which they were saved."""

    def __init__(self, office: "Office", reactions: Reactions) -> None:
        self._office = office
        self._reactions = reactions
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._failed: dict[UUID, tuple[int, float]] = {}
        self._sent: set[UUID] = set()

    def wake(self) -> None:
        self._wake.set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="outbox")

    async def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task

    async def drain(self) -> int:
        """Deliver all that waits and is due, until nothing is left; the number of events delivered."""
        count = 0
        while due := [event for event in await self._waiting() if self._due(event)]:
            for event in due:
                count += await self._try(event)
        return count

    async def _run(self) -> None:
        while not self._stopping:
            try:
                await self.drain()
            except Exception as error:
                FAULTS.labels("outbox").inc()
                _log.error("the outbox could not be read", exc_info=error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _IDLE_S)
            self._wake.clear()

    def _due(self, event: Event) -> bool:
        assert event.id is not None
        return self._failed.get(event.id, (0, 0.0))[1] <= self._office.clock.monotonic()

    async def _try(self, event: Event) -> int:
        """Deliver one event; one that fails is tried more and more seldom, never given up, and holds up no other."""
        assert event.id is not None
        try:
            if not await self._deliver(event):
                return 0
        except Exception as error:
            times = self._failed.get(event.id, (0, 0.0))[0] + 1
            self._failed[event.id] = times, self._office.clock.monotonic() + min(60.0, 0.5 * 2**times)
            FAULTS.labels("outbox").inc()
            _log.error("an event could not be delivered", event_name=event.name, times=times, exc_info=error)
            return 0
        self._failed.pop(event.id, None)
        return 1

    async def _waiting(self) -> list[Event]:
        async with self._office.read() as tx:
            rows = (
                await tx.execute(
                    sa.select(outbox)
                    .where(outbox.c.done_at.is_(None))
                    .order_by(outbox.c.id)
                    .limit(_BATCH + len(self._failed))
                )
            ).all()
        for gone in self._sent - {row.id for row in rows}:
            self._sent.discard(gone)
            self._failed.pop(gone, None)
        oldest = rows[0].at if rows else None
        OUTBOX_LAG.set((self._office.clock.now() - oldest).total_seconds() if oldest else 0)
        return [Event(row.name, row.subject, row.data, row.v, row.id) for row in rows]

    async def _deliver(self, event: Event) -> bool:
        """Whether all that follows from the event has been done; otherwise a worker is at it."""
        sent = False
        for reaction in self._reactions.get(event.name, ()):
            if getattr(reaction, "heavy", False) and await self._send(event, reaction):
                sent = True
            elif getattr(reaction, "outside", False):
                await reaction(self._office, event)
            else:
                await self._office.do(self._office.system, _react, event, reaction)
        if not sent:
            await self._office.do(self._office.system, _mark_done, event)
        return not sent

    # --- jobs -------------------------------------------------------------------------------------

    async def _send(self, event: Event, reaction: Reaction) -> bool:
        """Hand a heavy reaction to the workers, once; False when it is to be done here, or by now nobody did it."""
        assert event.id is not None
        if event.id in self._sent:
            self._sent.discard(event.id)
            return False
        if await self._first(event, reaction) and not await self._office.jobs.send(event.id, _name(reaction)):
            return False
        self._sent.add(event.id)
        self._failed[event.id] = 0, self._office.clock.monotonic() + RESEND_S
        return True

    async def _first(self, event: Event, reaction: Reaction) -> bool:
        """Whether no other process has sent the job; there is only one where jobs are done here."""
        alone = not self._office.bus.node
        return alone or await self._office.do(self._office.system, _claim, event, f"{_name(reaction)}:sent")

    async def react(self, event_id: UUID, name: str) -> None:
        """Do one heavy reaction as a worker; the event is done when it was the only one."""
        async with self._office.read() as tx:
            row = (await tx.execute(sa.select(outbox).where(outbox.c.id == event_id))).one_or_none()
        if row is None or row.done_at is not None:
            return
        event = Event(row.name, row.subject, row.data, row.v, row.id)
        [reaction] = [each for each in self._reactions.get(event.name, ()) if _name(each) == name]
        await reaction(self._office, event)
        await self._office.do(self._office.system, _mark_done, event)


async def _react(work: "Work", event: Event, reaction: Reaction) -> None:
    if await _claim(work, event, _name(reaction)):
        await reaction(work, event)
        await work.fail("outbox.after_reaction")


async def _claim(work: "Work", event: Event, name: str) -> bool:
    """Write the mark; False where it stands already."""
    mark = {"event": event.id, "reaction": name, "at": work.now}
    return bool((await work.tx.execute(insert_ignoring(work.tx, reacted).values(mark))).rowcount)


def _name(reaction: Reaction) -> str:
    return f"{reaction.__module__}.{getattr(reaction, '__name__', 'reaction')}"


async def _mark_done(work: "Work", event: Event) -> None:
    await work.tx.execute(outbox.update().where(outbox.c.id == event.id).values(done_at=work.now))
