"""Leave to watch: a minute for one stream and one sign-in, none for who is excluded, none of what is withheld."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from media.grants import AWAY_S, GrantError, verify
from server.base.work import Actor
from server.moderation.sanction import Where, impose
from server.rules.conduct import SanctionKind
from server.rules.live import State
from tests.away import database_away
from tests.clock import TestClock
from tests.server.live.school import School
from tests.visits import Answer, Browser


def viewing(browser: Browser, lesson: Any, **body: Any) -> Any:
    return browser.post(f"/classes/{lesson.id}/viewing", body)


async def exclude(school: School, lesson: Any) -> None:
    judge = Actor((await school.town.a_learner(at=school.town.root)).id)
    where = Where("class", lesson.id, lesson.title)
    until = school.office.clock.now() + timedelta(hours=3)
    await school.office.do(
        judge, impose, school.learner.id, SanctionKind.EXCLUSION, where, until, "art-12", "扰乱课堂", uuid4()
    )


def holds(school: School, answer: Answer, stream: str, after_s: int = 0) -> str:
    """The purpose of the grant, or why it does not hold for the stream."""
    at = school.office.clock.now().timestamp() + after_s
    try:
        return verify(school.office.services.media_secret, answer.body["grant"], "view", stream, at).purpose
    except GrantError as error:
        return error.code


async def test_leave_to_watch_is_for_a_minute_and_for_one_stream(school: School) -> None:
    lesson, other = await school.a_class(State.ON_AIR), await school.a_class(State.ON_AIR)
    answer = await viewing(school.studies, lesson)
    assert (answer.body["url"], answer.body["mode"]) == (f"/media/live/{lesson.id}/index.m3u8", "low_latency")
    assert holds(school, answer, str(lesson.id), 60) == "view"
    assert holds(school, answer, str(lesson.id), 66) == "grant.expired"
    assert holds(school, answer, str(other.id)) == "grant.wrong_stream"


@pytest.mark.parametrize(
    ("state", "recording", "replay", "code"),
    [
        (State.SCHEDULED, "none", False, "class.not_on_air"),
        (State.WAITING, "none", False, "class.not_on_air"),
        (State.PAUSED, "none", False, None),
        (State.INTERRUPTED, "none", False, None),
        (State.ENDED, "none", False, None),
        (State.ENDED, "ready", False, None),
        (State.ENDED, "withheld", False, "class.withheld"),
        (State.CANCELLED, "none", False, "class.not_on_air"),
        (State.ON_AIR, "none", True, "class.no_recording"),
        (State.ENDED, "none", True, "class.no_recording"),
        (State.ENDED, "ready", True, None),
        (State.ENDED, "withheld", True, "class.withheld"),
    ],
)
async def test_what_can_be_watched_depends_on_the_state(
    school: School, state: State, recording: str, replay: bool, code: str | None
) -> None:
    lesson = await school.a_class(state, recording=recording)
    answer = await viewing(school.studies, lesson, replay=replay)
    if code is None:
        assert answer.body["url"] == f"/media/{'vod' if replay else 'live'}/{lesson.id}/index.m3u8"
    else:
        assert answer.code == code


async def test_a_rehearsal_is_watched_by_the_staff_alone(school: School) -> None:
    lesson = await school.a_class(State.WAITING)
    answer = await viewing(school.assists, lesson, rehearsal=True)
    assert answer.body["url"] == f"/media/live/{lesson.id}.rehearsal/index.m3u8"
    assert holds(school, answer, f"{lesson.id}.rehearsal") == "view"
    for browser in (school.studies, school.admin):
        assert (await viewing(browser, lesson, rehearsal=True)).code == "power.missing"
    begun = await school.a_class(State.ON_AIR)
    assert (await viewing(school.assists, begun, rehearsal=True)).code == "class.no_rehearsal"


async def test_who_was_excluded_sees_nothing_of_the_class_until_its_replay(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    await exclude(school, lesson)
    for answer in (await viewing(school.studies, lesson), await school.studies.get(f"/classes/{lesson.id}/room")):
        assert (answer.status, answer.code, answer.body["basis"]) == (403, "class.excluded", "art-12")
    assert (await viewing(school.assists, lesson)).status == 200
    await school.teaches.post(f"/classes/{lesson.id}/end")
    assert (await viewing(school.studies, lesson)).status == 200
    assert (await school.studies.get(f"/classes/{lesson.id}/room")).status == 200


async def test_a_class_for_others_can_not_be_watched(school: School) -> None:
    path = school.town.sibling.path
    lesson = await school.a_class(State.ON_AIR, unit_path=path, audience_path=path)
    assert (await viewing(school.studies, lesson)).code == "class.unknown"
    assert (await viewing(school.house.browser(), lesson)).status == 401


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_watches_goes_on_for_a_quarter_of_an_hour_without_the_database(
    school: School, clock: TestClock
) -> None:
    lesson = await school.a_class(State.ON_AIR)
    answer = await viewing(school.studies, lesson)
    with database_away(school.office):
        for _ in range(AWAY_S // 25):
            clock.pass_(25)
            answer = await viewing(school.studies, lesson, held=answer.body["grant"])
            assert (answer.body["url"], holds(school, answer, str(lesson.id))) == (
                f"/media/live/{lesson.id}/index.m3u8", "view",
            )  # fmt: skip
        clock.pass_(25)
        answer = await viewing(school.studies, lesson, held=answer.body["grant"])
        assert (answer.status, answer.code) == (503, "server.busy")
    assert (await viewing(school.studies, lesson)).status == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nobody_begins_to_watch_without_the_database_or_by_leave_that_is_not_theirs(
    school: School, clock: TestClock
) -> None:
    lesson, other = await school.a_class(State.ON_AIR), await school.a_class(State.ON_AIR)
    mine, elsewhere = await viewing(school.studies, lesson), await viewing(school.studies, other)
    others = await viewing(school.teaches, lesson)
    with database_away(school.office):
        for held in ("", "nonsense", elsewhere.body["grant"], others.body["grant"]):
            answer = await viewing(school.studies, lesson, held=held)
            assert (answer.status, answer.code) == (503, "server.busy"), held
        assert (await viewing(school.house.browser(), lesson, held=mine.body["grant"])).status in {401, 403}
        clock.pass_(61)
        assert (await viewing(school.studies, lesson, held=mine.body["grant"])).status == 503


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_is_put_out_is_refused_though_leave_was_held_as_long_as_the_database_answers(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    held = (await viewing(school.studies, lesson)).body["grant"]
    await exclude(school, lesson)
    assert (await viewing(school.studies, lesson, held=held)).code == "class.excluded"
