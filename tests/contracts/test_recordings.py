"""One suite for recordings that stay in the data folder and for those that leave it for an object store."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import m3u8
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, unused_port

from media.archive import Archive, Archivist
from media.edge import Everybody
from media.hls.routes import hls_routes
from media.sample import AudioCodec
from tests.media.classroom import Classroom
from tests.media.material import h264, interleaved, opus
from tests.objects import a_store

Client = TestClient[web.Request, web.Application]
Clients = Callable[[web.Application], Awaitable[Client]]


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with a_store() as url:
        yield url


@dataclass
class Hall:
    """A class that has ended; `archivist` is what takes it away, where something does."""

    classroom: Classroom
    archive: Archive | None
    archivist: Archivist | None

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(hls_routes(lambda _: None, self.classroom.storage, Everybody(), self.archive))
        return app

    async def settle(self) -> None:
        """All that happens after a class has happened."""
        if self.archivist is not None:
            await self.archivist.round()


def hall_of(folder: Path, archive: Archive | None, *, still_open: bool = False) -> Hall:
    classroom = Classroom(folder)
    archivist = Archivist(classroom.storage, archive, lambda _: still_open) if archive else None
    return Hall(classroom, archive, archivist)


@pytest.fixture(params=["folder", "objects"])
async def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Hall:
    objects = request.param == "objects"
    archive = Archive(f"{request.getfixturevalue('store')}/{tmp_path.name}") if objects else None
    return await taught(hall_of(tmp_path, archive))


async def taught(hall: Hall) -> Hall:
    """After nine seconds on air."""
    publication = hall.classroom.publish(audio=AudioCodec.OPUS)
    hall.classroom.stream.open()
    hall.classroom.feed(publication, interleaved(h264(9.0), opus(9.0)))
    await hall.classroom.stream.end()
    return hall


async def everything(player: Client) -> dict[str, bytes]:
    """All that the recording's list names, and the list."""
    listed = await (await player.get("/media/vod/class-1/video.m3u8")).text()
    found = m3u8.loads(listed)
    uris = ["video.m3u8", str(found.segments[0].init_section.uri), *(str(each.uri) for each in found.segments)]
    answers = {uri: await player.get(f"/media/vod/class-1/{uri}") for uri in uris}
    assert {answer.status for answer in answers.values()} == {200}
    return {uri: await answer.read() for uri, answer in answers.items()}


async def test_a_recording_is_the_same_wherever_it_is(hall: Hall, aiohttp_client: Clients) -> None:
    player = await aiohttp_client(hall.app())
    before = await everything(player)
    await hall.settle()
    assert await everything(player) == before
    assert len(before) > 3
    assert bool(hall.classroom.storage.files("class-1")) == (hall.archive is None)


async def test_a_piece_of_a_segment_can_be_asked_for(hall: Hall, aiohttp_client: Clients) -> None:
    player = await aiohttp_client(hall.app())
    await hall.settle()
    piece = await player.get("/media/vod/class-1/run-1/1.m4s", headers={"Range": "bytes=4-7"})
    assert (piece.status, await piece.read()) == (206, b"moof")
    assert (await player.get("/media/vod/class-1/run-1/99.m4s")).status == 404
    assert (await player.get("/media/vod/class-1/run-1/..%2findex.jsonl")).status == 404


async def test_a_class_that_is_cut_afterwards_is_dark(hall: Hall, aiohttp_client: Clients) -> None:
    player = await aiohttp_client(hall.app())
    await hall.settle()
    await hall.classroom.another().cut()
    for path in ("video.m3u8", "run-1/1.m4s"):
        assert (await player.get(f"/media/vod/class-1/{path}")).status == 410
    await hall.settle()


async def test_what_is_not_safe_in_the_store_stays_on_the_disk(tmp_path: Path, aiohttp_client: Clients) -> None:
    away = Archive(f"http://key:secret@127.0.0.1:{unused_port()}/bucket")
    hall = await taught(hall_of(tmp_path, away))
    player = await aiohttp_client(hall.app())
    await hall.settle()
    assert len(await everything(player)) > 3
    hall.classroom.storage.files("class-1")[-1].unlink()
    gone = hall.classroom.storage.file("class-1", "run-1", "2.m4s")
    gone.unlink(missing_ok=True)
    answer = await player.get("/media/vod/class-1/run-1/2.m4s")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


async def test_a_class_whose_end_is_still_read_is_left_alone(store: str, tmp_path: Path) -> None:
    hall = await taught(hall_of(tmp_path, Archive(f"{store}/{tmp_path.name}"), still_open=True))
    kept = hall.classroom.storage.files("class-1")
    await hall.settle()
    assert hall.classroom.storage.files("class-1") == kept != []
