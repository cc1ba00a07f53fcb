"""Every write path, failed at every point: nothing is left of the try, and the next one does the whole."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from server.base.faults import FailpointError
from server.base.office import Office
from server.base.outbox import outbox
from server.base.work import SYSTEM, Actor
from server.live import air, chat, line, prepared, publish, schedule, staff, store, tables
from server.live.chat import Settings
from server.live.prepared import Upload
from server.live.publish import Studio
from server.live.schedule import plan_of
from server.live.store import LiveClass
from server.moderation.tables import posts
from server.people.store import Person
from server.rules.live import State
from server.rules.powers import Role
from tests.people import Province, a_province
from tests.server.live.classes import planned
from tests.server.live.media import news

Try = Callable[[Office, LiveClass, Person], Awaitable[object]]

KEPT = [table for table in vars(tables).values() if isinstance(table, sa.Table)]


def as_person(verb: Any, *arguments: Any, **named: Any) -> Try:
    """The verb, done by the lecturer."""
    return lambda office, lesson, person: office.do(Actor(person.id), verb, lesson.id, *arguments, **named)


def says(name: Any, **data: Any) -> Try:
    """News of media, the same however often it is told."""
    id = uuid4().hex

    def told(office: Office, lesson: LiveClass, _: Person) -> Awaitable[object]:
        said = news(lesson, name, office.clock.now(), **data)
        return line.take(office, type(said)(id, said.stream, said.run, said.name, said.at_ms, said.data))

    return told


async def plans(office: Office, lesson: LiveClass, _: Person) -> object:
    return await office.do(SYSTEM, schedule.plan, plan_of(lesson))


async def edits(office: Office, lesson: LiveClass, _: Person) -> object:
    return await office.do(SYSTEM, schedule.edit, lesson.id, lesson.version, {"title": "数字政府"})


async def names(office: Office, lesson: LiveClass, person: Person) -> object:
    return await office.do(SYSTEM, staff.name, lesson.id, [person.id], [])


STUDIO = Studio(page=None, device="办公电脑", session="s1")
DRAFT = UUID("01980000-0000-7000-8000-00000000000d")
PATHS: list[tuple[str, State, Try]] = [
    ("plan.after_class", State.SCHEDULED, plans),
    ("plan.after_change", State.SCHEDULED, edits),
    ("staff.after_change", State.SCHEDULED, names),
    ("air.after_change", State.SCHEDULED, as_person(schedule.cancel)),
    ("air.after_change", State.ON_AIR, as_person(air.end)),
    ("air.after_change", State.ON_AIR, as_person(air.cut, "art-12", "不当内容")),
    ("air.after_withhold", State.ENDED, as_person(air.cut, "art-12", "不当内容")),
    ("line.after_news", State.ON_AIR, says("on_air")),
    ("line.after_news", State.ENDED, says("recorded", duration_ms=1)),
    ("air.after_change", State.ON_AIR, says("off_air", reason="lost")),
    ("publish.after_publisher", State.WAITING, as_person(publish.let_in, STUDIO, rehearsal=False, take_over=False)),
    ("publish.after_key", State.WAITING, as_person(publish.make_key)),
    ("prepared.after_row", State.WAITING, as_person(prepared.give, Upload(DRAFT, 9))),
    ("speaking.after_change", State.ON_AIR, as_person(chat.regulate, Settings(frozen=True, cover_minutes=2))),
    ("posts.before_commit", State.ON_AIR, as_person(chat.say, "谢谢老师", DRAFT)),
]


async def everything(office: Office) -> dict[str, list[Any]]:
    """All rows that a verb of live classes may write."""
    async with office.read() as tx:
        return {table.name: list((await tx.execute(sa.select(table))).all()) for table in [*KEPT, posts, outbox]}


async def arranged(office: Office, state: State) -> tuple[LiveClass, Person]:
    """A class in that state, already on air where it has begun, and its lecturer."""
    town: Province = await a_province(office)
    person = await town.a(Role.LECTURER, at=town.own)
    at = {"unit_path": town.root.path, "lecturers": (person.id,), "assistants": ()}
    lesson = await office.do(SYSTEM, planned, state=state, **at)
    if state is State.ON_AIR:
        await line.take(office, news(lesson, "on_air", office.clock.now()))
    async with office.read() as tx:
        found = await store.by_id(tx, lesson.id)
    assert found is not None
    return found, person


@pytest.mark.parametrize(("point", "state", "tries"), PATHS)
async def test_a_write_that_fails_half_way_leaves_nothing_and_is_done_whole_the_next_time(
    office: Office, point: str, state: State, tries: Try
) -> None:
    lesson, person = await arranged(office, state)
    before = await everything(office)
    office.failpoints.plan(f"{point}=raise@1")
    with pytest.raises(FailpointError):
        await tries(office, lesson, person)
    office.failpoints.plan("")
    assert await everything(office) == before
    await tries(office, lesson, person)
    assert await everything(office) != before


def test_every_failpoint_of_live_classes_is_walked() -> None:
    sources = [path.read_text() for path in Path(air.__file__).parent.rglob("*.py")]
    found = {point for source in sources for point in re.findall(r'work\.fail\("(.+?)"\)', source)}
    assert found == {point for point, _, _ in PATHS} - {"posts.before_commit"}
