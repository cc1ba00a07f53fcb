"""The demo academy: made-up persons in a made-up year, so that a newcomer finds everything in use."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.demo import desk, forum, history, persons, slides, topic_classes, tree
from server.demo.broadcast import broadcast
from server.demo.persons import Cast
from server.demo.tree import Tree
from server.hours import exempt
from server.live import store as live
from server.people import store as people
from server.rules.year import Ground, YearState, day_of, state_of

__all__ = ["broadcast", "fill", "put_policy", "start_over"]

POLICY = """# The demo academy lets study count whenever it is started; everything else is the policy of the province.
[policy]
version = "demo-1"
effective = 2020-01-01
[december]
value = "next_year"
[live_repair_days]
value = 0
"""
LECTURE_S = 30
UNFINISHED = "demo.unfinished"
"""A file in the data folder while the demo academy is being filled in."""


async def fill(office: Office, say: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Fill an empty database; the accounts to show, by role."""
    told = say or (lambda _text: None)
    data = office.services.settings.data
    told("drawing the demo lecture")
    lecture = await _lecture(data / "files" / "demo")
    told("enrolling the demo academy")
    passwords = await persons.hashes()
    grown, cast = await office.do(SYSTEM, _people, passwords)
    told("holding the classes of the past days")
    await history.tell(office, grown, cast, lecture)
    await topic_classes.hold(office, grown, cast)
    await office.do(SYSTEM, _soon, grown, cast)
    told("opening the forum")
    boards = await forum.fill(office, list(cast.learners[2:12]))
    await desk.work_through(office, boards, cast)
    await office.do(await forum.actor_of(office, cast.shown["sub_centre_admin"].id), _exempt, cast)
    accounts = [
        {"part": part, "role": each.role, "name": each.name, "account": each.account, "password": each.password}
        for part, each in cast.shown.items()
    ]
    mark = {
        "accounts": accounts, "lecturer": str(cast.shown["invited_lecturer"].id),
        "learners": [str(each) for each in cast.learners[2:12]],
    }  # fmt: skip
    await office.do(SYSTEM, _mark, mark)
    (data / UNFINISHED).unlink(missing_ok=True)
    return {
        "accounts": len(cast.learners) + len(cast.shown) - len(persons.AMONG_LEARNERS),
        "classes": len(history.PAST) + 1,
    }


def start_over(data: Path) -> None:
    """Remove a demo academy that an earlier start did not finish; nothing else is ever removed."""
    if not (data / UNFINISHED).exists():
        return
    for path in data.glob("db.sqlite3*"):
        path.unlink()
    shutil.rmtree(data / "media", ignore_errors=True)
    (data / UNFINISHED).unlink()


def put_policy(data: Path) -> None:
    """Put the demo's policy into a data folder, before an office is opened over it."""
    (data / "policies").mkdir(parents=True, exist_ok=True)
    (data / UNFINISHED).touch()
    (data / "policies" / "demo.toml").write_text(POLICY, "utf-8")


async def _people(work: Work, passwords: dict[str, tuple[str, str]]) -> tuple[Tree, Cast]:
    grown = await tree.plant(work)
    return grown, await persons.enrol(work, grown, passwords)


async def _soon(work: Work, grown: Tree, cast: Cast) -> None:
    """A class in ten minutes and one tomorrow."""
    lecturer, assistant = cast.shown["lecturer"].id, cast.shown["assistant"].id
    for title, begins in (("基层调查研究方法", timedelta(minutes=10)), ("数据安全与保密知识", timedelta(days=1))):
        await live.add(work.tx, history.planned(work, grown, title, work.now + begins, lecturer, assistant))


async def _exempt(work: Work, cast: Cast) -> None:
    """One learner's year is not counted; once the year's states are final it is the next one."""
    policy = work.services.policies.in_force(work.now)
    year = day_of(work.now, policy).year
    year += state_of(year, work.now, policy) is YearState.CLOSED
    document = f"皖组字〔{year}〕18 号"
    await exempt.give(work, cast.shown["exempt_learner"].id, year, Ground.ILLNESS, document)


async def _mark(work: Work, mark: dict[str, Any]) -> None:
    await people.set_mark(work.tx, "demo", mark)


async def _lecture(folder: Path) -> Path:
    """The looped lecture, drawn and encoded once."""
    target = folder / "lecture.mp4"
    if not target.exists():
        await asyncio.to_thread(slides.draw, folder / "slides")
        command = [
            sys.executable, "-m", "media", "lecture", "--slides", str(folder / "slides"), "--out", str(target),
            "--seconds", str(LECTURE_S), "--font", str(slides.font()),
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        if await process.wait() != 0:
            raise RuntimeError("the demo lecture could not be made")
    return target
