"""Waits for something to become true, a bounded time."""

import asyncio
from collections.abc import Callable

_STEP_S = 0.02


async def until(reached: Callable[[], bool], within_s: float = 20.0) -> None:
    """Returns as soon as `reached` is true; fails the test when that takes longer than `within_s`."""
    for _ in range(round(within_s / _STEP_S)):
        if reached():
            return
        await asyncio.sleep(_STEP_S)
    raise AssertionError(f"not reached within {within_s} s")
