"""One place where all readers of a stream wait for what comes next."""

from __future__ import annotations

import asyncio


class TooManyReaders(Exception):
    """More readers wait than this process may hold."""


class News:
    """Readers wait, one call wakes them all; a reader that goes away takes nobody with it.

    One timer serves all of them: thousands wait for each part, hardly ever for as long as they may.
    """

    def __init__(self, most_readers: int) -> None:
        """Hold `most_readers` at most."""
        self._most = most_readers
        self._waiting: dict[asyncio.Future[bool], float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(self, until: float) -> bool:
        """Whether there was news before `until` on the loop's clock; TooManyReaders."""
        if len(self._waiting) >= self._most:
            raise TooManyReaders
        loop = asyncio.get_running_loop()
        reader: asyncio.Future[bool] = loop.create_future()
        self._waiting[reader] = until
        self._expire_at(until, loop)
        try:
            return await reader
        finally:
            self._waiting.pop(reader, None)

    def wake(self) -> None:
        """There is news."""
        waiting, self._waiting = self._waiting, {}
        for reader in waiting:
            if not reader.done():
                reader.set_result(True)

    def _expire_at(self, until: float, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is not None and self._timer.when() <= until:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(until, self._expire, loop)

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        now, self._timer = loop.time(), None
        for reader, until in self._waiting.items():
            if until <= now and not reader.done():
                reader.set_result(False)
        left = [until for until in self._waiting.values() if until > now]
        if left:
            self._expire_at(min(left), loop)
