"""Where verbs are run: opens the unit of work, commits it, then tells those who listen."""

import inspect
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.bus import Bus, LocalBus
from server.base.clock import Clock, SystemClock
from server.base.db import Database
from server.base.faults import Failpoints
from server.base.jobs import HereJobs, Jobs
from server.base.observe import FAULTS, log
from server.base.outbox import Dispatcher, Reactions, save
from server.base.services import Services
from server.base.work import SYSTEM, Actor, Later, Work

P = ParamSpec("P")
T = TypeVar("T")

_log = log("office")


class Office:
    """The database, clock, chance and bus of one process behind `do` and `read`."""

    system = SYSTEM

    def __init__(
        self,
        db: Database,
        services: Services,
        *,
        clock: Clock | None = None,
        chance: random.Random | None = None,
        bus: Bus | None = None,
        jobs: Jobs | None = None,
        failpoints: Failpoints | None = None,
        reactions: Reactions | None = None,
    ) -> None:
        self.db = db
        self.clock: Clock = clock or SystemClock()
        self.chance = chance or random.SystemRandom()
        self.bus = bus or LocalBus()
        self.jobs = jobs or HereJobs()
        self.failpoints = failpoints or Failpoints.from_environment()
        self.reactions = reactions or {}
        self.outbox = Dispatcher(self, self.reactions)
        self.services = services

    async def do(
        self, actor: Actor, verb: Callable[Concatenate[Work, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `verb` as `actor`; return its result once it is committed."""
        last: list[Work] = []

        async def unit(tx: AsyncConnection) -> T:
            work = Work(tx, self.clock.now(), actor, self.chance, self.failpoints, self.services)
            last[:] = [work]
            result = await verb(work, *args, **kwargs)
            await save(tx, work.events, work.now)
            return result

        result = await self.db.write(unit)
        await self._tell(last[0])
        return result

    def read(self, *, near: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for reading only; `near`: nothing but a few rows by their key."""
        return self.db.read(near=near)

    async def _tell(self, work: Work) -> None:
        for message in work.messages:
            self.bus.publish(message)
        if work.events:
            self.outbox.wake()
        for later in work.later:
            await _quietly(later)


async def _quietly(later: Later) -> None:
    """What comes after the commit can't undo it: a failure there is ours to see, not the caller's."""
    try:
        outcome = later()
        if inspect.isawaitable(outcome):
            await outcome
    except Exception as error:
        FAULTS.labels("after_commit").inc()
        _log.error("a step after the commit failed", exc_info=error)
