"""The demo academy's topic class: members in different states of progress."""

import pytest

from server.attendance import store as attendance
from server.attendance.store import Stay
from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.demo import persons, topic_classes, tree
from server.live.store import LiveClass
from server.people import store as people
from server.topic_classes import store
from server.topic_classes.completion import lines
from tests.server.hours.academy import judged
from tests.server.live.classes import ended


async def _stayed(work: Work, cast: persons.Cast, lesson: LiveClass) -> None:
    for number, account in enumerate(cast.learners[:2]):
        await attendance.add_stay(work.tx, Stay(work.id(), account, "class", lesson.id, "办公电脑", "s", 0, 1, False))
        person = await people.person(work.tx, account)
        assert person is not None
        await judged(work, person, lesson, "2.0" if number == 0 else "1.0")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_some_have_attended_the_first_class_and_some_have_not(office: Office) -> None:
    grown = await office.do(SYSTEM, tree.plant)
    cast = await office.do(SYSTEM, persons.enrol, grown, await persons.hashes())
    lesson = await office.do(SYSTEM, ended)
    await office.do(SYSTEM, _stayed, cast, lesson)
    await topic_classes.hold(office, grown, cast)
    async with office.read() as tx:
        (topic,) = await store.listed(tx)
        found = await lines(tx, topic, await store.members_of(tx, topic.id), office.services.policies)
        teacher = await people.roles_of(tx, cast.shown["class_teacher"].id)
    reached = {each.member.account: each.conditions[0].reached for each in found}
    assert [int(reached[each]) for each in cast.learners[:3]] == [1, 0, 0]
    assert not any(each.complete for each in found)
    assert [each.role.value for each in teacher] == ["class_teacher"]
