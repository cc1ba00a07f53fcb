"""Beats are written before they are acknowledged, once, and judged the same after a crash."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from server.attendance.receive import Receiver
from server.attendance.seat import Seat
from server.attendance.seats import Seats
from server.attendance.tables import beats, refused_beats
from server.base.faults import FailpointError, Failpoints
from server.rules.presence import Reason
from server.rules.refusal import Refusal
from tests.server.attendance.conftest import Classroom, Page


async def stored(classroom: Classroom, page: Page) -> list[int]:
    async with classroom.office.read() as tx:
        query = sa.select(beats.c.seq).where(beats.c.stay == page.stay).order_by(beats.c.seq)
        return list((await tx.execute(query)).scalars())


async def refused(classroom: Classroom, page: Page) -> list[tuple[int, str]]:
    async with classroom.office.read() as tx:
        query = sa.select(refused_beats.c.seq, refused_beats.c.reason).where(refused_beats.c.stay == page.stay)
        return [(row.seq, row.reason) for row in await tx.execute(query)]


async def test_what_is_acknowledged_is_written_and_counted(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    answer = await page.watch(60)
    assert answer is not None
    assert (answer.acked_seq, answer.verified_ms, answer.pending_ms) == (5, 0, 60_000)
    assert await stored(classroom, page) == [1, 2, 3, 4, 5]


async def test_the_same_beats_sent_again_get_the_same_answer_and_are_written_once(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(30)
    page.make()
    kept = list(page.kept)
    first = await page.send()
    again = await page.send(kept)
    assert (again.acked_seq, again.pending_ms) == (first.acked_seq, first.pending_ms)
    assert again.verdicts == ()
    assert await refused(classroom, page) == []


async def test_a_beat_out_of_order_is_kept_as_refused(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(30)
    early, late = page.make(), page.make()
    await page.send([late])
    answer = await page.send([early])
    assert answer.acked_seq == late.seq
    assert await refused(classroom, page) == [(early.seq, "beat.order")]


async def test_messages_of_one_moment_are_written_in_one_unit(classroom: Classroom, failpoints: Failpoints) -> None:
    pages = [await classroom.page(classroom.learner()) for _ in range(5)]
    failpoints.plan("beats.before_commit=raise@99")
    await asyncio.gather(*(page.beat() for page in pages))
    assert failpoints.hits["beats.before_commit"] == 1


@pytest.mark.parametrize("point", ["beats.after_insert", "beats.before_commit"])
async def test_a_write_that_fails_acknowledges_nothing_and_forgets_nothing(
    classroom: Classroom, failpoints: Failpoints, point: str
) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(30)
    failpoints.plan(f"{point}=raise@1")
    classroom.clock.pass_(15)
    with pytest.raises(FailpointError):
        await page.beat()
    assert await stored(classroom, page) == [1, 2, 3]
    answer = await page.send()
    assert (answer.acked_seq, answer.pending_ms) == (4, 45_000)


async def test_another_process_goes_on_where_the_first_died(
    classroom: Classroom, again: Callable[[], Receiver]
) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(60)
    again()
    answer = await page.watch(30)
    assert answer is not None
    assert (answer.acked_seq, answer.pending_ms) == (7, 90_000)
    assert all(verdict.reason is None for verdict in answer.verdicts)


async def test_a_wall_clock_put_back_while_the_server_was_down_costs_nobody_an_hour(
    classroom: Classroom, again: Callable[[], Receiver]
) -> None:
    page = await classroom.page(classroom.learner())
    began = classroom.clock.now()
    await page.watch(60)
    classroom.clock.pass_(15)
    await classroom.air((began, classroom.clock.now()))
    classroom.clock.set(classroom.clock.now() - timedelta(hours=1))
    again()
    page.behind_s, page.beat_at = -3600, None
    await page.beat()
    await classroom.air((began, classroom.clock.now() + timedelta(hours=1)))
    await classroom.receiver.refresh()
    before = await page.beat()
    after = await page.watch(60)
    assert before is not None
    assert after is not None
    assert after.pending_ms - before.pending_ms == 60_000


async def test_beats_kept_over_a_lost_line_count(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(60)
    page.line = False
    await page.watch(110)
    page.line = True
    answer = await page.send()
    assert answer.pending_ms == 170_000


async def test_nobody_beats_for_another(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    stranger = replace(page, actor=classroom.learner())
    with pytest.raises(Refusal, match=r"stay\.unknown"):
        await stranger.beat()
    with pytest.raises(Refusal, match=r"stay\.unknown"):
        await replace(page, stay=uuid4()).beat()


async def test_a_flood_of_beats_is_refused(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    for _ in range(200):
        page.make()
    await page.send()
    with pytest.raises(Refusal, match=r"beat\.too_often"):
        await page.beat()


async def test_an_ended_stay_takes_no_more_beats(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(30)
    await page.beat(ended=True)
    answer = await page.watch(15)
    assert answer is not None
    assert [verdict.reason for verdict in answer.verdicts] == [Reason.ENDED]
    assert await refused(classroom, page) == [(5, "beat.ended")]


async def test_seats_of_silent_stays_are_dropped_and_made_again(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    await page.watch(30)
    classroom.clock.pass_(151)
    await classroom.receiver.refresh()
    assert len(classroom.receiver.seats) == 0
    answer = await page.beat()
    assert answer is not None
    assert answer.verdicts[0].reason is Reason.LATE
    assert answer.pending_ms == 30_000


class _Forgetful(Seats):
    """Seats of which news drops the first `left` as soon as they are there."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def put(self, seat: Seat) -> None:
        super().put(seat)
        if self.left:
            self.left -= 1
            self.forget(seat.stay.id)


async def test_news_that_comes_while_a_seat_is_made_is_no_reason_to_refuse_a_beat(classroom: Classroom) -> None:
    page = await classroom.page(classroom.learner())
    classroom.receiver.seats = _Forgetful(2)
    assert (await classroom.receiver.seat(page.stay)).stay.id == page.stay
    classroom.receiver.seats = _Forgetful(2)
    answer = await page.beat()
    assert answer is not None
    assert await stored(classroom, page) == [1]
    with pytest.raises(Refusal, match=r"stay\.unknown"):
        await classroom.receiver.seat(uuid4())
