"""What happens by the clock: one process at a time holds the lease, with a fence that only rises."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex

import sqlalchemy as sa

from server.base.db import Instant, insert_ignoring, metadata
from server.base.observe import FAULTS, LOOP_LAG, log
from server.base.office import Office
from server.base.work import Work

_log = log("schedule")

LEASE_S = 15
_TICK_S = 1.0

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("until", Instant(), nullable=False),
    sa.Column("fence", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Every:
    """Run `verb` about every `seconds`; it must bear being run late or twice."""

    seconds: float
    verb: Callable[[Work], Awaitable[object]]

    @property
    def name(self) -> str:
        return f"{self.verb.__module__}.{getattr(self.verb, '__name__', 'verb')}"


class Scheduler:
    """Runs the periodic verbs of all nouns while this process holds the lease."""

    def __init__(self, office: Office, every: Sequence[Every]) -> None:
        self._office = office
        self._every = every
        self._holder = token_hex(16)
        self._due = dict.fromkeys((each.name for each in every), 0.0)
        self._renew_at = 0.0
        self._fence = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="scheduler")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._fence:
            with contextlib.suppress(Exception):  # the lease ends by itself
                await self._office.do(self._office.system, _leave, self._holder)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(_TICK_S)
            LOOP_LAG.set(max(0.0, loop.time() - before - _TICK_S))
            try:
                if await self.held(loop.time()):
                    await self.run_due(loop.time())
            except Exception as error:
                FAULTS.labels("schedule").inc()
                _log.error("the lease could not be renewed", exc_info=error)

    async def run_due(self, now: float) -> None:
        """Run what is due at monotonic `now`; one verb's failure does not keep the others."""
        for each in self._every:
            if self._due[each.name] > now:
                continue
            self._due[each.name] = now + each.seconds
            try:
                await self._office.do(self._office.system, _fenced, each.verb, self._fence)
            except LeaseLost:
                self._renew_at = 0.0
                return
            except Exception as error:
                FAULTS.labels("schedule").inc()
                _log.error("a periodic verb failed", verb=each.name, exc_info=error)

    async def held(self, now: float) -> bool:
        """Whether this process has the lease at monotonic `now`; it is renewed when a third of it is over."""
        if now < self._renew_at:
            return True
        self._fence = await self._office.do(self._office.system, _take, self._holder)
        if not self._fence:
            return False
        self._renew_at = now + LEASE_S / 3
        return True


class LeaseLost(Exception):
    """Another process holds the lease by now."""


async def _fenced(work: Work, verb: Callable[[Work], Awaitable[object]], fence: int) -> None:
    """Run `verb` unless the fence has risen: a holder that slept writes nothing over what the next one did."""
    if await work.tx.scalar(sa.select(leases.c.fence).where(leases.c.name == "schedule")) != fence:
        raise LeaseLost
    await verb(work)


async def _take(work: Work, holder: str) -> int:
    """The fence with which `holder` has the lease; 0 while another has it."""
    until = work.now + timedelta(seconds=LEASE_S)
    await work.tx.execute(insert_ignoring(work.tx, leases).values(name="schedule", holder=holder, until=until, fence=1))
    taken = await work.tx.execute(
        leases.update()
        .where(leases.c.name == "schedule", sa.or_(leases.c.holder == holder, leases.c.until < work.now))
        .values(holder=holder, until=until, fence=leases.c.fence + sa.case((leases.c.holder == holder, 0), else_=1))
    )
    if not taken.rowcount:
        return 0
    return int(await work.tx.scalar(sa.select(leases.c.fence).where(leases.c.name == "schedule")) or 0)


async def _leave(work: Work, holder: str) -> None:
    """Let another process have the lease at once."""
    mine = (leases.c.name == "schedule", leases.c.holder == holder)
    await work.tx.execute(leases.update().where(*mine).values(until=work.now - timedelta(seconds=1)))
