"""Room for what is costly: so many at a time in this process, and of each person one."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from server.rules.refusal import Refusal

BUSY_S = 5


class Room:
    """Bounds what strangers may ask for at once, before anything is read or held for them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._inside: set[UUID] = set()

    @contextmanager
    def enter(self, who: UUID) -> Iterator[None]:
        """A place for somebody within the block; refuses `server.busy` (503) where there is none."""
        if who in self._inside or len(self._inside) >= self._size:
            raise Refusal("server.busy", status=503, retry_after_s=BUSY_S)
        self._inside.add(who)
        try:
            yield
        finally:
            self._inside.discard(who)
