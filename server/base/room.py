"""Room for what is costly: so many at a time in this process, and of each person one."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import UUID

from server.rules.refusal import Refusal

P = ParamSpec("P")
T = TypeVar("T")

BUSY_S = 5


class Room:
    """Bounds what strangers may ask for at once, before anything is read or held for them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._inside: set[UUID] = set()

    @contextmanager
    def enter(self, who: UUID) -> Iterator[None]:
        """A place for somebody within the block; refuses `server.busy` (503) where there is none."""
        self._take(who)
        try:
            yield
        finally:
            self._inside.discard(who)

    async def beside(self, who: UUID, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a call in a thread; its place is free when the thread is, though the caller goes away."""
        self._take(who)
        running = asyncio.get_running_loop().run_in_executor(None, partial(call, *args, **kwargs))
        running.add_done_callback(lambda _: self._inside.discard(who))
        return await asyncio.shield(running)

    def _take(self, who: UUID) -> None:
        if who in self._inside or len(self._inside) >= self._size:
            raise Refusal("server.busy", status=503, retry_after_s=BUSY_S)
        self._inside.add(who)
