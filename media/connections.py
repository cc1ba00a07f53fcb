"""Keeps idle, half-sent and too many connections from holding the server.

aiohttp waits for ever for the first request of a connection and for the rest of a half-sent header. Here a timer runs
from the moment a connection is accepted until a handler has its request, and again from the end of each handler.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from aiohttp import web
from aiohttp.typedefs import Handler

FIRST_REQUEST_WITHIN_S = 10.0
NEXT_REQUEST_WITHIN_S = 75.0


class Connections:
    """All connections of one server; `limit` is how many may be open."""

    def __init__(
        self, limit: int, first_within_s: float = FIRST_REQUEST_WITHIN_S, next_within_s: float = NEXT_REQUEST_WITHIN_S
    ) -> None:
        self._limit, self.first_within_s, self.next_within_s = limit, first_within_s, next_within_s
        self._open: dict[asyncio.BaseTransport, _Connection] = {}

    @property
    def count(self) -> int:
        return len(self._open)

    def guarded(self, server: Callable[[], asyncio.BaseProtocol]) -> Callable[[], asyncio.Protocol]:
        """The protocol factory `server` (of an AppRunner) with a timer on each connection."""
        return lambda: _Connection(server(), self)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Stops a connection's timer while its request is being handled; the outermost middleware."""
        connection = self._open.get(request.transport) if request.transport is not None else None
        if connection is None:
            return await handler(request)
        connection.busy()
        try:
            return await handler(request)
        finally:
            connection.idle(self.next_within_s)

    def enter(self, transport: asyncio.BaseTransport, connection: "_Connection") -> bool:
        """Whether one more connection may stay."""
        if len(self._open) >= self._limit:
            return False
        self._open[transport] = connection
        return True

    def leave(self, transport: asyncio.BaseTransport) -> None:
        self._open.pop(transport, None)


class _Connection(asyncio.Protocol):
    """One connection: everything goes through to aiohttp's protocol but the silence."""

    def __init__(self, inner: asyncio.BaseProtocol, connections: Connections) -> None:
        self._inner, self._connections = cast(asyncio.Protocol, inner), connections
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._until: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._inner.connection_made(transport)
        if self._connections.enter(transport, self):
            self.idle(self._connections.first_within_s)
        else:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._connections.leave(self._transport)
        self._until, self._transport = None, None
        self._inner.connection_lost(exc)

    def busy(self) -> None:
        """A handler has a request."""
        self._until = None

    def idle(self, within_s: float) -> None:
        """Until the next request reaches a handler, at most this long."""
        if self._transport is None:
            return
        self._until = asyncio.get_running_loop().time() + within_s
        if self._timer is None or self._timer.when() > self._until:
            self._set_timer(self._until)

    def _set_timer(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(at, self._look)

    def _look(self) -> None:
        """The timer is looked at when it fires and not moved by each request: thousands of them are a second's work."""
        self._timer = None
        if self._until is None or self._transport is None:
            return
        if self._until > asyncio.get_running_loop().time():
            self._set_timer(self._until)
        else:
            self._transport.abort()
