"""What media asks and tells the server, and how often."""

import hashlib
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from media.events import Event
from media.server import Server
from tests.media.academy import CLASS, SECRET, FakeServer

EVENT = Event("event-1", CLASS, "run-1", "on_air", 1)


class House:
    def __init__(self, fake: FakeServer, url: str, http: aiohttp.ClientSession) -> None:
        self.fake, self.now = fake, time.time()
        self.server = Server(url, SECRET, http, lambda: self.now)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    fake, port = FakeServer(), unused_port()
    runner = web.AppRunner(fake.application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession() as http:
        yield House(fake, f"http://127.0.0.1:{port}/", http)
    await runner.cleanup()


async def test_an_event_arrives_signed(house: House) -> None:
    assert await house.server.post(EVENT) == 204
    assert house.fake.events == [EVENT]


async def test_a_valid_key_is_named_and_another_is_not(house: House) -> None:
    house.fake.keys[(CLASS, hashlib.sha256(b"jt_enc_good").hexdigest())] = "key-1"
    assert await house.server.encoder_key(CLASS, "jt_enc_good") == "key-1"
    assert await house.server.encoder_key(CLASS, "jt_enc_bad") is None
    assert await house.server.encoder_key("another-class", "jt_enc_good") is None


async def test_an_answer_is_kept_for_five_seconds(house: House) -> None:
    for _ in range(10):
        await house.server.encoder_key(CLASS, "jt_enc_x")
    assert house.fake.asked == 1
    house.now += 5
    await house.server.encoder_key(CLASS, "jt_enc_x")
    assert house.fake.asked == 2


async def test_a_clock_that_steps_back_doesnt_keep_an_answer_for_ever(house: House) -> None:
    await house.server.encoder_key(CLASS, "jt_enc_x")
    house.now -= 20
    await house.server.encoder_key(CLASS, "jt_enc_x")
    assert house.fake.asked == 2


async def test_a_server_that_is_away_is_told_apart_from_a_no() -> None:
    async with aiohttp.ClientSession() as http:
        server = Server("http://127.0.0.1:9", SECRET, http, time.time)
        with pytest.raises(OSError, match="Connect"):
            await server.encoder_key(CLASS, "jt_enc_x")
        with pytest.raises(OSError, match="Connect"):
            await server.post(EVENT)
