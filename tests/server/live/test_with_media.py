"""With the real media process: from a lecturer's packets to a learner's playlist, lost, killed, cut and recorded."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from media.orders import Orders
from server.base.clock import SystemClock
from server.base.config import Settings
from server.base.db import Database
from server.base.office import Office
from server.base.services import Services
from server.live import store
from server.live.reactions import REACTIONS
from server.live.routes import NOUNS as LIVE
from server.live.store import LiveClass
from server.migrations.run import migrate
from server.people.routes import NOUNS as PEOPLE
from server.rules.live import State
from tests.media.lecturer import Lecturer
from tests.media.test_ffmpeg import brought
from tests.people import a_province
from tests.server.live.school import School, a_school
from tests.visits import Browser, a_house

pytestmark = pytest.mark.slow

WITHIN_S = 15.0


async def until(reached: Callable[[], Awaitable[bool]], within_s: float = WITHIN_S) -> float:
    """Wait until it is so; the seconds that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not await reached():
        assert loop.time() - began < within_s, "not reached in time"
        await asyncio.sleep(0.1)
    return loop.time() - began


@dataclass(slots=True)
class Academy:
    """A school whose media process is a real one that can be killed."""

    school: School
    settings: Settings
    secret: bytes
    media: asyncio.subprocess.Process | None = None

    async def start_media(self) -> None:
        port, server = self.settings.media_url.rsplit(":", 1)[1], self.school.house.server.make_url("")
        self.media = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "media", "serve", "--host", "127.0.0.1", "--port", port, "--data",
            str(self.settings.data), "--server", str(server).rstrip("/"), "--ice-host", "127.0.0.1",
            env=os.environ | {"JIANGTANG_MEDIA_SECRET": self.secret.hex()}, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await until(self._answers)

    async def _answers(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.settings.media_url}/healthz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def kill_media(self, how: signal.Signals = signal.SIGKILL) -> None:
        assert self.media is not None
        self.media.send_signal(how)
        await self.media.wait()

    async def publish(self, lesson: LiveClass, lecturer: Lecturer, **body: Any) -> None:
        """From the studio: leave, then an offer to the address that came with it."""
        leave = (await self.school.teaches.post(f"/classes/{lesson.id}/publishing", body)).body
        assert "grant" in leave, leave
        await self.offer(lecturer, leave["url"], leave["grant"])

    async def offer(self, lecturer: Lecturer, url: str, bearer: str) -> None:
        headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/sdp"}
        offer = (await lecturer.offer()).encode()
        async with self.school.teaches.client.post(url, data=offer, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            await lecturer.accept(await answer.text())
        await lecturer.connected()

    async def state(self, lesson: LiveClass) -> State:
        return (await self.school.now(lesson.id)).state

    async def air_ms(self, lesson: LiveClass) -> int:
        async with self.school.office.read() as tx:
            return sum(each.length_ms for each in await store.air_of(tx, lesson.id))

    async def read(self, browser: Browser, lesson: LiveClass, *, replay: bool = False) -> tuple[int, str]:
        """The media playlist as a page gets it, by fresh leave and through the server."""
        leave = await browser.post(f"/classes/{lesson.id}/viewing", {"replay": replay})
        if "grant" not in leave.body:
            return leave.status, leave.code
        return await self.fetch(browser, leave.body)

    async def fetch(self, browser: Browser, leave: dict[str, Any]) -> tuple[int, str]:
        url = leave["url"].replace("index.m3u8", "video.m3u8")
        async with browser.client.get(url, headers={"Authorization": f"Bearer {leave['grant']}"}) as answer:
            return answer.status, await answer.text()

    async def plays(self, lesson: LiveClass) -> bool:
        status, text = await self.read(self.school.studies, lesson)
        return status == 200 and "#EXTINF" in text


@asynccontextmanager
async def an_academy(folder: Path, services: Services) -> AsyncIterator[Academy]:
    settings = Settings(data=folder, web=folder / "no-web", MEDIA_URL=f"http://127.0.0.1:{unused_port()}")
    db = Database(settings.database)
    await migrate(db)
    async with aiohttp.ClientSession() as http:
        clock = SystemClock()
        orders = Orders(settings.media_url, services.media_secret, http, lambda: clock.now().timestamp())
        office = Office(db, replace(services, settings=settings, orders=orders), clock=clock, reactions=REACTIONS)
        async with a_house(office, (*PEOPLE, *LIVE)) as house:
            academy = Academy(await a_school(house, await a_province(office)), settings, services.media_secret)
            await academy.start_media()
            try:
                yield academy
            finally:
                if academy.media is not None and academy.media.returncode is None:
                    await academy.kill_media(signal.SIGTERM)
    await db.close()


@pytest.fixture
async def academy(tmp_path: Path, services: Services) -> AsyncIterator[Academy]:
    async with an_academy(tmp_path, services) as found:
        yield found


@pytest.fixture
async def lecturer() -> AsyncIterator[Lecturer]:
    made = Lecturer()
    yield made
    await made.close()


async def test_a_class_is_broadcast_watched_ended_and_seen_again(academy: Academy, lecturer: Lecturer) -> None:
    school = academy.school
    lesson = await school.a_class()
    await academy.publish(lesson, lecturer)
    assert (await school.teaches.post(f"/classes/{lesson.id}/start")).body["state"] == "on_air"
    await until(lambda: academy.plays(lesson))
    assert (await school.now(lesson.id)).went_on_air_at is not None
    await asyncio.sleep(6)
    assert (await school.teaches.post(f"/classes/{lesson.id}/end")).body["state"] == "ended"

    async def ready() -> bool:
        return (await school.now(lesson.id)).recording == "ready"

    assert await until(ready) < 10
    status, text = await academy.read(school.studies, lesson, replay=True)
    assert (status, text.rstrip().endswith("#EXT-X-ENDLIST")) == (200, True)
    assert 4_000 < await academy.air_ms(lesson) < 30_000
    async with school.office.read() as tx:
        assert not any(each.open for each in await store.record_of(tx, lesson.id))


async def test_a_cut_takes_the_class_from_every_player_within_two_seconds(academy: Academy, lecturer: Lecturer) -> None:
    school = academy.school
    lesson = await school.a_class()
    await academy.publish(lesson, lecturer)
    await school.teaches.post(f"/classes/{lesson.id}/start")
    await until(lambda: academy.plays(lesson))
    leave = (await school.studies.post(f"/classes/{lesson.id}/viewing", {})).body
    loop = asyncio.get_running_loop()
    began = loop.time()
    answer = await school.on_duty.post(f"/classes/{lesson.id}/cut", {"basis": "art-12", "reason": "不当内容"})
    assert answer.body["recording"] == "withheld"
    status, _ = await academy.fetch(school.studies, leave)
    assert (status, loop.time() - began < 2) == (410, True)
    assert (await academy.read(school.studies, lesson, replay=True))[0] == 410


async def test_a_class_goes_on_after_media_was_killed(academy: Academy, lecturer: Lecturer) -> None:
    school = academy.school
    lesson = await school.a_class()
    await academy.publish(lesson, lecturer)
    await school.teaches.post(f"/classes/{lesson.id}/start")
    await until(lambda: academy.plays(lesson))
    await asyncio.sleep(5)
    await academy.kill_media()
    await academy.start_media()

    async def interrupted() -> bool:
        return await academy.state(lesson) is State.INTERRUPTED

    await until(interrupted)
    before = await academy.air_ms(lesson)
    back = Lecturer()
    await academy.publish(lesson, back)

    async def on_air() -> bool:
        return await academy.state(lesson) is State.ON_AIR and await academy.air_ms(lesson) > before

    await until(on_air)
    assert await academy.plays(lesson)
    await back.close()
    async with school.office.read() as tx:
        assert len(await store.air_of(tx, lesson.id)) == 2


async def test_an_encoder_publishes_by_its_key_until_it_is_revoked(academy: Academy, lecturer: Lecturer) -> None:
    school = academy.school
    lesson = await school.a_class()
    made = (await school.assists.post(f"/classes/{lesson.id}/encoder-key")).body
    path = f"/media/whip/{lesson.id}"
    assert made["url"].endswith(path)
    await academy.offer(lecturer, path, made["key"])
    assert (await school.assists.post(f"/classes/{lesson.id}/start")).body["state"] == "on_air"
    await until(lambda: academy.plays(lesson))
    await school.assists.delete(f"/classes/{lesson.id}/encoder-key")

    async def hung_up() -> bool:
        return await academy.state(lesson) is State.INTERRUPTED

    assert await until(hung_up) < 5


async def test_a_prepared_video_is_the_class_until_it_is_over(academy: Academy, tmp_path: Path) -> None:
    school = academy.school
    lesson = await school.a_class()
    video = await brought(tmp_path / "brought.mp4")
    headers, path = {"Content-Type": "video/mp4"}, f"/classes/{lesson.id}/prepared"
    uploaded = await school.assists.ask("PUT", path, data=video.read_bytes(), headers=headers)
    assert uploaded.status == 200, uploaded.body

    async def ready() -> bool:
        return bool((await school.assists.get(path)).body["state"] == "ready")

    await until(ready)
    assert (await school.assists.post(f"{path}/play")).body["state"] == "on_air"

    async def over() -> bool:
        return await academy.state(lesson) is State.PAUSED

    await until(over)
    assert 1_900 <= await academy.air_ms(lesson) <= 2_100
    assert await academy.plays(lesson)


async def test_who_signs_out_watches_no_more(academy: Academy, lecturer: Lecturer) -> None:
    school = academy.school
    lesson = await school.a_class()
    await academy.publish(lesson, lecturer)
    await school.teaches.post(f"/classes/{lesson.id}/start")
    await until(lambda: academy.plays(lesson))
    leave = (await school.studies.post(f"/classes/{lesson.id}/viewing", {})).body
    assert (await academy.fetch(school.studies, leave))[0] == 200
    await school.studies.delete("/session")

    async def refused() -> bool:
        return (await academy.fetch(school.house.browser(), leave))[0] == 403

    assert await until(refused) < 5
