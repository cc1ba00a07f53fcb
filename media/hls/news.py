"""One place where all readers of a stream wait for what comes next."""

from __future__ import annotations

import asyncio


class TooManyReaders(Exception):
    """More readers wait than this process may hold."""


class News:
    """Readers wait, one call wakes them all; a reader that goes away takes nobody with it."""

    def __init__(self, most_readers: int) -> None:
        """Hold `most_readers` at most."""
        self._most = most_readers
        self._waiting: set[asyncio.Future[None]] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(self, timeout: float) -> bool:
        """Whether there was news within `timeout` seconds; TooManyReaders."""
        if len(self._waiting) >= self._most:
            raise TooManyReaders
        reader = asyncio.get_running_loop().create_future()
        self._waiting.add(reader)
        try:
            async with asyncio.timeout(timeout):
                await reader
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(reader)
        return True

    def wake(self) -> None:
        """There is news."""
        waiting, self._waiting = self._waiting, set()
        for reader in waiting:
            if not reader.done():
                reader.set_result(None)
