"""Keeps a class as it happens: what is due is written in order, and again when the disk had no room for it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from media.hls.segment import Segment, Stretch
from media.index import EndLine, OffLine, StretchLine, line_of
from media.storage import Shelf


@dataclass(frozen=True, slots=True)
class Beginning:
    """The init section of a stretch is due."""

    stretch: Stretch
    init: bytes
    at_ms: int


Due = Beginning | Segment | OffLine | EndLine


@dataclass(frozen=True, slots=True)
class Written:
    """What one visit to the disk came to."""

    segments: tuple[Segment, ...]
    error: OSError | None


class Recorder:
    """One class; the loop hands over what is due, one visit to the disk at a time takes it there."""

    def __init__(self, shelf: Shelf, on_full: Callable[[OSError], None]) -> None:
        """`on_full` is told once when writing fails, and again only after it has worked in between."""
        self._shelf = shelf
        self._on_full = on_full
        self._due: deque[Due] = deque()
        self._visit: asyncio.Task[bool] | None = None
        self._failing = False

    @property
    def settled(self) -> bool:
        """Whether everything that was due is on disk."""
        return not self._due and self._visit is None

    def put(self, due: Due) -> None:
        """Something is due."""
        self._due.append(due)
        self.visit()

    def visit(self) -> None:
        """Take what is due to the disk, unless that is being done."""
        if self._due and self._visit is None:
            self._visit = asyncio.get_running_loop().create_task(self._work())

    async def settle(self) -> bool:
        """Whether everything is on disk now; one failure ends the trying."""
        self.visit()
        return self._visit is None or await asyncio.shield(self._visit)

    def abandon(self) -> None:
        """Nothing is due any more."""
        self._due.clear()

    async def _work(self) -> bool:
        try:
            while self._due:
                written = await asyncio.wrap_future(self._shelf.executor.submit(write_due, self._shelf, self._due))
                if not self._succeeded(written):
                    return False
            return True
        finally:
            self._visit = None

    def _succeeded(self, written: Written) -> bool:
        for segment in written.segments:
            segment.stored = True
        if written.error is not None and not self._failing:
            self._on_full(written.error)
        self._failing = written.error is not None
        return not self._failing


def write_due(shelf: Shelf, due: deque[Due]) -> Written:
    """Write what is due in its order until all is done or the disk refuses; what was refused stays due."""
    done: list[Segment] = []
    while due:
        try:
            _write(shelf, due[0])
        except OSError as error:
            return Written(tuple(done), error)
        first = due.popleft()
        if isinstance(first, Segment):
            done.append(first)
    return Written(tuple(done), None)


def _write(shelf: Shelf, due: Due) -> None:
    match due:
        case Beginning(stretch, init, at_ms):
            shelf.write(stretch.run, stretch.init, init)
            shelf.append(StretchLine(stretch.run, stretch.init, stretch.codecs, stretch.width, stretch.height, at_ms))
        case Segment():
            body = due.body
            if body is not None:
                shelf.write(due.stretch.run, f"{due.msn}.m4s", body)
            shelf.append(line_of(due, gap=body is None))
        case OffLine() | EndLine():
            shelf.append(due)
