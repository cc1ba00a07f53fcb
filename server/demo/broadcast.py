"""Keeps a demo class on air: the looped lecture goes through the same ingest as any other encoder's stream."""

import asyncio
import sys
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from server.base.observe import log
from server.base.office import Office
from server.base.work import SYSTEM, Actor, Work
from server.live import air, chat, publish, store
from server.live.store import LiveClass
from server.live.streams import stream_of
from server.moderation import write
from server.moderation.write import Place, Speaker
from server.people import store as people
from server.people import units
from server.rules.conduct import Mode
from server.rules.live import State
from server.rules.refusal import Refusal
from server.rules.words import Family

EVERY = timedelta(minutes=90)
LASTS = 80
"""Minutes for which each class is planned; the rest of the ninety is a break."""

TITLE = "数字政府建设与基层治理"
WELCOME = (
    "各位学员好，课堂就要开始了。请围绕本单位的实际情况发言，课后我会集中答复。",
    "今天讲三件事：数据怎么共享、表格怎么精简、责任怎么落实。",
)
"""What the lecturer writes, seen by all; what learners write waits for the moderators as it does in any class."""

CHAT = (
    (0, "老师讲的“三十七张表合成一张表”，我们县也想试试。"),
    (1, "建议把各部门的数据目录先统一起来，否则基层还是要重复填报。"),
    (2, "请问共享数据出了差错，责任怎么划分？"),
    (3, "资料很实用，加微信领取课件。"),
)

GOING = frozenset({State.WAITING, State.ON_AIR, State.PAUSED, State.INTERRUPTED})

_log = log("demo")


async def broadcast(office: Office) -> None:
    """For ever: a class on air, its end, a new one every ninety minutes."""
    async with office.read() as tx:
        mark = await people.mark(tx, "demo")
    lecturer = UUID(mark["lecturer"])
    async with office.read() as tx:
        who = await people.person(tx, lecturer)
        if who is None:
            raise RuntimeError("the demo lecturer is gone")
        actor = Actor(lecturer, await people.holdings_of(tx, who))
    while True:
        lesson = await office.do(SYSTEM, _lesson, lecturer)
        try:
            await _hold(office, actor, lesson, [UUID(each) for each in mark["learners"]])
        except Refusal as refusal:
            _log.warning("the demo class was refused something", code=refusal.code)
        await asyncio.sleep(5)


async def _lesson(work: Work, lecturer: UUID) -> LiveClass:
    """The demo class that is under way, or a new one that begins now."""
    held = await store.by_ids(work.tx, await store.of_staff(work.tx, lecturer))
    going = [each for each in held.values() if each.state in GOING]
    if going:
        return going[0]
    root = await units.root(work.tx)
    if root is None:
        raise RuntimeError("the demo academy has no units")
    lesson = LiveClass(
        id=work.id(), title=TITLE, family=Family.CAPABILITY, topic=None, starts_at=work.now, planned_minutes=LASTS,
        unit_path=root.path, audience_unit=None, audience_path="", speaking=True, mode=Mode.TRUST, slow_s=0,
        frozen=False, min_kbps=None, state=State.WAITING, state_since=work.now, version=1, went_on_air_at=None,
        heard_at=None, ended_at=None, interrupted_since=None, resumes_at=None, recording="none", planned_by=lecturer,
        planned_at=work.now, lecturers=(lecturer,), assistants=(),
    )  # fmt: skip
    await store.add(work.tx, lesson)
    return lesson


async def _hold(office: Office, actor: Actor, lesson: LiveClass, learners: list[UUID]) -> None:
    """Push the lecture, go on air, let some learners speak, end after the planned time."""
    key = await office.do(actor, publish.make_key, lesson.id)
    pushing = asyncio.create_task(_push(office, lesson, key))
    try:
        if lesson.state is State.WAITING:
            await _start(office, actor, lesson)
            for text in WELCOME:
                await office.do(actor, _greet, lesson, text)
            for number, text in CHAT:
                await office.do(SYSTEM, _say, lesson, learners[number], text)
        ends = lesson.starts_at + timedelta(minutes=LASTS)
        await asyncio.sleep(max(0.0, (ends - office.clock.now()).total_seconds()))
        await office.do(actor, air.end, lesson.id)
    finally:
        pushing.cancel()
        with suppress(asyncio.CancelledError):
            await pushing
    begins = lesson.starts_at + EVERY
    await asyncio.sleep(max(0.0, (begins - office.clock.now()).total_seconds()))


async def _start(office: Office, actor: Actor, lesson: LiveClass) -> None:
    """Go on air as soon as media has the stream."""
    while True:
        try:
            await office.do(actor, air.start, lesson.id)
            return
        except Refusal as refusal:
            if refusal.code != "class.no_line":
                raise
        await asyncio.sleep(0.5)


async def _push(office: Office, lesson: LiveClass, key: str) -> None:
    """The encoder, started again when it ends."""
    settings = office.services.settings
    lecture = settings.data / "files" / "demo" / "lecture.mp4"
    url = f"{settings.media_url.rstrip('/')}/media/whip/{stream_of(lesson.id)}"
    command = [sys.executable, "-m", "media", "push", str(lecture), "--url", url]
    while True:
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
        try:
            await process.communicate(f"{key}\n".encode())
        finally:
            if process.returncode is None:
                process.terminate()
                await asyncio.shield(process.wait())
        await asyncio.sleep(2)


async def _greet(work: Work, lesson: LiveClass, text: str) -> None:
    await chat.say(work, lesson.id, text, work.id())


async def _say(work: Work, lesson: LiveClass, learner: UUID, text: str) -> None:
    person = await people.person(work.tx, learner)
    if person is None:
        raise RuntimeError("a demo learner is gone")
    place = Place("class", lesson.id, lesson.title, lesson.mode, f"class:{lesson.id}")
    speaker = Speaker(person.id, "learner", person.unit_path, person.authority_path)
    await write.submit(work, place, speaker, text, work.id())
