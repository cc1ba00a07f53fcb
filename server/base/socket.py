"""One open line to a browser page: paced in what it asks, bounded in what waits for it."""

import asyncio
import contextlib
import struct
from collections import deque

from aiohttp import web

from server.base.api import Session
from server.base.observe import SLOW_READERS
from server.base.queue import Queue

MAX_BACKLOG = 256
MAX_BACKLOG_BYTES = 1024 * 1024
BURST, PER_S = 60.0, 20.0


_TEXT = 0x81
"""A whole text frame, in its first byte."""


def _head(size: int) -> bytes:
    """The beginning of a text frame with so many bytes."""
    if size < 126:
        return bytes((_TEXT, size))
    return struct.pack("!BBH", _TEXT, 126, size) if size < 65_536 else struct.pack("!BBQ", _TEXT, 127, size)


class Pace:
    """What one person may ask on all sockets together: a bucket of `BURST`, filled at `PER_S`.

    A new socket brings nothing new, or a page that asks too much would only have to come again.
    """

    __slots__ = ("_left", "_seen")

    def __init__(self, now: float) -> None:
        self._left, self._seen = BURST, now

    def take(self, now: float, weight: float = 1.0) -> bool:
        """Take for a message of that weight; whether there was enough. What was refused counts as one more message."""
        self._left = min(BURST, self._left + (now - self._seen) * PER_S)
        self._seen = now
        enough = self._left >= weight
        self._left = max(-2 * BURST, self._left - (weight if enough else 1.0))  # in nine seconds all is forgiven
        return enough

    @property
    def spent(self) -> bool:
        """Whether so much too much was asked that its socket is to be closed."""
        return self._left < -BURST

    def is_full(self, now: float) -> bool:
        return self._left + (now - self._seen) * PER_S >= BURST


class Socket:
    """A WebSocket (RFC 6455) with its session; its queue may outlive it."""

    __slots__ = ("backlog", "flushing", "pace", "queue", "request", "seen", "session", "ws")

    def __init__(
        self, ws: web.WebSocketResponse, request: web.Request, session: Session, queue: Queue, pace: Pace
    ) -> None:
        self.ws = ws
        self.request = request
        self.session = session
        self.queue = queue
        self.seen = asyncio.get_running_loop().time()
        self.pace = pace
        self.backlog: deque[str] = deque()
        self.flushing: asyncio.Task[None] | None = None

    def allow(self, now: float) -> bool:
        """Whether one more message is within the pace of its person."""
        self.seen = now
        return self.pace.take(now)

    def write(self, payload: bytes) -> bool:
        """Send a text frame (RFC 6455 §5.2) now to a peer that keeps up; False when it has to wait.

        Never compressed and never in parts, so it needs nothing of `send_str`, which costs twice as much.
        """
        transport = self.request.transport
        if transport is None or transport.is_closing() or self.ws.closed or self.backlog:
            return False
        if transport.get_write_buffer_size():
            return False
        transport.write(_head(len(payload)) + payload)
        return True

    async def offer(self, text: str) -> None:
        """Send now if the peer reads, else keep in a short backlog; give up on who never reads."""
        transport = self.request.transport
        if transport is None or self.ws.closed or self.write(text.encode()):
            return
        self.backlog.append(text)
        if len(self.backlog) > MAX_BACKLOG or transport.get_write_buffer_size() > MAX_BACKLOG_BYTES:
            SLOW_READERS.inc()
            self.backlog.clear()
            transport.abort()
        elif self.flushing is None or self.flushing.done():
            self.flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        with contextlib.suppress(ConnectionError):
            while self.backlog:
                await self.ws.send_str(self.backlog.popleft())

    async def hang_up(self, code: int, text: str | None = None) -> None:
        """A last word, then close."""
        with contextlib.suppress(ConnectionError):
            if text is not None:
                await self.ws.send_str(text)
            await self.ws.close(code=code)

    def abort(self) -> None:
        """Close without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()
