"""Connections that say nothing, or never finish their header, are closed.

aiohttp 3.14 keeps a connection with a half-sent header open for the whole keep-alive time; this
handler gives it ten seconds from the first byte missing to the whole header.
"""

import asyncio

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

HEADER_S = 10.0
KEEPALIVE_S = 75.0


class GuardedHandler(RequestHandler):
    """Closes a connection on which no whole request header has come within `HEADER_S`."""

    __slots__ = ("_guard",)

    _guard: asyncio.TimerHandle | None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._guard = self._loop.call_later(HEADER_S, self._too_slow)

    def data_received(self, data: bytes) -> None:
        busy = self._request_in_progress or self._upgraded
        super().data_received(data)
        if self._messages or busy or self._upgraded or self._request_in_progress:
            self._disarm()
        elif self._guard is None:
            self._guard = self._loop.call_later(HEADER_S, self._too_slow)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def _disarm(self) -> None:
        if self._guard is not None:
            self._guard.cancel()
            self._guard = None

    def _too_slow(self) -> None:
        self._guard = None
        if self.transport is not None:
            self.force_close()


class GuardedServer(web.Server):
    """`web.Server` that makes `GuardedHandler`s."""

    def __call__(self) -> RequestHandler:
        return GuardedHandler(self, loop=self._loop, **self._kwargs)


class GuardedRunner(web.AppRunner):
    """`web.AppRunner` with the guard."""

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        server.__class__ = GuardedServer
        return server
