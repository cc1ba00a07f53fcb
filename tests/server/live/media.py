"""A media process for tests: takes signed orders, can be away or slow, and says what it is told to say."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from aiohttp import web
from aiohttp.test_utils import TestServer

from media.events import Event, EventName
from media.orders import AUDIENCE, ORDER, PATH, Order
from media.signing import bearer, check_body
from server.live.store import LiveClass
from server.live.streams import stream_of
from tests.server.live.classes import ms


def news(
    lesson: LiveClass, name: EventName, at: datetime, run: str = "run-1", *, rehearsal: bool = False, **data: Any
) -> Event:
    """What media says of a class."""
    return Event(str(uuid4()), stream_of(lesson.id, rehearsal=rehearsal), run, name, ms(at), data)


@dataclass
class FakeMedia:
    """`taken` are the orders obeyed, in order; `answers` what it says to an order by name instead of obeying."""

    secret: bytes
    taken: list[Order] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    away: bool = False
    pause_s: float = 0.0
    url: str = ""

    @property
    def names(self) -> list[str]:
        return [order.name for order in self.taken]

    async def _order(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.pause_s)
        if self.away:
            return web.json_response({"code": "media.away"}, status=503)
        body = await request.read()
        check_body(self.secret, AUDIENCE, bearer(request.headers.get("Authorization")), body, time.time())
        order = ORDER.validate_json(body)
        obeyed = {"at_ms": round(time.time() * 1000)} | ({"video": "ready"} if order.name == "prepare_video" else {})
        status, said = self.answers.get(order.name, (200, obeyed))
        if status == 200:
            self.taken.append(order)
        return web.json_response(said, status=status)


@asynccontextmanager
async def fake_media(secret: bytes) -> AsyncIterator[FakeMedia]:
    """A fake media process on a loopback port."""
    fake = FakeMedia(secret)
    app = web.Application()
    app.router.add_post(PATH, fake._order)
    async with TestServer(app, host="127.0.0.1") as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake
