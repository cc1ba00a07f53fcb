"""Carries events to the server in order per stream and at least once, over a crash of either side.

An event is a line in a file before it is posted, and struck out by a second line when the server has answered. What is
left without a strike when the process starts is posted again; the server knows a second delivery by the event's id.
"""

import asyncio
import contextlib
import json
import os
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from media.events import Event, EventError, pack, unpack

log = structlog.get_logger(__name__)

Post = Callable[[Event], Awaitable[int]]
"""Posts one event and returns the HTTP status; raises OSError or TimeoutError when there was no answer."""

_PERIODIC = frozenset({"still_on_air", "line"})
_REFUSED_FOR_GOOD = frozenset({400, 404, 409, 410, 422})
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 5.0
_COMPACT_AFTER_LINES = 5_000


class Journal:
    """The events of one media process, on disk in `folder`."""

    def __init__(self, folder: Path, post: Post) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "events.jsonl"
        self._post = post
        self._waiting: dict[str, deque[Event]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._delivered = asyncio.Event()
        left = _left_over(self._path)
        self._file = _rewritten(self._path, left)
        self._lines = len(left)
        for event in left:
            self._enqueue(event)

    @property
    def waiting(self) -> int:
        """How many events the server hasn't answered yet."""
        return sum(map(len, self._waiting.values()))

    def put(self, event: Event) -> None:
        """Keeps the event and posts it after the earlier ones of its stream.

        A later "still on air" or "line" says all that an earlier unposted one said, so it takes its place: a server
        that is away for an hour costs neither memory nor a flood when it is back.
        """
        if event.name in _PERIODIC:
            self._drop_stale(event)
        self._write(pack(event))
        self._enqueue(event)

    async def flush(self, timeout_s: float) -> bool:
        """Waits until everything is delivered, at most `timeout_s`; False when something stays for the next start."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self.waiting:
                    self._delivered.clear()
                    await self._delivered.wait()
        return not self.waiting

    async def close(self) -> None:
        """Stops posting; what is undelivered stays on disk."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        os.close(self._file)

    def _enqueue(self, event: Event) -> None:
        self._waiting.setdefault(event.stream, deque()).append(event)
        if event.stream not in self._workers:
            self._workers[event.stream] = asyncio.create_task(self._deliver(event.stream))

    def _drop_stale(self, event: Event) -> None:
        waiting = self._waiting.get(event.stream, deque())
        under_way = set(map(id, list(waiting)[:1]))
        for old in [e for e in waiting if id(e) not in under_way and (e.name, e.run) == (event.name, event.run)]:
            waiting.remove(old)
            self._strike(old)

    async def _deliver(self, stream: str) -> None:
        waiting, pause_s = self._waiting[stream], _FIRST_PAUSE_S
        while waiting:
            if await self._answered(waiting[0]):
                self._strike(waiting.popleft())
                self._delivered.set()
                pause_s = _FIRST_PAUSE_S
            else:
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        del self._waiting[stream], self._workers[stream]

    async def _answered(self, event: Event) -> bool:
        try:
            if event.name not in _PERIODIC:
                await asyncio.to_thread(os.fsync, self._file)
            status = await self._post(event)
        except (OSError, TimeoutError) as error:
            log.warning("event.unanswered", name=event.name, stream=event.stream, error=repr(error))
            return False
        if status in _REFUSED_FOR_GOOD:
            # Posting it again can't help, and would hold back every later event of the class.
            log.error("event.refused", name=event.name, stream=event.stream, status=status)
            return True
        return 200 <= status < 300

    def _strike(self, event: Event) -> None:
        self._write(json.dumps({"done": event.id}).encode())
        if self._lines > _COMPACT_AFTER_LINES:
            self._compact()

    def _write(self, line: bytes) -> None:
        # The newline comes first, so that a line cut short by a full disk spoils no other.
        try:
            os.write(self._file, b"\n" + line)
        except OSError as error:
            log.error("journal.unwritten", error=repr(error))
        self._lines += 1

    def _compact(self) -> None:
        left = [event for waiting in self._waiting.values() for event in waiting]
        os.close(self._file)
        self._file = _rewritten(self._path, left)
        self._lines = len(left)


def _left_over(path: Path) -> list[Event]:
    """The events in the file that no strike follows; a line cut short by a crash is no event and is skipped."""
    events: dict[str, Event] = {}
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            event = unpack(line)
        except EventError:
            events.pop(_struck(line), None)
        else:
            events[event.id] = event
    return list(events.values())


def _struck(line: bytes) -> str:
    try:
        return str(json.loads(line).get("done"))
    except (ValueError, AttributeError):
        return ""


def _rewritten(path: Path, events: list[Event]) -> int:
    """A file of only `events`, put in place of the old one in a single step; returns it opened for appending."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(b"\n".join(pack(event) for event in events))
    os.replace(fresh, path)
    return os.open(path, os.O_WRONLY | os.O_APPEND)
