"""The whole media process: from a publisher on loopback to parts that a player may read."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import m3u8
import pytest

from tests.media.academy import CLASS, Academy, academy
from tests.media.class_on_air import Make, on_air, playlist, until_discontinuous
from tests.media.waiting import until


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Academy]:
    async with academy(tmp_path) as running:
        yield running


async def test_a_lecturers_packets_become_parts_that_a_learner_reads(house: Academy, lecturers: Make) -> None:
    await on_air(house, lecturers())
    index = m3u8.loads(await (await house.read("index.m3u8")).text())
    assert index.playlists[0].stream_info.resolution == (320, 180)
    assert index.playlists[0].stream_info.codecs == "avc1.42c01f,mp4a.40.2"
    live = await playlist(house)
    part = live.segments[-1].parts[0] if live.segments else None
    assert part is not None
    body = await (await house.read(part.uri)).read()
    assert body[4:8] in (b"moof", b"styp")


async def test_a_blocking_reload_waits_for_the_next_part(house: Academy, lecturers: Make) -> None:
    await on_air(house, lecturers())
    first = await playlist(house)
    segment = first.media_sequence + len(first.segments) - 1
    count = len(first.segments[-1].parts)
    response = await house.read(f"video.m3u8?_HLS_msn={segment}&_HLS_part={count}")
    assert response.status == 200
    after = m3u8.loads(await response.text())
    assert sum(len(s.parts) for s in after.segments) > sum(len(s.parts) for s in first.segments)


async def test_nobody_reads_without_leave(house: Academy, lecturers: Make) -> None:
    await on_air(house, lecturers())
    url = f"{house.url}/media/live/{CLASS}/video.m3u8"
    assert (await house.http.get(url)).status == 401
    assert (await house.read("video.m3u8", grant=house.grant("view", "another-class"))).status == 403
    assert (await house.read("video.m3u8", grant=house.grant("publish"))).status == 403
    assert (await house.read("video.m3u8", grant=house.grant("view", life_s=-30))).status == 401
    assert (await house.http.get(url, params={"grant": house.grant("view")})).status == 401


async def test_a_revoked_session_reads_and_publishes_nothing_more(house: Academy, lecturers: Make) -> None:
    await on_air(house, lecturers(), session="both")
    grant = house.grant("view", session="both")
    assert (await house.read("video.m3u8", grant=grant)).status == 200
    await house.orders.revoke_session("both")
    assert (await house.read("video.m3u8", grant=grant)).status == 403
    await until(lambda: bool(house.server.named("publisher_lost")), within_s=5)
    assert house.server.named("publisher_lost")[0].data == {"reason": "revoked"}


async def test_the_same_class_goes_on_from_another_device(house: Academy, lecturers: Make) -> None:
    first = lecturers()
    await on_air(house, first)
    await house.publish(lecturers(), house.grant(session="s2"))
    await until(lambda: len(house.server.named("on_air")) == 2)
    assert house.server.named("off_air")[0].data == {"reason": "replaced"}
    assert house.server.named("publisher_lost") == []
    await until(lambda: first.pc.connectionState == "closed")
    live = await until_discontinuous(house)
    runs = [event.run for event in house.server.named("on_air")]
    assert live.segments[0].parts[0].uri.startswith(runs[0])
    assert live.segments[-1].parts[-1].uri.startswith(runs[1])


async def test_the_media_clock_never_goes_back_over_two_publishers(house: Academy, lecturers: Make) -> None:
    await on_air(house, lecturers())
    await house.publish(lecturers(), house.grant(session="s2"))
    await until(lambda: len(house.server.named("on_air")) == 2)
    await house.orders.air_end(CLASS)
    await until(lambda: bool(house.server.named("recorded")))
    told = [e.at_ms for e in house.server.events if e.name in ("on_air", "off_air")]
    assert all(a <= b for a, b in pairwise(told))
    assert [e.name for e in house.server.events if "air" in e.name] == ["on_air", "off_air", "on_air", "off_air"]


async def test_a_class_that_ended_is_played_from_its_recording(house: Academy, lecturers: Make) -> None:
    await on_air(house, lecturers())
    await asyncio.sleep(1)
    await house.orders.air_end(CLASS)
    await until(lambda: bool(house.server.named("recorded")), within_s=10)
    headers = {"Authorization": f"Bearer {house.grant('view')}"}
    async with house.http.get(f"{house.url}/media/vod/{CLASS}/video.m3u8", headers=headers) as response:
        assert response.status == 200
        recording = m3u8.loads(await response.text())
    assert recording.is_endlist
    assert recording.segments


async def test_a_cut_class_answers_nobody_within_two_seconds(house: Academy, lecturers: Make) -> None:
    await on_air(house, lecturers())
    async with asyncio.timeout(2):
        await house.orders.air_cut(CLASS)
        assert (await house.read("video.m3u8")).status == 410
        assert (await house.read("index.m3u8")).status == 410
        await until(lambda: bool(house.server.named("publisher_lost")))
    headers = {"Authorization": f"Bearer {house.grant('view')}"}
    async with house.http.get(f"{house.url}/media/vod/{CLASS}/video.m3u8", headers=headers) as response:
        assert response.status == 410


async def test_a_publisher_whose_line_breaks_is_lost_and_comes_back(house: Academy, lecturers: Make) -> None:
    lecturer = lecturers()
    await on_air(house, lecturer)
    lecturer.loss = 1.0
    await until(lambda: bool(house.server.named("publisher_lost")), within_s=8)
    assert house.server.named("publisher_lost")[0].data == {"reason": "silent"}
    assert house.server.named("off_air")[0].data == {"reason": "lost"}
    lecturer.loss = 0.0
    await until(lambda: len(house.server.named("on_air")) == 2, within_s=8)
    assert len(house.server.named("publisher_connected")) == 2


async def test_operators_see_health_and_figures(house: Academy, lecturers: Make) -> None:
    assert (await house.http.get(house.url + "/healthz")).status == 200
    await on_air(house, lecturers())
    text = await (await house.http.get(house.url + "/metrics")).text()
    assert "media_publishers 1.0" in text
    assert "media_streams_on_air 1.0" in text


async def test_an_unknown_address_is_a_problem_like_any_other(house: Academy) -> None:
    response = await house.http.get(house.url + "/nowhere")
    assert (response.status, response.content_type) == (404, "application/problem+json")
