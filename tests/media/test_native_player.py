"""A player that plays HLS by itself, as WebKit does: no header of its own, the cookies of its address and no others."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp
import m3u8
import pytest
from aiohttp.test_utils import unused_port

from tests.media.academy import CLASS, Academy, academy
from tests.media.class_on_air import Make, on_air

PAGES = "https://academy.example.org"
INDEX = f"/media/live/{CLASS}/index.m3u8"


class NativePlayer:
    """Takes the cookie when it opens the address, and sends it to every address under the cookie's path."""

    def __init__(self, house: Academy) -> None:
        self.house = house
        self.cookie = SimpleCookie()

    async def shown(self, grant: str) -> aiohttp.ClientResponse:
        """What the page does with each of its grants."""
        address = f"{self.house.url}/media/live/{CLASS}/viewer"
        answer = await self.house.http.post(address, headers={"Authorization": f"Bearer {grant}"})
        if not self.cookie:
            self.cookie.load(answer.headers.get("Set-Cookie", ""))
        return answer

    async def gets(self, path: str) -> tuple[int, str]:
        """Status and text; a part's bytes as they come."""
        given = self.cookie.get("viewing")
        headers = {}
        if given is not None and urlsplit(path).path.startswith(given["path"]):
            headers["Cookie"] = f"viewing={given.value}"
        async with self.house.http.get(self.house.url + path, headers=headers) as answer:
            return answer.status, (await answer.read()).decode("latin-1")

    async def plays(self, index: str = INDEX) -> set[int]:
        """Every status on the way from the index to the parts, as the playlists name them."""
        status, text = await self.gets(index)
        if status != 200:
            return {status}
        listed = urljoin(index, m3u8.loads(text).playlists[0].uri)
        told, text = await self.gets(listed)
        segments = m3u8.loads(text).segments
        names = [part.uri for each in segments for part in each.parts] + [segments[0].init_section.uri]
        return {status, told} | {(await self.gets(urljoin(listed, name)))[0] for name in names}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Academy]:
    async with academy(tmp_path, edge_port=unused_port(), pages=PAGES) as found:
        yield found


async def test_a_native_player_gets_from_the_index_to_its_parts(house: Academy, lecturers: Make) -> None:
    await on_air(house, lecturers())
    player = NativePlayer(house)
    assert await player.plays() == {401}
    shown = await player.shown(house.grant("view"))
    cookie = player.cookie["viewing"]
    assert (shown.status, cookie["path"]) == (204, f"/media/live/{CLASS}/")
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert await player.plays() == {200}
    assert await player.plays(f"/media/live/{CLASS}-other/index.m3u8") == {401}


async def test_the_proxy_lets_a_native_player_pass_as_long_as_its_page_shows_grants(
    house: Academy, lecturers: Make
) -> None:
    await on_air(house, lecturers())
    player, door = NativePlayer(house), f"http://127.0.0.1:{house.media.settings.edge_port}/check"
    await player.shown(house.grant("view", life_s=-4))
    headers = {"Cookie": f"viewing={player.cookie['viewing'].value}"}
    last = await house.http.get(door + INDEX, headers=headers)
    assert (last.status, last.headers["Cache-Control"]) == (204, "no-store")
    await player.shown(house.grant("view", life_s=50))
    renewed = await house.http.get(door + INDEX, headers=headers)
    assert (renewed.status, renewed.headers["Cache-Control"]) == (204, "max-age=2")
    await house.orders.revoke_session("s1")
    assert (await house.http.get(door + INDEX, headers=headers)).status == 403
    assert await player.plays() == {403}


async def test_the_academys_pages_alone_may_let_a_player_in_at_another_address(house: Academy) -> None:
    address = f"{house.url}/media/live/{CLASS}/viewer"
    asked = {"Origin": PAGES, "Access-Control-Request-Method": "POST"}
    preflight = await house.http.options(address, headers=asked)
    shown = await NativePlayer(house).shown(house.grant("view"))
    for answer in (preflight, shown):
        assert answer.headers["Access-Control-Allow-Origin"] == PAGES
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert shown.headers["Cache-Control"] == "no-store"
