"""Orders: who may give them, what shape they have, that none is taken twice."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from media.orders import AUDIENCE, PATH, OrderError, Orders
from media.signing import sign_body
from tests.media.academy import CLASS, SECRET, Academy, academy


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Academy]:
    async with academy(tmp_path) as running:
        yield running


async def give(house: Academy, body: bytes, token: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with house.http.post(house.url + PATH, data=body, headers=headers) as response:
        return response.status, (await response.json()).get("code", "")


def signed(body: bytes, number: int = 1) -> str:
    return sign_body(SECRET, AUDIENCE, body, f"id-{number}", time.time())


async def test_every_order_answers_with_its_moment(house: Academy) -> None:
    before = time.time() * 1_000 - 1
    answers = [
        await house.orders.air_open(CLASS, rehearsal=False, low_latency=True),
        await house.orders.air_pause(CLASS),
        await house.orders.revoke_session("session-1"),
        await house.orders.drop_publisher(CLASS),
        await house.orders.air_end(CLASS),
        await house.orders.air_cut(CLASS),
        await house.orders.status(),
    ]
    assert all(before <= answer["at_ms"] <= time.time() * 1_000 + 1 for answer in answers)


async def test_each_order_may_be_given_twice(house: Academy) -> None:
    for _ in range(2):
        await house.orders.air_open(CLASS, rehearsal=False, low_latency=False)
        await house.orders.air_cut(CLASS)
    assert (await house.orders.status())["streams"][0]["wanted"] is False


async def test_an_unsigned_order_is_refused(house: Academy) -> None:
    body = b'{"name":"status"}'
    assert await give(house, body, "") == (401, "signature.missing")
    assert await give(house, body, sign_body(b"x" * 32, AUDIENCE, body, "id", time.time())) == (
        401,
        "signature.malformed",
    )
    assert await give(house, body, signed(b'{"name":"other"}')) == (401, "signature.wrong_body")
    assert await give(house, body, sign_body(SECRET, "jiangtang:event", body, "id", time.time())) == (
        401,
        "signature.wrong_purpose",
    )


async def test_a_repeated_order_is_refused(house: Academy) -> None:
    body = b'{"name":"status"}'
    token = signed(body)
    assert await give(house, body, token) == (200, "")
    assert await give(house, body, token) == (409, "order.repeated")


@pytest.mark.parametrize(
    "order",
    [
        {"name": "air_open", "stream": CLASS},
        {"name": "air_open", "stream": CLASS, "rehearsal": False, "low_latency": True, "more": 1},
        {"name": "air_pause", "stream": "../keys"},
        {"name": "air_pause", "stream": "x" * 100},
        {"name": "burn"},
        {},
        [],
        "air_end",
    ],
)
async def test_a_malformed_order_is_refused(house: Academy, order: object) -> None:
    body = json.dumps(order).encode()
    assert await give(house, body, signed(body)) == (422, "order.malformed")


async def test_what_is_no_json_is_refused(house: Academy) -> None:
    for number, body in enumerate((b"", b"{", b"[" * 10_000, b"\xff\xfe")):
        assert await give(house, body, signed(body, number)) == (422, "order.malformed")


async def test_the_client_says_what_was_refused(house: Academy) -> None:
    await house.orders.air_cut(CLASS)
    with pytest.raises(OrderError) as caught:
        await house.orders.air_open("sealed", rehearsal=False, low_latency=True)
    assert (caught.value.status, caught.value.code) == (404, "media.unknown")


async def test_the_client_says_when_media_is_away() -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(OrderError) as caught:
            await Orders("http://127.0.0.1:9", SECRET, http, time.time).status()
    assert (caught.value.status, caught.value.code) == (0, "media.unreachable")
