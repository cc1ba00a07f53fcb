"""Closing: each learner is assessed once, again when new evidence closes, and never before the end."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from server.attendance import store
from server.attendance.close import assess_due, recompute
from server.attendance.evidence import beats_of
from server.attendance.tables import beats, packs
from server.base.faults import FailpointError, Failpoints
from server.base.outbox import Event, outbox
from server.base.work import SYSTEM
from tests.server.attendance.conftest import Classroom


async def events(classroom: Classroom) -> list[dict[str, str]]:
    async with classroom.office.read() as tx:
        query = sa.select(outbox.c.data).where(outbox.c.name == "attendance.closed").order_by(outbox.c.id)
        return list((await tx.execute(query)).scalars())


async def test_who_was_there_all_the_time_gets_the_nominal_hours(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    page = await classroom.page(learner)
    await page.watch(20 * 60)
    await classroom.end(began=began)
    await classroom.close()
    assessed = await classroom.assessed(learner)
    assert (assessed.verified_ms, str(assessed.share), f"{assessed.hours:.1f}") == (1_200_000, "1", "0.4")
    assert (assessed.year, assessed.makeup, assessed.policy_version) == (2026, False, "2019-11-09")
    assert await events(classroom) == [
        {"class": str(classroom.class_id), "account": str(learner.id), "assessment": str(assessed.id)}
    ]
    assert classroom.heard("attendance.closed") == [
        {
            "class": str(classroom.class_id),
            "minutes": "20.00",
            "air_minutes": "20.00",
            "share": "1.0000",
            "hours": "0.4",
            "missing_minutes": "0.00",
        }
    ]


async def test_nothing_is_assessed_before_the_late_window_is_over(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    page = await classroom.page(learner)
    await page.watch(10 * 60)
    await page.beat(ended=True)
    await classroom.settle()
    await classroom.end(began=began)
    classroom.clock.pass_(149)
    await classroom.settle()
    assert await classroom.assessment(learner) is None
    classroom.clock.pass_(1)
    await classroom.settle()
    assert (await classroom.assessed(learner)).verified_ms == 600_000


async def test_what_is_studied_in_the_replay_is_assessed_when_its_stay_ends(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    page = await classroom.page(learner)
    await page.watch(10 * 60)
    await page.beat(ended=True)
    classroom.clock.pass_(10 * 60)
    await classroom.end(began=began)
    await classroom.close()
    first = await classroom.assessed(learner)
    behind = (classroom.clock.now() - began).total_seconds() - 10 * 60
    replay = await classroom.page(learner, behind_s=behind)
    await replay.watch(10 * 60)
    await classroom.settle()
    assert (await classroom.assessed(learner)).version == 1
    await replay.beat(ended=True)
    await classroom.settle()
    last = await classroom.assessed(learner)
    assert (first.hours, first.version, last.version, last.id == first.id) == (Decimal(0), 1, 2, True)
    assert (f"{last.hours:.1f}", last.missing_ms) == ("0.4", 0)
    assert len(last.result.repaired) == 1


async def test_a_replay_left_open_is_assessed_once_it_has_been_silent(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    classroom.clock.pass_(20 * 60)
    await classroom.end(began=began)
    await classroom.close()
    behind = (classroom.clock.now() - began).total_seconds()
    await (await classroom.page(learner, behind_s=behind)).watch(5 * 60)
    await classroom.settle()
    assert await classroom.assessment(learner) is None
    classroom.clock.pass_(151)
    await classroom.settle()
    assert (await classroom.assessed(learner)).verified_ms == 300_000


async def test_who_watches_on_after_the_end_is_assessed_twice_and_gets_all(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    classroom.clock.pass_(5 * 60)
    page = await classroom.page(learner, behind_s=5 * 60)
    await page.watch(15 * 60)
    await classroom.end(began=began)
    await page.watch(151)
    await classroom.settle()
    first = await classroom.assessed(learner)
    await page.watch(5 * 60)
    classroom.clock.pass_(151)
    await classroom.settle()
    assert first.verified_ms == 15 * 60_000 + 151_000
    assert (await classroom.assessed(learner)).verified_ms == 20 * 60_000


async def test_closing_again_changes_nothing(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    page = await classroom.page(learner)
    await page.watch(5 * 60)
    await classroom.end(began=began)
    await classroom.close()
    before = await classroom.assessed(learner)
    due = Event("attendance.due", "", {"class": str(classroom.class_id), "accounts": [str(learner.id)]})
    await assess_due(classroom.office, due)
    await classroom.settle()
    assert await classroom.assessed(learner) == before
    assert len(await events(classroom)) == 1


@pytest.mark.parametrize(
    "point",
    ["closing.after_classes", "assessment.after_save", "assessment.before_commit", "pack.after_stay"],
)
async def test_a_failure_at_any_step_leaves_one_whole_result(
    classroom: Classroom, failpoints: Failpoints, point: str
) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    page = await classroom.page(learner)
    await page.watch(5 * 60)
    await classroom.end(began=began)
    failpoints.plan(f"{point}=raise@1")
    if point == "closing.after_classes":
        with pytest.raises(FailpointError):
            await classroom.close()
    await classroom.close()
    await classroom.close()
    assert (await classroom.assessed(learner)).verified_ms == 300_000
    assert len(await events(classroom)) == 1


async def test_packed_beats_are_the_same_evidence(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    page = await classroom.page(learner)
    await page.watch(7 * 60)
    async with classroom.office.read() as tx:
        loose = await beats_of(tx, [page.stay])
    await classroom.end(began=began)
    await classroom.close()
    async with classroom.office.read() as tx:
        assert (await tx.execute(sa.select(sa.func.count()).select_from(beats))).scalar_one() == 0
        blob = (await tx.execute(sa.select(packs.c.beats))).scalar_one()
        assert await beats_of(tx, [page.stay]) == loose
        assessed = await classroom.assessed(learner)
        policy = classroom.office.services.policies.version(assessed.policy_version)
        assert learner.id is not None
        assert await recompute(tx, learner.id, classroom.class_id, policy) == assessed.result
        assert await store.all_studied(tx) == [(learner.id, classroom.class_id)]
    assert len(blob) < 5 * len(loose[page.stay])


async def test_a_packed_stay_that_wakes_goes_on_and_takes_nothing_twice(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    page = await classroom.page(learner)
    await page.watch(5 * 60)
    sent = [page.make()]
    await page.send()
    classroom.clock.pass_(15 * 60)
    await classroom.end(began=began)
    await classroom.close()
    again = await page.send(sent)
    assert (again.acked_seq, again.verdicts) == (sent[0].seq, ())
    page.behind_s = 16 * 60
    await page.watch(5 * 60)
    await classroom.close()
    assert (await classroom.assessed(learner)).verified_ms > 300_000


async def test_air_time_put_right_is_assessed_again(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    page = await classroom.page(learner)
    await page.watch(20 * 60)
    await classroom.end(began=began)
    await classroom.close()
    middle = began + (classroom.clock.now() - began) / 4
    await classroom.air((began, middle))

    await classroom.office.do(SYSTEM, _air_changed, classroom)
    await classroom.settle()
    assessed = await classroom.assessed(learner)
    assert (assessed.version, assessed.air_ms) == (2, int((middle - began).total_seconds() * 1000))


async def _air_changed(work: object, classroom: Classroom) -> None:
    work.emit(Event("class.air_changed", str(classroom.class_id), {"class": str(classroom.class_id)}))  # type: ignore[attr-defined]


async def test_study_in_november_carries_the_make_up_mark(classroom: Classroom) -> None:
    began, learner = classroom.clock.now(), classroom.learner()
    classroom.clock.pass_(20 * 60)
    await classroom.end(began=began)
    await classroom.close()
    classroom.clock.pass_(60 * 24 * 3600)
    behind = (classroom.clock.now() - began).total_seconds()
    page = await classroom.page(learner, behind_s=behind)
    await page.watch(20 * 60)
    await page.beat(ended=True)
    await classroom.settle()
    assessed = await classroom.assessed(learner)
    assert (assessed.year, assessed.makeup, f"{assessed.hours:.1f}") == (2026, True, "0.4")
