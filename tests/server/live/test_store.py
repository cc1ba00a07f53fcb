"""Classes in the database: what goes in comes out, a version is changed once, air time never shrinks."""

from dataclasses import replace

import sqlalchemy as sa

from server.base.db import metadata
from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.live import store, tables
from server.live.store import LiveClass
from server.live.targets import class_target, topic_target
from server.rules.air import Aired
from server.rules.powers import TargetKind
from server.rules.stretches import Stretch
from tests.server.live.classes import ASSISTANT, LECTURER, ended, on_air, planned


async def test_a_class_comes_back_as_it_was_kept(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned, title="数字政府", lecturers=(ASSISTANT, LECTURER), assistants=())
    async with office.read() as tx:
        assert await store.by_id(tx, lesson.id) == lesson
        assert await store.by_ids(tx, [lesson.id, LECTURER]) == {lesson.id: lesson}
        assert await store.of_staff(tx, LECTURER) == [lesson.id]


async def test_a_version_is_changed_only_once(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned)

    async def rename(work: Work, seen: LiveClass, title: str) -> bool:
        return await store.change(work.tx, seen, title=title)

    assert await office.do(SYSTEM, rename, lesson, "甲")
    assert not await office.do(SYSTEM, rename, lesson, "乙")
    async with office.read() as tx:
        found = await store.by_id(tx, lesson.id)
    assert found is not None
    assert (found.title, found.version) == ("甲", 2)


async def test_who_is_lecturer_and_assistant_is_a_lecturer(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned, assistants=())

    async def name(work: Work) -> None:
        await store.set_staff(work.tx, lesson.id, [LECTURER], [ASSISTANT, LECTURER])

    await office.do(SYSTEM, name)
    async with office.read() as tx:
        found = await store.by_id(tx, lesson.id)
    assert found == replace(lesson, lecturers=(LECTURER,), assistants=(ASSISTANT,))


async def test_the_open_stretch_of_air_ends_at_the_last_word_of_media(office: Office) -> None:
    lesson = await office.do(SYSTEM, on_air, "run-1")

    async def still(work: Work) -> None:
        before = await store.record_of(work.tx, lesson.id)
        after = (replace(before[0], until_ms=before[0].from_ms + 5_000),)
        await store.save_record(work.tx, lesson.id, before, after)

    async with office.read() as tx:
        assert await store.air_of(tx, lesson.id) == ()
    await office.do(SYSTEM, still)
    async with office.read() as tx:
        [air] = await store.air_of(tx, lesson.id)
        assert air.length_ms == 5_000
        assert [each.open for each in await store.record_of(tx, lesson.id)] == [True]


async def test_an_ended_class_keeps_the_stretches_it_was_on_air(office: Office) -> None:
    lesson = await office.do(SYSTEM, ended, (2, 40), (50, 88))
    zero = round(lesson.starts_at.timestamp() * 1000)
    async with office.read() as tx:
        assert await store.air_of(tx, lesson.id) == (
            Stretch(zero + 2 * 60_000, zero + 40 * 60_000),
            Stretch(zero + 50 * 60_000, zero + 88 * 60_000),
        )
        assert [type(each) for each in await store.record_of(tx, lesson.id)] == [Aired, Aired]


async def test_a_power_over_a_class_depends_on_its_units_and_its_staff(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned, audience_path="1/2/", unit_path="1/2/")
    async with office.read() as tx:
        target = await class_target(tx, class_id=lesson.id)
        assert target == await topic_target(tx, id=lesson.id)
        assert await class_target(tx, class_id=LECTURER) is None
    assert target is not None
    assert (target.kind, target.class_id, target.audience_path) == (TargetKind.CLASS, lesson.id, "1/2/")
    assert (target.lecturers, target.assistants) == (frozenset({LECTURER}), frozenset({ASSISTANT}))


async def test_the_migrated_tables_are_those_of_the_code(office: Office) -> None:
    names = {table.name for table in metadata.tables.values() if table.name in vars(tables)}

    def columns(connection: sa.Connection) -> dict[str, set[str]]:
        inspector = sa.inspect(connection)
        return {name: {column["name"] for column in inspector.get_columns(name)} for name in names}

    async with office.db.engine.connect() as tx:
        found = await tx.run_sync(columns)
    assert found == {name: {column.name for column in metadata.tables[name].columns} for name in names}
    assert len(names) == 8
