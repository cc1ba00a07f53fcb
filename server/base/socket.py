"""One open line to a browser page: paced in what it asks, bounded in what waits for it."""

import asyncio
import contextlib
from collections import deque

from aiohttp import web

from server.base.api import Session
from server.base.observe import SLOW_READERS
from server.base.queue import Queue

MAX_BACKLOG = 256
MAX_BACKLOG_BYTES = 1024 * 1024
BURST, PER_S = 60.0, 20.0


class Socket:
    """A WebSocket (RFC 6455) with its session; its queue may outlive it."""

    __slots__ = ("backlog", "flushing", "queue", "request", "seen", "session", "tokens", "ws")

    def __init__(self, ws: web.WebSocketResponse, request: web.Request, session: Session, queue: Queue) -> None:
        self.ws = ws
        self.request = request
        self.session = session
        self.queue = queue
        self.seen = asyncio.get_running_loop().time()
        self.tokens = BURST
        self.backlog: deque[str] = deque()
        self.flushing: asyncio.Task[None] | None = None

    def allow(self, now: float) -> bool:
        """Whether one more message is within the pace (a bucket of `BURST`, filled at `PER_S`)."""
        self.tokens = min(BURST, self.tokens + (now - self.seen) * PER_S) - 1
        self.seen = now
        return self.tokens >= 0

    async def offer(self, text: str) -> None:
        """Send now if the peer reads, else keep in a short backlog; give up on who never reads."""
        transport = self.request.transport
        if transport is None or self.ws.closed:
            return
        if not self.backlog and transport.get_write_buffer_size() == 0:
            with contextlib.suppress(ConnectionError):
                await self.ws.send_str(text)
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
