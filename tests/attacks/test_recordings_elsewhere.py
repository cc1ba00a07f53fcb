"""A learner of one sub-centre reads no recording of another's, and is not even told that there is one (promise 8).

From leave to the last byte, for recordings on the disk of the media process and for those in an object store: there,
too, media reads the store itself and gives nobody an address of it.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import m3u8
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from media.archive import Archive, Archivist
from media.gate import Gate
from media.hls.routes import hls_routes
from media.sample import AudioCodec
from server.app import NOUNS
from server.attendance.running import attach
from server.base.office import Office
from server.base.work import SYSTEM
from tests.clock import TestClock
from tests.media.classroom import Classroom
from tests.media.hls.test_routes import refusals
from tests.media.material import h264, interleaved, opus
from tests.media.test_gate import Keys
from tests.objects import a_store
from tests.people import a_province
from tests.server.live.classes import ended
from tests.visits import Answer, Browser, a_house

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Player = TestClient[web.Request, web.Application]
Players = Callable[[web.Application], Awaitable[Player]]


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with a_store() as url:
        yield url


@pytest.fixture(params=["disk", "objects"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive | None:
    """Where segments go when a class is over; None: they stay."""
    if request.param == "disk":
        return None
    return Archive(f"{request.getfixturevalue('store')}/{tmp_path.name}")


@dataclass(slots=True)
class Media:
    """The readers' side of media: its gate and what it has kept."""

    player: Player

    async def reads(self, stream: str, name: str, grant: str = "") -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of one address of a recording."""
        headers = {"Authorization": f"Bearer {grant}"} if grant else {}
        async with self.player.get(f"/media/vod/{stream}/{name}", headers=headers, allow_redirects=False) as answer:
            told = {key: value for key, value in answer.headers.items() if key != "Date"}
            return answer.status, await answer.read(), told

    async def names(self, stream: str, grant: str) -> list[str]:
        """Every address of a recording, as its list names them."""
        listed = m3u8.loads((await self.reads(stream, "video.m3u8", grant))[1].decode())
        init = str(listed.segments[0].init_section.uri)
        return ["index.m3u8", "video.m3u8", init, *(str(each.uri) for each in listed.segments)]


async def recorded(folder: Path, stream: str, archive: Archive | None) -> Classroom:
    """Nine seconds on air, ended, and brought to the archive if there is one."""
    classroom = Classroom(folder, stream)
    publication = classroom.publish(audio=AudioCodec.OPUS)
    classroom.stream.open()
    classroom.feed(publication, interleaved(h264(9.0), opus(9.0)))
    await classroom.stream.end()
    if archive is not None:
        await Archivist(classroom.storage, archive, lambda _: False).round()
    return classroom


def leave(browser: Browser, class_id: object) -> Awaitable[Answer]:
    return browser.post(f"/classes/{class_id}/viewing", {"replay": True})


async def test_a_recording_of_another_sub_centre_answers_like_one_that_does_not_exist(
    office: Office, clock: TestClock, tmp_path: Path, archive: Archive | None, aiohttp_client: Players
) -> None:
    town, nowhere = await a_province(office), uuid4()
    for_one = {"lecturers": (), "assistants": ()}
    a, b = [
        await office.do(SYSTEM, ended, unit_path=unit.path, audience_unit=unit.id, audience_path=unit.path, **for_one)
        for unit in (town.own, town.sibling)
    ]
    for lesson in (a, b):
        room = await recorded(tmp_path, str(lesson.id), archive)
    gate = Gate(office.services.media_secret, Keys({}), lambda: clock.now().timestamp())
    app = web.Application(middlewares=[refusals])
    app.add_routes(hls_routes(lambda _: None, room.storage, gate, archive))
    media = Media(await aiohttp_client(app))
    async with a_house(office, NOUNS, attach) as house:
        at_a, at_b = [await house.browser_of(await town.a_learner(at=unit)) for unit in (town.own, town.sibling)]
        own, others = (await leave(at_a, a.id)).body["grant"], (await leave(at_b, b.id)).body["grant"]
        refused, unknown = await leave(at_b, a.id), await leave(at_b, nowhere)
    assert (refused.status, refused.raw) == (unknown.status, unknown.raw)
    assert (refused.status, refused.code) == (404, "class.unknown")
    names = await media.names(str(a.id), own)
    assert len(names) > 4
    for name in names:
        status, body, told = await media.reads(str(a.id), name, own)
        assert (status, bool(body), "Location" in told) == (200, True, False), name
        for grant, wanted in ((others, 403), ("", 401)):
            here = await media.reads(str(a.id), name, grant)
            assert here == await media.reads(str(nowhere), name, grant), name
            assert here[0] == wanted, name
