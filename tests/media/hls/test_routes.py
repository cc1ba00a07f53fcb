"""What a player gets over HTTP: statuses, types, how long an answer may be kept, pieces of files, the gate."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import m3u8
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from media.errors import Refused, problem
from media.hls.routes import hls_routes
from media.hls.window import WindowPolicy
from media.sample import AudioCodec
from media.stream import HlsPolicy, Stream
from tests.media.classroom import Classroom
from tests.media.material import h264, interleaved, opus

Client = TestClient[web.Request, web.Application]
Clients = Callable[[web.Application], Awaitable[Client]]


class Door:
    """Lets those pass who say the stream's name; counts them."""

    def __init__(self) -> None:
        self.shut = False
        self.passed = 0

    def check(self, request: web.Request, stream: str) -> None:
        if self.shut or request.query.get("grant", stream) != stream:
            raise Refused(403, "grant.wrong_stream", "The grant is for another stream.")
        self.passed += 1


@web.middleware
async def refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        return problem(refused.status, refused.code, refused.title, refused.headers)


class House:
    """One class served over HTTP."""

    def __init__(self, folder: Path, policy: HlsPolicy | None = None) -> None:
        self.classroom = Classroom(folder, policy=policy)
        self.door = Door()
        self.here = True

    def app(self) -> web.Application:
        app = web.Application(middlewares=[refusals])
        app.add_routes(hls_routes(self._find, self.classroom.storage, self.door))
        return app

    def on_air(self, seconds: float = 9.0) -> None:
        publication = self.classroom.publish(audio=AudioCodec.OPUS)
        self.classroom.stream.open()
        self.classroom.feed(publication, interleaved(h264(seconds), opus(seconds)))

    def _find(self, stream: str) -> Stream | None:
        return self.classroom.stream if self.here and stream == "class-1" else None


@pytest.fixture
async def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
async def player(house: House, aiohttp_client: Clients) -> Client:
    return await aiohttp_client(house.app())


async def test_a_player_finds_everything_from_the_index(house: House, player: Client) -> None:
    house.on_air()
    index = await player.get("/media/live/class-1/index.m3u8")
    assert (index.status, index.content_type) == (200, "application/vnd.apple.mpegurl")
    variant = m3u8.loads(await index.text()).playlists[0]
    assert (variant.stream_info.resolution, variant.stream_info.codecs) == ((320, 180), "avc1.42c00c,mp4a.40.2")
    media = await player.get(f"/media/live/class-1/{variant.uri}")
    listed = m3u8.loads(await media.text())
    uris = [listed.segments[0].init_section.uri, *(one.uri for one in listed.segments if one.uri)]
    uris += [part.uri for one in listed.segments for part in one.parts]
    for uri in uris:
        answer = await player.get(f"/media/live/class-1/{uri}")
        assert (answer.status, answer.content_type) == (200, "video/mp4")
        assert answer.headers["Cache-Control"] == "max-age=3600, immutable"


async def test_parts_make_the_segment(house: House, player: Client) -> None:
    house.on_air()
    parts = [await (await player.get(f"/media/live/class-1/run-1/1.{n}.m4s")).read() for n in range(9)]
    assert b"".join(parts) == await (await player.get("/media/live/class-1/run-1/1.m4s")).read()


async def test_a_blocking_request_may_be_kept_longer_than_a_plain_one(house: House, player: Client) -> None:
    house.on_air()
    plain = await player.get("/media/live/class-1/video.m3u8")
    blocking = await player.get("/media/live/class-1/video.m3u8?_HLS_msn=3&_HLS_part=0")
    assert (plain.headers["Cache-Control"], blocking.headers["Cache-Control"]) == ("max-age=1", "max-age=5")


async def test_a_request_ahead_of_its_time_is_answered_when_the_part_comes(house: House, player: Client) -> None:
    house.on_air()
    growing = house.classroom.stream.window.segments[-1]
    uri = f"_HLS_msn={growing.msn}&_HLS_part={growing.part_count}&_HLS_skip=YES"
    waiting = asyncio.create_task(player.get(f"/media/live/class-1/video.m3u8?{uri}"))
    hinted = asyncio.create_task(player.get(f"/media/live/class-1/{growing.part_uri(growing.part_count)}"))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    assert not hinted.done()
    house.classroom.stream.pause()
    assert (await hinted).status == 200
    assert growing.part_uri(growing.part_count - 1) in await (await waiting).text()


@pytest.mark.parametrize(
    "query", ["_HLS_msn=9", "_HLS_msn=3&_HLS_part=99", "_HLS_part=1", "_HLS_msn=x", "_HLS_msn=1&_HLS_part=-1"]
)
async def test_a_position_that_is_none_is_refused(house: House, player: Client, query: str) -> None:
    house.on_air()
    answer = await player.get(f"/media/live/class-1/video.m3u8?{query}")
    assert (answer.status, answer.content_type) == (400, "application/problem+json")
    assert (await answer.json())["code"] == "media.too_far"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "live/other/index.m3u8",
        "live/other/video.m3u8",
        "live/class-1/run-1/99.m4s",
        "live/class-1/run-1/1.99.m4s",
        "live/class-1/run-2/1.m4s",
        "live/class-1/run-1/init-9.mp4",
        "live/class-1/run-1/index.jsonl",
        "live/class-1/%2e%2e/index.jsonl",
        "live/%2e%2e/run-1/1.m4s",
        "live/other/run-1/1.0.m4s",
        "vod/class-1/index.m3u8",
        "vod/class-1/video.m3u8",
        "vod/other/video.m3u8",
    ],
)
async def test_what_is_not_there_is_404(house: House, player: Client, path: str) -> None:
    house.on_air()
    assert (await player.get(f"/media/{path}")).status == 404


async def test_the_gate_is_asked_for_every_address(house: House, player: Client) -> None:
    house.on_air()
    for path in ("index.m3u8", "video.m3u8", "run-1/init-0.mp4", "run-1/1.m4s", "run-1/1.0.m4s"):
        assert (await player.get(f"/media/live/class-1/{path}?grant=class-2")).status == 403
    assert house.door.passed == 0


async def test_the_gate_is_asked_again_after_the_wait(house: House, player: Client) -> None:
    house.on_air()
    growing = house.classroom.stream.window.segments[-1]
    uri = f"_HLS_msn={growing.msn}&_HLS_part={growing.part_count}"
    waiting = asyncio.create_task(player.get(f"/media/live/class-1/video.m3u8?{uri}"))
    await asyncio.sleep(0.1)
    house.door.shut = True
    house.classroom.stream.pause()
    assert (await waiting).status == 403


async def test_a_piece_of_a_segment_can_be_asked_for(house: House, player: Client) -> None:
    house.on_air()
    whole = await (await player.get("/media/live/class-1/run-1/1.m4s")).read()
    piece = await player.get("/media/live/class-1/run-1/1.m4s", headers={"Range": "bytes=10-19"})
    assert (piece.status, await piece.read()) == (206, whole[10:20])
    assert piece.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    rest = await player.get("/media/live/class-1/run-1/1.m4s", headers={"Range": "bytes=10-"})
    assert await rest.read() == whole[10:]
    beyond = await player.get("/media/live/class-1/run-1/1.m4s", headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status == 416
    assert (await player.get("/media/live/class-1/run-1/1.m4s", headers={"Range": "lines=1"})).status == 416


async def test_after_the_end_the_recording_plays_from_disk(house: House, player: Client) -> None:
    house.on_air()
    await house.classroom.stream.end()
    house.here = False
    for kind in ("vod", "live"):
        index = await player.get(f"/media/{kind}/class-1/index.m3u8")
        assert m3u8.loads(await index.text()).playlists[0].uri == "video.m3u8"
        listed = m3u8.loads(await (await player.get(f"/media/{kind}/class-1/video.m3u8")).text())
        assert listed.is_endlist
        assert listed.playlist_type == "vod"
        for uri in (listed.segments[0].init_section.uri, *(one.uri for one in listed.segments)):
            answer = await player.get(f"/media/{kind}/class-1/{uri}")
            assert (answer.status, answer.content_type) == (200, "video/mp4")
    piece = await player.get("/media/vod/class-1/run-1/1.m4s", headers={"Range": "bytes=4-7"})
    assert (piece.status, await piece.read()) == (206, b"moof")


async def test_a_cut_class_is_gone_in_memory_and_on_disk(house: House, player: Client) -> None:
    house.on_air()
    await house.classroom.stream.end()
    assert (await player.get("/media/vod/class-1/video.m3u8")).status == 200
    await house.classroom.stream.cut()
    for here in (True, False):
        house.here = here
        for path in ("live/class-1/video.m3u8", "vod/class-1/video.m3u8", "vod/class-1/run-1/1.m4s"):
            answer = await player.get(f"/media/{path}")
            assert (answer.status, (await answer.json())["code"]) == (410, "media.cut")


async def test_one_reader_too_many_is_told_to_come_again(tmp_path: Path, aiohttp_client: Clients) -> None:
    house = House(tmp_path, HlsPolicy(window=WindowPolicy(most_readers=0)))
    player = await aiohttp_client(house.app())
    house.on_air()
    growing = house.classroom.stream.window.segments[-1]
    answer = await player.get(f"/media/live/class-1/{growing.part_uri(growing.part_count)}")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
