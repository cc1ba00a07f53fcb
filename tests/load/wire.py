"""A lean WebSocket client (RFC 6455), so that the generator of a load costs less than what it measures.

Frames are masked with a key of zeros, which the RFC allows and which leaves the payload as it is.
"""

import asyncio
import struct
from collections.abc import Callable
from typing import cast

_HANDSHAKE = (
    "GET /socket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n"
)
TEXT = 0x81


def frame(payload: bytes) -> bytes:
    """A whole text frame of a client."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB4x", TEXT, 0x80 | size) + payload
    return struct.pack("!BBH4x", TEXT, 0x80 | 126, size) + payload


class Wire(asyncio.Protocol):
    """One socket; `heard` gets the payload of each text frame of the server, `lost` is called when it breaks."""

    def __init__(self, heard: Callable[["Wire", bytes], None]) -> None:
        self._heard = heard
        self._buffer = b""
        self._open = False
        self.transport: asyncio.Transport | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost: Callable[[], None] | None = None

    @classmethod
    async def connect(cls, host: str, port: int, cookie: str, heard: Callable[["Wire", bytes], None]) -> "Wire":
        """Open a socket as the session of `cookie`; return once the server has greeted."""
        loop = asyncio.get_running_loop()
        transport, wire = await loop.create_connection(lambda: cls(heard), host, port)
        transport.write(_HANDSHAKE.format(host=host, port=port, cookie=cookie).encode())
        try:
            await asyncio.wait_for(wire.ready, 30)
        except BaseException:
            transport.abort()
            raise
        return wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed during the handshake"))
        elif self.lost is not None:
            self.lost()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            head, split, rest = self._buffer.partition(b"\r\n\r\n")
            if not split:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                if self.ready.done():
                    return
                self.ready.set_exception(ConnectionError(head.split(b"\r\n", 1)[0].decode()))
                return
            self._open, self._buffer = True, rest
        self._frames()

    def _frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, head = buffer[at + 1], 2
            if size == 126:
                if len(buffer) - at < 4:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 4], "big"), 4
            elif size == 127:
                if len(buffer) - at < 10:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 10], "big"), 10
            if len(buffer) - at < head + size:
                break
            if buffer[at] == TEXT:
                self._text(buffer[at + head : at + head + size])
            at += head + size
        self._buffer = buffer[at:]

    def _text(self, payload: bytes) -> None:
        if not self.ready.done():
            self.ready.set_result(None)
        self._heard(self, payload)

    def send(self, payload: bytes) -> None:
        """Send a text frame; nothing once the line is closed, of which `lost` tells in a moment."""
        assert self.transport is not None
        if not self.transport.is_closing():
            self.transport.write(frame(payload))

    def close(self) -> None:
        self.lost = None
        if self.transport is not None:
            self.transport.abort()
