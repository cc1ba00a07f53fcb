"""Walks a class through a running deployment, each step told with its time; the first that fails ends the walk."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aiohttp

from media.grants import VIEW_LIFE_S, Grant, sign
from server.base.db import Database
from server.base.office import Office
from server.base.secret_keys import secret_key
from server.base.work import SYSTEM
from server.people.store import Person
from server.rules.conduct import Mode
from server.rules.powers import Role
from server.serve import services_of
from tests.deploy.doors import doors, get
from tests.deploy.stack import Stack
from tests.deploy.visitor import Visitor, browsers
from tests.journeys.academy import until
from tests.media.lecturer import Lecturer
from tests.people import a_province
from tests.server.live.classes import planned

OUT_WITHIN_S = 5.0
STUDY_S = 6
PART = re.compile(r'#EXT-X-PART:.*URI="([^"]+)"')
HINT = re.compile(r'#EXT-X-PRELOAD-HINT:.*URI="[^"]*?(\d+)\.(\d+)\.m4s"')
SEGMENT = re.compile(r"^[^#\s].*\.m4s$", re.M)


@dataclass
class Walk:
    """A deployment, its people and its classes; `say` gets a line for each step."""

    stack: Stack
    say: Callable[[str], None]
    lecturer: Person
    wang: Person
    li: Person
    moderator: Person
    first: UUID
    second: UUID

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """One step of the walk."""
        began = time.monotonic()
        try:
            yield
        except BaseException as error:
            self.say(f"FAILED {time.monotonic() - began:5.1f} s  {what}: {type(error).__name__} {error}")
            raise
        self.say(f"ok     {time.monotonic() - began:5.1f} s  {what}")

    async def all(self) -> None:
        """Every step."""
        async with browsers(self.stack, 4) as (lecturer, wang, li, moderator):
            with self.step("what is private is not at the edge, and pages and assets are"):
                await doors(self.stack)
            with self.step("everybody signs in over TLS, two learners at two processes"):
                await self._sign_in(lecturer, wang, li, moderator)
            await self._a_class(lecturer, wang, li)
            await self._the_dark(lecturer, wang, li, moderator)

    async def _a_class(self, lecturer: Visitor, wang: Visitor, li: Visitor) -> None:
        with self.step("the lecturer publishes by WHIP and goes on air"):
            teaching = await self._on_air(lecturer, self.first)
        try:
            with self.step("both play the class by blocking playlists at the edge"):
                await asyncio.gather(*(self._plays(each, self.first) for each in (wang, li)))
            with self.step("a player that can send no header plays by its cookie"):
                await self._plays_plainly(li)
            with self.step(f"both study for {STUDY_S} s and beat"):
                await asyncio.gather(*(self._studies(each) for each in (wang, li)))
            with self.step("what is said at one process is heard at the other"):
                await wang.say(self.first, "向各位同志学习")
                await li.until_told("post.published", text="向各位同志学习")
            with self.step("the class ends, attendance is closed for both"):
                await lecturer.api("POST", f"classes/{self.first}/end")
                await asyncio.gather(*(each.beat(ended=True) for each in (wang, li)))
                await asyncio.gather(*(each.until_told("attendance.closed", within_s=20) for each in (wang, li)))
        finally:
            await teaching.close()
        with self.step("both have their hours"):
            for each in (wang, li):
                await until(partial(self._has_hours, each), 20, "hours are written")
        with self.step("the recording plays at the edge"):
            await until(lambda: _recorded(wang, self.first), 20, "the recording is there")
            segments = SEGMENT.findall(await wang.text("video.m3u8"))
            status, body = await wang.read(segments[0])
            assert (status, body[4:8]) in ((200, b"styp"), (200, b"moof")), (status, body[:16])

    async def _the_dark(self, lecturer: Visitor, wang: Visitor, li: Visitor, moderator: Visitor) -> None:
        with self.step("another class goes on air"):
            teaching = await self._on_air(lecturer, self.second)
        try:
            parts = [await self._plays(each, self.second) for each in (wang, li)]
            with self.step("an address alone opens nothing, and a leaked grant is dead when its time is over"):
                await self._leaked(li, parts[1])
            with self.step("who signs out is out within 5 s: parts, playlists, socket, a player known by its cookie"):
                await wang.show()
                assert (await wang.read_plainly(parts[0]))[0] == 200
                await wang.api("DELETE", "session")
                await asyncio.gather(
                    self._dark(wang, [parts[0], "video.m3u8"], {401, 403}), wang.until_thrown_out(OUT_WITHIN_S)
                )
                assert (await wang.read_plainly(parts[0]))[0] == 403
                assert (await li.read(parts[1]))[0] == 200
            with self.step("a class that was cut is dark within 5 s, cached parts too"):
                reason = {"basis": "art-12", "reason": "播出了与课堂无关的画面"}
                assert (await li.read(parts[1]))[0] == 200
                await moderator.api("POST", f"classes/{self.second}/cut", reason)
                await self._dark(li, [parts[1], "video.m3u8", "index.m3u8"], {403, 410})
            with self.step("no log has a grant or the address of a calendar"):
                secret = urlsplit((await li.api("POST", "me/calendar"))["address"]).path
                assert (await get(self.stack, secret))[0] == 200
                logs = {log.name: log.read_text() for log in self.stack.access_log.parent.glob("*.log")}
                assert "/media/live/" in logs["media.log"]
                assert not [
                    name for name, text in logs.items() if any(each in text for each in ("grant=", "Bearer", secret))
                ]
        finally:
            await teaching.close()

    async def _sign_in(self, lecturer: Visitor, wang: Visitor, li: Visitor, moderator: Visitor) -> None:
        await lecturer.sign_in(self.lecturer)
        await moderator.sign_in(self.moderator)
        await wang.sign_in(self.wang)
        home = await wang.process()
        for _ in range(20):
            await li.sign_in(self.li)
            if await li.process() != home:
                break
        else:
            raise AssertionError(f"twenty sign-ins all came to {home}")
        await asyncio.gather(wang.connect(), li.connect())

    async def _on_air(self, visitor: Visitor, lesson: UUID) -> Lecturer:
        """Opens the class and publishes as the studio's page does."""
        await visitor.api("POST", f"classes/{lesson}/open")
        leave = await visitor.api("POST", f"classes/{lesson}/publishing", {"studio": str(uuid4())})
        teaching = Lecturer()
        try:
            connector = aiohttp.TCPConnector(ssl=self.stack.tls)
            headers = {"Authorization": f"Bearer {leave['grant']}", "Content-Type": "application/sdp"}
            async with aiohttp.ClientSession(connector=connector) as http:
                offer = await teaching.offer()
                async with http.post(self.stack.url + leave["url"], data=offer, headers=headers) as answer:
                    assert answer.status == 201, await answer.text()
                    await teaching.accept(await answer.text())
            await teaching.connected()
            await visitor.api("POST", f"classes/{lesson}/start")
        except BaseException:
            await teaching.close()
            raise
        return teaching

    async def _plays(self, visitor: Visitor, lesson: UUID) -> str:
        """Reads the class as a player does until three further parts have come; the last part."""
        await visitor.let_watch(lesson)
        assert visitor.leave["expires_at"] <= time.time() + VIEW_LIFE_S
        await until(lambda: _plays_at_all(visitor), 15, "the class can be played")
        listed = await visitor.text("video.m3u8?_HLS_skip=YES")
        for _ in range(3):
            msn, part = HINT.findall(listed)[-1]
            listed = await visitor.text(f"video.m3u8?_HLS_msn={msn}&_HLS_part={part}&_HLS_skip=YES")
        last = PART.findall(listed)[-1]
        status, body = await visitor.read(last)
        assert (status, body[4:8]) in ((200, b"moof"), (200, b"styp")), (status, body[:16])
        return str(last)

    async def _studies(self, visitor: Visitor) -> None:
        await visitor.enter(self.first)
        for _ in range(STUDY_S):
            await visitor.beat()
            await asyncio.sleep(1)

    async def _has_hours(self, visitor: Visitor) -> bool:
        """Whether the ledger has what the class gave, whichever year that counts for."""
        why = await visitor.api("GET", f"classes/{self.first}/why")
        return float(why["hours"]) > 0 and [entry["hours"] for entry in why["entries"]] == [why["hours"]]

    async def _plays_plainly(self, visitor: Visitor) -> None:
        """From the index to the parts, each as the one before names it."""
        await visitor.show()
        _, index = await visitor.read_plainly("index.m3u8")
        listed = index.decode().splitlines()[-1]
        status, body = await visitor.read_plainly(listed)
        assert status == 200, body
        part = PART.findall(body.decode())[-1]
        assert await visitor.read_plainly(part) == await visitor.read(part)

    async def _leaked(self, visitor: Visitor, part: str) -> None:
        """A grant that has a second left, in an address and in a header."""
        secret = secret_key(self.stack.settings.data, "media", "")
        stream = visitor.leave["url"].split("/")[3]
        soon = sign(secret, Grant("view", stream, "somebody", uuid4().hex, int(time.time()) - 4))
        assert (await visitor.read(part, soon))[0] == 200
        path = urlsplit(visitor.beside(part)).path
        assert (await get(self.stack, f"{path}?grant={visitor.leave['grant']}"))[0] == 401

        async def dead() -> bool:
            return (await visitor.read(part, soon))[0] == 401

        await until(dead, 4, "it is dead")

    async def _dark(self, visitor: Visitor, names: list[str], told: set[int]) -> None:
        """All of them are refused within 5 s."""

        async def dark() -> bool:
            return all([(await visitor.read(name))[0] in told for name in names])

        await until(dark, OUT_WITHIN_S, "it is dark")


async def _plays_at_all(visitor: Visitor) -> bool:
    return (await visitor.read("index.m3u8"))[0] == 200


async def _recorded(visitor: Visitor, lesson: UUID) -> bool:
    try:
        await visitor.let_watch(lesson, replay=True)
    except AssertionError:
        return False
    return (await visitor.read("index.m3u8"))[0] == 200


async def filled(stack: Stack, say: Callable[[str], None]) -> Walk:
    """The walk with its people and two classes that begin now."""
    async with services_of(stack.settings) as services:
        db = Database(stack.settings.database)
        try:
            return await _filled(Office(db, services), stack, say)
        finally:
            await db.close()


async def _filled(office: Office, stack: Stack, say: Callable[[str], None]) -> Walk:
    town = await a_province(office)
    lecturer = await town.a(Role.LECTURER, over=town.own, name="李明教授")

    async def a_class(title: str) -> UUID:
        lesson = await office.do(
            SYSTEM, planned, title=title, starts_at=office.clock.now(), planned_minutes=1, unit_path=town.root.path,
            lecturers=(lecturer.id,), assistants=(), mode=Mode.AFTER,
        )  # fmt: skip
        return lesson.id

    return Walk(
        stack,
        say,
        lecturer,
        wang=await town.a_learner("王芳", at=town.below),
        li=await town.a_learner("李娜"),
        moderator=await town.a(Role.MODERATOR, over=town.root, name="陈立"),
        first=await a_class("乡村治理现代化"),
        second=await a_class("基层党建实务"),
    )
