"""What a browser has been told: a numbered queue that outlives a broken line for a while.

A frame is stored without its number, so that all queues that got the same message share one text.
"""

from collections import deque
from dataclasses import dataclass, field
from uuid import UUID

KEPT = 300
"""Frames a queue can send again."""

KEPT_S = 120.0
"""Seconds for which a queue without a socket goes on collecting."""


@dataclass(slots=True, eq=False)
class Queue:
    """The events of one browser page; `number` counts from 1."""

    id: str
    account: UUID
    session: str
    number: int = 0
    topics: set[str] = field(default_factory=set)
    kept: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT))
    left_at: float | None = None

    def add(self, tail: str) -> int:
        """The number of the frame whose text after the number is `tail`."""
        self.number += 1
        self.kept.append(tail)
        return self.number

    def after(self, last: int) -> list[str] | None:
        """The frames that followed number `last`; None when they are no longer all here."""
        missed = self.number - last
        if missed < 0 or missed > len(self.kept):
            return None
        first = self.number - missed
        tails = list(self.kept)[len(self.kept) - missed :]
        return [frame(first + index + 1, tail) for index, tail in enumerate(tails)]


def frame(number: int, tail: str) -> str:
    """A whole frame."""
    return f'{{"v":1,"event":{number},{tail}'


def frame_bytes(number: int, tail: bytes) -> bytes:
    """The same encoded, of a tail that was encoded once for all queues."""
    return b'{"v":1,"event":%d,%s' % (number, tail)
