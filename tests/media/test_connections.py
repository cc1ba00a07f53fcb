"""Connections that say nothing, or half of it, are let go; those that work are left alone."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from media.connections import Connections

Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class House:
    """A server whose waits are short."""

    def __init__(self, limit: int = 100) -> None:
        self.connections = Connections(limit, first_within_s=0.3, next_within_s=0.6)
        self.port = 0

    async def connect(self, text: str = "") -> Peer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(text.encode())
        return reader, writer


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()

    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(1)
        return web.Response(text="done")

    async def quick(request: web.Request) -> web.Response:
        return web.Response(text="done")

    app = web.Application(middlewares=[house.connections.middleware])
    app.add_routes([web.get("/slow", slow), web.get("/quick", quick)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    assert runner.server is not None
    factory = house.connections.guarded(runner.server)
    listener = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    house.port = listener.sockets[0].getsockname()[1]
    yield house
    listener.close()
    await runner.cleanup()


async def closed_after(peer: Peer) -> float:
    """Seconds until the server closes the connection."""
    start = time.monotonic()
    try:
        async with asyncio.timeout(5):
            while await peer[0].read(65_536):
                pass
    except (ConnectionResetError, BrokenPipeError):
        pass
    peer[1].close()
    return time.monotonic() - start


@pytest.mark.parametrize("said", ["", "GET /quick HT", "GET /quick HTTP/1.1\r\nHost: a\r\nX-Half"])
async def test_a_connection_that_says_nothing_whole_is_let_go(house: House, said: str) -> None:
    assert await closed_after(await house.connect(said)) > 0.2


async def test_a_byte_now_and_then_doesnt_help(house: House) -> None:
    reader, writer = await house.connect()
    for letter in "GET /quick HTTP":
        if writer.is_closing():
            break
        writer.write(letter.encode())
        await asyncio.sleep(0.05)
    assert await closed_after((reader, writer)) < 0.3


async def test_a_request_that_takes_long_is_not_cut_short(house: House) -> None:
    reader, writer = await house.connect("GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert (await reader.read(65_536)).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_between_two_requests_a_connection_may_rest_a_while(house: House) -> None:
    reader, writer = await house.connect()
    for _ in range(3):
        writer.write(b"GET /quick HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"done" in await reader.read(65_536)
        await asyncio.sleep(0.4)
    assert await closed_after((reader, writer)) < 0.5


async def test_half_a_second_request_is_let_go_too(house: House) -> None:
    reader, writer = await house.connect("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n")
    await reader.read(65_536)
    writer.write(b"GET /quick HTTP/1.1\r\nX-Ha")
    assert 0.3 < await closed_after((reader, writer)) < 1.2


async def test_no_more_than_the_limit_are_taken(house: House) -> None:
    house.connections._limit = 3
    kept = [await house.connect() for _ in range(3)]
    await asyncio.sleep(0.05)
    assert await closed_after(await house.connect()) < 0.2
    for _, writer in kept:
        writer.close()
    await asyncio.sleep(0.05)
    reader, writer = await house.connect("GET /quick HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert (await reader.read(65_536)).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_nothing_is_remembered_of_who_has_left(house: House) -> None:
    for _ in range(20):
        _, writer = await house.connect("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n")
        writer.close()
    await asyncio.sleep(0.2)
    assert house.connections.count == 0
