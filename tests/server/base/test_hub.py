"""When a process stops, its pages are sent away one after another."""

import json
import random

from server.base.bus import LocalBus
from server.base.hub import Hub


async def test_the_moments_at_which_pages_leave_are_spread_evenly() -> None:
    moments = await _moments(50)
    assert moments != sorted(moments)
    assert [sum(second * 1000 <= each < (second + 1) * 1000 for each in moments) for second in range(10)] == [5] * 10


async def test_many_pages_come_back_no_faster_than_a_process_takes_them_in() -> None:
    moments = await _moments(4_800)
    assert [sum(second * 1000 <= each < (second + 1) * 1000 for each in moments) for second in range(30)] == [160] * 30


async def _moments(pages: int) -> list[int]:
    """In how many ms each page is told to come back, when 10 s would be enough for few."""
    hub = Hub(LocalBus(), pages)
    told = [_Told() for _ in range(pages)]
    hub.sockets = dict(zip(map(str, range(pages)), told, strict=True))  # type: ignore[arg-type]
    await hub.stop(10, random.Random(7).random)
    return [json.loads(each.text)["data"]["after_ms"] for each in told]


class _Told:
    """A page that keeps what it is told."""

    text = ""

    async def offer(self, text: str) -> None:
        self.text = text

    async def hang_up(self, code: int) -> None:
        """Nothing to close."""
