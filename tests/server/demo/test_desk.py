"""The demo forum and its desk: posts of earlier days that wait, were decided, are under review, were put right."""

import pytest

from server.base.office import Office
from server.base.work import SYSTEM
from server.demo import desk, forum, persons, tree
from server.demo.threads import THREADS
from server.forum import read
from server.forum.reader import reader_of
from server.moderation import review, store
from server.rules.conduct import PostState
from tests.clock import TestClock


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_kind_of_case_is_on_the_desk(office: Office, clock: TestClock) -> None:
    grown = await office.do(SYSTEM, tree.plant)
    cast = await office.do(SYSTEM, persons.enrol, grown, await persons.hashes())
    boards = await forum.fill(office, cast.learners[2:12])
    await desk.work_through(office, boards, cast)
    author = cast.shown["second_learner"].id
    policy = office.services.policies.in_force(clock.now())
    async with office.read() as tx:
        open_ = await review.pending(tx, author, clock.now(), policy)
        asked = await store.open_reviews(tx)
        said = [await store.of_author(tx, each, before=None, limit=50) for each in cast.learners]
        who = await reader_of(tx, cast.shown["learner"].id, clock.now())
        lines, _ = await read.lines(tx, boards[0], who, before=None, limit=50)
    assert [each.asked for each in open_] == [False, True]
    assert [each[2].actor for each in asked] == [cast.shown["moderator"].id]
    posts = [post for each in said for post in each]
    assert {each.state for each in posts} == {PostState.PUBLISHED, PostState.HELD, PostState.REMOVED}
    assert [each.state for each in posts if each.reports] == [PostState.PUBLISHED]
    assert all(each.written_at < clock.now() for each in posts)
    assert len([each for each in THREADS if each.board == 0]) + 1 == len(lines)
