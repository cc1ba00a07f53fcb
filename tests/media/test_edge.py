"""The door of a cache in front: who is let read there, how long that may be remembered, what a cache may keep."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from tests.media.academy import CLASS, Academy, academy
from tests.media.class_on_air import Make, on_air

PAGES = "https://academy.example.org"


@dataclass
class Edge:
    """An academy and what its proxy and its cache ask."""

    house: Academy
    url: str

    async def asks(self, grant: str, path: str = f"/media/live/{CLASS}/video.m3u8") -> aiohttp.ClientResponse:
        headers = {"Authorization": f"Bearer {grant}"} if grant else {}
        return await self.house.http.get(f"{self.url}/check{path}", headers=headers)

    async def reads(self, path: str) -> aiohttp.ClientResponse:
        return await self.house.http.get(f"{self.url}/media/live/{CLASS}/{path}")


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    port = unused_port()
    async with academy(tmp_path, edge_port=port, pages=f"{PAGES}/") as house:
        yield Edge(house, f"http://127.0.0.1:{port}")


async def test_a_viewers_leave_is_remembered_for_seconds_and_never_longer_than_it_holds(edge: Edge) -> None:
    fresh = await edge.asks(edge.house.grant("view"))
    last = await edge.asks(edge.house.grant("view", life_s=-4))
    assert (fresh.status, fresh.headers["Cache-Control"]) == (204, "max-age=2")
    assert (last.status, last.headers["Cache-Control"]) == (204, "no-store")


async def test_who_has_no_leave_is_refused_and_that_is_not_remembered(edge: Edge) -> None:
    house = edge.house
    wrong = ["", house.grant("view", life_s=-30), house.grant("view", stream="other"), house.grant("publish")]
    told = [await edge.asks(grant) for grant in wrong]
    assert [answer.status for answer in told] == [401, 401, 403, 403]
    assert {answer.headers["Cache-Control"] for answer in told} == {"no-store"}
    by_query = f"/media/vod/{CLASS}/index.m3u8?grant={house.grant('view')}"
    assert (await edge.asks("", by_query)).status == 401
    assert (await edge.asks(house.grant("view"), "/media/whip/x")).status == 404


async def test_a_revoked_viewer_and_a_cut_class_are_refused_at_once(edge: Edge, lecturers: Make) -> None:
    house, grant = edge.house, edge.house.grant("view", session="gone")
    await on_air(house, lecturers())
    assert (await edge.asks(grant)).status == 204
    await house.orders.revoke_session("gone")
    assert (await edge.asks(grant)).status == 403
    stays = house.grant("view")
    await house.orders.air_cut(CLASS)
    assert (await edge.asks(stays)).status == 403
    for path in ("video.m3u8", "1.0.m4s"):
        dark = await edge.reads(path)
        assert (dark.status, dark.headers["Cache-Control"]) == (410, "no-store")


async def test_the_cache_reads_without_a_grant_what_a_viewer_reads_with_one(edge: Edge, lecturers: Make) -> None:
    await on_air(edge.house, lecturers())
    assert (await edge.reads("index.m3u8")).status == 200
    first = await edge.reads("video.m3u8?_HLS_msn=1&_HLS_part=0")
    assert first.headers["Cache-Control"] == "max-age=5"
    part = next(line.split('"')[1] for line in (await first.text()).splitlines() if line.startswith("#EXT-X-PART:"))
    kept = await edge.reads(part)
    assert kept.headers["Cache-Control"] == "max-age=3600, immutable"
    assert await kept.read() == await (await edge.house.read(part)).read()


async def test_without_the_setting_there_is_no_such_door(tmp_path: Path) -> None:
    async with academy(tmp_path) as house:
        for path in (f"/check/media/live/{CLASS}/video.m3u8", f"/media/live/{CLASS}/video.m3u8"):
            assert (await house.http.get(house.url + path)).status in (401, 404)


async def test_the_academys_pages_alone_may_read_at_another_address(edge: Edge) -> None:
    http, whip = edge.house.http, edge.house.whip()
    asked = {"Origin": PAGES, "Access-Control-Request-Method": "POST"}
    for address in (whip, f"{edge.house.url}/media/live/{CLASS}/video.m3u8", f"{edge.url}/media/live/{CLASS}/x"):
        preflight = await http.options(address, headers=asked)
        assert (preflight.status, preflight.headers["Access-Control-Allow-Origin"]) == (204, PAGES)
        assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    for origin in (PAGES, "https://evil.example"):
        refused = await http.post(whip, headers={"Origin": origin, "Content-Type": "application/sdp"}, data=b"v=0")
        assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (401, PAGES)
        assert "Location" in refused.headers["Access-Control-Expose-Headers"]


async def test_without_the_pages_address_no_other_origin_may_read(tmp_path: Path) -> None:
    async with academy(tmp_path) as house:
        asked = {"Origin": PAGES, "Access-Control-Request-Method": "POST"}
        answer = await house.http.options(house.whip(), headers=asked)
        assert "Access-Control-Allow-Origin" not in answer.headers
