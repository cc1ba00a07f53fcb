"""A media process in the test's own loop, and a stand-in for the server that takes its events and knows its keys."""

import hashlib
import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web
from aiohttp.test_utils import unused_port

from media.app import Media, running
from media.config import MediaSettings
from media.events import KEY_AUDIENCE, KEY_PATH, PATH, Event, receive
from media.grants import Grant, Purpose, sign
from media.orders import Orders
from media.signing import bearer, check_body
from tests.media.lecturer import Lecturer
from tests.media.waiting import until

SECRET = b"k" * 32
CLASS = "0193a5b0-0000-7000-8000-000000000001"


@dataclass
class FakeServer:
    """Takes events (each once, as the server does) and says which encoder keys are valid."""

    events: list[Event] = field(default_factory=list)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: int = 0

    def named(self, name: str, stream: str = CLASS) -> list[Event]:
        return [event for event in self.events if event.name == name and event.stream == stream]

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post(PATH, self._event), web.post(KEY_PATH, self._key)])
        return app

    async def _event(self, request: web.Request) -> web.Response:
        event = receive(SECRET, request.headers.get("Authorization"), await request.read(), time.time())
        if event.id not in {known.id for known in self.events}:
            self.events.append(event)
        return web.Response(status=204)

    async def _key(self, request: web.Request) -> web.Response:
        self.asked += 1
        body = await request.read()
        check_body(SECRET, KEY_AUDIENCE, bearer(request.headers.get("Authorization")), body, time.time())
        asked = await request.json()
        key = self.keys.get((asked["stream"], asked["key_sha256"]))
        return web.json_response({"valid": key is not None, **({"key": key} if key else {})})


@dataclass
class Academy:
    """What a test has in hand."""

    url: str
    http: aiohttp.ClientSession
    server: FakeServer
    media: Media
    orders: Orders

    def grant(self, purpose: Purpose = "publish", stream: str = CLASS, session: str = "s1", life_s: float = 60) -> str:
        rates = {"start_kbps": 2000, "min_kbps": 600, "max_kbps": 3000} if purpose == "publish" else {}
        return sign(SECRET, Grant(purpose, stream, session, uuid4().hex, int(time.time() + life_s), **rates))

    def encoder_key(self, stream: str = CLASS, name: str = "key-1") -> str:
        key = f"jt_enc_{uuid4().hex}"
        self.server.keys[(stream, hashlib.sha256(key.encode()).hexdigest())] = name
        return key

    def whip(self, stream: str = CLASS) -> str:
        return f"{self.url}/media/whip/{stream}"

    async def post(self, offer: str, token: str, stream: str = CLASS) -> aiohttp.ClientResponse:
        """Posts an offer and reads the answer."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        response = await self.http.post(self.whip(stream), data=io.BytesIO(offer.encode()), headers=headers)
        await response.read()
        return response

    async def publish(self, lecturer: Lecturer, token: str = "", stream: str = CLASS) -> str:
        """Publishes and waits until it is heard of; returns the address of the session."""
        before = len(self.server.named("publisher_connected", stream))
        response = await self.post(await lecturer.offer(), token or self.grant(stream=stream), stream)
        assert response.status == 201, await response.text()
        await lecturer.accept(await response.text())
        await lecturer.connected()
        await until(lambda: len(self.server.named("publisher_connected", stream)) > before)
        return self.url + response.headers["Location"]

    async def read(self, path: str, grant: str = "", stream: str = CLASS) -> aiohttp.ClientResponse:
        """Reads something of the live stream as a viewer."""
        token = grant or self.grant("view", stream)
        response = await self.http.get(
            f"{self.url}/media/live/{stream}/{path}", headers={"Authorization": f"Bearer {token}"}
        )
        await response.read()
        return response


@asynccontextmanager
async def academy(data: Path, **settings: Any) -> AsyncIterator[Academy]:
    """A running media process on `data`, with its stand-in for the server."""
    server, port = FakeServer(), unused_port()
    runner = web.AppRunner(server.application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    given: dict[str, Any] = {"data": data, "port": 0, "server": f"http://127.0.0.1:{port}", "secret": SECRET.hex()}
    try:
        async with aiohttp.ClientSession() as http, running(MediaSettings(**given | settings)) as (media, media_port):
            url = f"http://127.0.0.1:{media_port}"
            yield Academy(url, http, server, media, Orders(url, SECRET, http, time.time))
    finally:
        await runner.cleanup()
