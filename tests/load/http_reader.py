"""A lean HTTP/1.1 reader that asks again as soon as it is answered, so that it costs less than the server it asks."""

import asyncio
from collections.abc import Callable
from typing import cast

HEAD_END = b"\r\n\r\n"


class Reader(asyncio.Protocol):
    """One kept connection; `next_path` names what its n-th request asks for."""

    def __init__(self, host: str, token: str, next_path: Callable[[int], str]) -> None:
        self._rest = f" HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
        self._next_path = next_path
        self._transport: asyncio.Transport | None = None
        self._head = b""
        self._missing = 0
        self.answers = 0
        self.failed: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._head += data
            head, found, body = self._head.partition(HEAD_END)
            if not found:
                return
            self._head = b""
            self._begin(head, len(body))
        if self._missing == 0 and self.failed is None:
            self.answers += 1
            self._ask()

    def close(self) -> None:
        """Ask no more."""
        if self._transport is not None:
            self._transport.abort()

    def _begin(self, head: bytes, had: int) -> None:
        if not head.startswith(b"HTTP/1.1 200"):
            self.failed = head.split(b"\r\n", 1)[0].decode()
            self.close()
            return
        length = head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
        self._missing = int(length) - had

    def _ask(self) -> None:
        if self._transport is not None:
            self._transport.write(f"GET {self._next_path(self.answers)}{self._rest}".encode())
