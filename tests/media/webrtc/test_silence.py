"""A line is held while packets come, whether or not the encoder answers requests for consent (RFC 7675)."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aioice.ice import Connection

from media.webrtc import ice
from media.webrtc.ice import Door


class Line(SimpleNamespace):
    """A connection that can be closed."""

    closed = False

    async def close(self) -> None:
        self.closed = True


async def test_a_line_on_which_packets_come_is_held_and_a_silent_one_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ice, "SILENT_S", 0.2)
    line, door = Line(), Door()
    listening = asyncio.create_task(ice._listen(cast(Connection, cast(Any, line)), door))
    for _ in range(10):
        await asyncio.sleep(0.05)
        door.heard_at = time.monotonic()
    assert not line.closed
    await asyncio.wait_for(listening, 5)
    assert line.closed
