"""Beats of a crowd: as fast as they are answered, or at a rate that does not wait for answers."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from tests.load.learner import Learner
from tests.load.report import percentile_ms

TICK_S = 0.003
WARM_S = 0.3
DRAIN_S = 60.0


@dataclass(slots=True)
class Flow:
    """What came back of some beats; `waits` are the seconds from when each was due to its acknowledgement.

    `per_s` counts those of the time in which as many came as went.
    """

    waits: list[float] = field(default_factory=list)
    per_s: float = 0.0

    def percentile_ms(self, percent: float) -> float:
        """The wait that so many per cent of the beats did not exceed."""
        return percentile_ms(self.waits, percent)


async def saturate(learners: Sequence[Learner], at_once: int, seconds: float) -> Flow:
    """Closed loop: `at_once` beats are always on their way, of one learner after the other."""
    flow = Flow()
    turn = cycle(learners)
    began = time.monotonic()
    until = began + WARM_S + seconds
    counted = 0

    def answered(_learner: Learner, wait: float) -> None:
        nonlocal counted
        now = time.monotonic()
        flow.waits.append(wait)
        if now < until:
            counted += now >= began + WARM_S
            _next_free(turn).beat(now)

    _listen(learners, answered)
    for _ in range(min(at_once, len(learners) - 1)):
        next(turn).beat(began)
    await asyncio.sleep(WARM_S + seconds)
    flow.per_s = counted / seconds
    await drain(learners)
    return flow


async def offer(learners: Sequence[Learner], per_s: float, seconds: float) -> Flow:
    """Open loop: beats leave at their time, whether or not those before are answered."""
    flow = Flow()
    turn = cycle(learners)
    _listen(learners, lambda _learner, wait: flow.waits.append(wait))
    began = time.monotonic()
    sent = 0
    while (passed := time.monotonic() - began) < seconds:
        while sent < passed * per_s:
            next(turn).beat(began + sent / per_s)
            sent += 1
        await asyncio.sleep(TICK_S)
    await drain(learners)
    flow.per_s = len(flow.waits) / (time.monotonic() - began)
    return flow


async def drain(learners: Sequence[Learner]) -> None:
    """Wait for what is still on its way; `RuntimeError` when it does not come."""
    until = time.monotonic() + DRAIN_S
    while any(each.waiting for each in learners):
        if time.monotonic() > until:
            raise RuntimeError(f"{sum(each.waiting for each in learners)} beats were not acknowledged")
        await asyncio.sleep(0.01)


def _next_free(turn: Iterator[Learner]) -> Learner:
    learner = next(turn)
    while learner.waiting:
        learner = next(turn)
    return learner


def _listen(learners: Sequence[Learner], answered: object) -> None:
    for each in learners:
        each.answered = answered  # type: ignore[assignment]
