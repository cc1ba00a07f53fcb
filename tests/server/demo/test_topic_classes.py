"""The demo academy's topic classes: members in different states of progress, and some who have completed one."""

from datetime import timedelta

import pytest

from server.attendance import store as attendance
from server.attendance.store import Stay
from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.demo import persons, topic_classes, tree
from server.forum import store as forum
from server.hours.store import ledger
from server.hours.topic_why import topic_why
from server.live.store import LiveClass
from server.people import store as people
from server.reactions import REACTIONS
from server.topic_classes import store
from server.topic_classes.completion import lines
from tests.clock import TestClock
from tests.server.hours.academy import judged
from tests.server.live.classes import ended


async def _stayed(work: Work, cast: persons.Cast, lesson: LiveClass, hours: tuple[str, ...]) -> None:
    await attendance.add_closing(work.tx, lesson.id, 0)
    await attendance.finish_closing(work.tx, lesson.id)
    for account, worth in zip(cast.learners, hours, strict=False):
        await attendance.add_stay(work.tx, Stay(work.id(), account, "class", lesson.id, "办公电脑", "s", 0, 1, False))
        person = await people.person(work.tx, account)
        assert person is not None
        await judged(work, person, lesson, worth)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_some_have_completed_one_and_others_are_under_way(office: Office, clock: TestClock) -> None:
    living = Office(office.db, office.services, clock=clock, chance=office.chance, reactions=REACTIONS)
    grown = await office.do(SYSTEM, tree.plant)
    cast = await office.do(SYSTEM, persons.enrol, grown, await persons.hashes())
    first = await office.do(SYSTEM, ended, starts_at=clock.now() - timedelta(days=9))
    second = await office.do(SYSTEM, ended, starts_at=clock.now() - timedelta(days=5))
    await office.do(SYSTEM, _stayed, cast, first, ("2.0", "1.0"))
    await office.do(SYSTEM, _stayed, cast, second, ("2.0", "1.0"))
    await topic_classes.hold(living, grown, cast)
    await living.outbox.drain()
    async with office.read() as tx:
        topic, over = sorted(await store.listed(tx), key=lambda each: each.begins_at)
        found = await lines(tx, topic, await store.members_of(tx, topic.id), office.services.policies)
        completed = {each.account: each.completed_at for each in await store.members_of(tx, over.id)}
        groups = [await forum.group_of(tx, each.id) for each in (topic, over)]
        teacher = await people.roles_of(tx, cast.shown["class_teacher"].id)
        who = await people.person(tx, cast.learners[0])
        assert who is not None
        why = await topic_why(tx, who, over.id, office.services.policies)
        credited = [f"{each.facts.hours:.1f}" for each in await ledger.of_activity(tx, who.pseudonym, over.id)]
    reached = {each.member.account: each.conditions[0].reached for each in found}
    assert [int(reached[each]) for each in cast.learners[:3]] == [1, 0, 0]
    assert not any(each.complete for each in found)
    assert (over.state.value, credited) == ("ended", ["1.0"])
    assert [completed[each] is not None for each in cast.learners[:2]] == [True, False]
    assert [(each.name, each.met) for each in why.line.conditions] == [
        ("needed_modules", True), ("live_share", True), ("discussion_posts", True),
    ]  # fmt: skip
    assert all(groups)
    assert {each.role.value for each in teacher} == {"class_teacher"}
