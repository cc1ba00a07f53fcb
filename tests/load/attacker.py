"""A hostile client: connections that never finish, frames that are too large, messages and sign-ins without end."""

import asyncio
import json
import struct
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import uuid4

from tests.load.page import Asker
from tests.load.wire import Wire

LORISES, BYTE_S = 1000, 5.0
FRAMES_PER_S, FRAME = 5.0, 4 * 1024 * 1024
MESSAGES_PER_S, SIGN_INS_PER_S = 200.0, 100.0
SIGN_INS_AT_ONCE = 20

Sent = Counter[str]


async def attack(port: int, tokens: list[str], class_id: str, seconds: float, lorises: int) -> None:
    """All of it for so many seconds, then say how much of each was sent. `tokens`: the sign-ins that are misused."""
    sent: Sent = Counter()
    until = time.monotonic() + seconds
    jobs = [
        _loris(port, sent),
        _paced(FRAMES_PER_S, lambda: _frame(port, tokens[0], sent)),
        _chat(port, tokens[1], class_id, sent),
        _paced(SIGN_INS_PER_S / SIGN_INS_AT_ONCE, lambda: _sign_ins(port, sent)),
    ]
    tasks = [asyncio.create_task(job) for job in jobs]
    tasks += [asyncio.create_task(_loris(port, sent)) for _ in range(lorises - 1)]
    await asyncio.sleep(until - time.monotonic())
    print(json.dumps(sent), flush=True)
    for task in tasks:
        if task.done():
            task.result()
        task.cancel()


async def _paced(per_s: float, act: Callable[[], Awaitable[None]]) -> None:
    due = time.monotonic()
    while True:
        due += 1 / per_s
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            await act()
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _loris(port: int, sent: Sent) -> None:
    """A header that never ends; opened anew whenever the server closes it."""
    while True:
        with suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            sent["slow connections"] += 1
            writer.write(b"GET /api/v1/portal HTTP/1.1\r\nHost: x\r\nX-A: ")
            while not writer.transport.is_closing():
                await asyncio.sleep(BYTE_S)
                writer.write(b"a")


async def _frame(port: int, token: str, sent: Sent) -> None:
    wire = await Wire.connect("127.0.0.1", port, f"session={token}", lambda _wire, _payload: None)
    assert wire.transport is not None
    wire.transport.write(struct.pack("!BBQ4x", 0x81, 0x80 | 127, FRAME) + b"x" * FRAME)
    sent["frames of 4 MiB"] += 1
    await asyncio.sleep(0.1)
    wire.close()


async def _chat(port: int, token: str, class_id: str, sent: Sent) -> None:
    """As fast as the pace; a new socket whenever the server has closed the one before."""
    place = {"kind": "class", "id": class_id}
    while True:
        with suppress(OSError, TimeoutError):
            wire = await Wire.connect("127.0.0.1", port, f"session={token}", lambda _wire, _payload: None)
            assert wire.transport is not None
            while not wire.transport.is_closing():
                data = {"place": place, "text": "刷屏", "draft": str(uuid4())}
                wire.send(json.dumps({"v": 1, "type": "post.write", "id": "x", "data": data}).encode())
                sent["messages"] += 1
                await asyncio.sleep(1 / MESSAGES_PER_S)
        await asyncio.sleep(1 / MESSAGES_PER_S)  # who is refused asks again no faster than it writes


async def _sign_ins(port: int, sent: Sent) -> None:
    async def one() -> None:
        asker = Asker(port, "", sent_statuses)
        await asker.ask("POST", "/api/v1/session", {"account": f"L{uuid4().int % 10**5:05}", "password": "wrong-123"})
        asker.close()
        sent["sign-ins"] += 1

    sent_statuses: Counter[int] = Counter()
    await asyncio.gather(*(one() for _ in range(SIGN_INS_AT_ONCE)), return_exceptions=True)
