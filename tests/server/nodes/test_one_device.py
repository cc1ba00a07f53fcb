"""One device earns at a time though the two are at different processes, also when no message comes through."""

from dataclasses import replace

from server.attendance.audience import attendees, count
from server.attendance.take import rest
from server.rules.presence import Reason
from tests.server.attendance.conftest import Classroom, Page
from tests.server.nodes.bus import wire
from tests.server.nodes.rooms import Rooms


def _at(page: Page, room: Classroom) -> Page:
    """The same page, its line now at another process."""
    return replace(page, classroom=room)


async def test_a_take_over_at_another_process_ends_the_earning_here_though_no_message_came(rooms: Rooms) -> None:
    here, there = rooms
    learner = here.learner()
    first = await here.page(learner, "办公电脑")
    await first.watch(60)
    second = await there.take(Page(there, learner, (await there.open(learner, "手机")).stay.id))
    await second.watch(15)
    answer = await first.watch(15)
    assert answer is not None
    assert [verdict.reason for verdict in answer.verdicts] == [Reason.SECOND_DEVICE]


async def test_two_devices_of_one_learner_together_earn_no_more_than_the_time_that_passed(rooms: Rooms) -> None:
    here, there = rooms
    learner, began = here.learner(), here.clock.now()
    first = await here.page(learner)
    second = Page(there, learner, (await there.open(learner, "手机")).stay.id)
    for turn in range(6):
        room, page = (here, first) if turn % 2 else (there, second)
        taken = await room.take(page)
        first, second = (taken, second) if turn % 2 else (first, taken)
        for _ in range(4):
            here.clock.pass_(15)
            await first.beat()
            await second.beat()
    passed_ms = (here.clock.now() - began).total_seconds() * 1000
    await here.end(began=began)
    await here.close()
    assert 0 < (await here.assessed(learner)).result.verified_ms <= passed_ms


async def test_a_rest_told_to_one_process_holds_at_the_other(rooms: Rooms) -> None:
    here, there = rooms
    learner = here.learner()
    page = await here.page(learner)
    await page.watch(30)
    await there.office.do(learner, rest, page.stay, True, there.receiver.receipts.stamp())
    answer = await page.watch(15)
    assert answer is not None
    assert [verdict.reason for verdict in answer.verdicts] == [Reason.REST]


async def test_a_page_that_goes_to_another_process_and_comes_back_loses_nothing(rooms: Rooms) -> None:
    here, there = rooms
    page = await here.page(here.learner())
    await page.watch(60)
    away = _at(page, there)
    await away.watch(60)
    answer = await _at(away, here).watch(60)
    assert answer is not None
    assert (answer.acked_seq, answer.pending_ms) == (13, 180_000)


async def test_the_counts_of_all_processes_add_up_and_nobody_counts_twice(rooms: Rooms) -> None:
    here, there = rooms
    wire(here, there)
    everywhere = here.learner()
    for room, learner in ((here, everywhere), (there, everywhere), (here, here.learner()), (there, here.learner())):
        await (await room.page(learner)).watch(0)
    for room in rooms:
        room.receiver.elsewhere.tell(room.receiver.seats)
    for room in rooms:
        stamp = room.receiver.receipts.stamp()
        found = attendees(room.receiver.seats, room.class_id, stamp, room.receiver.elsewhere.marks())
        assert (count(found).here, count(found).earning) == (3, 3)


async def test_a_process_that_falls_silent_is_counted_no_more(rooms: Rooms) -> None:
    here, there = rooms
    wire(here, there)
    await (await there.page(there.learner())).watch(0)
    there.receiver.elsewhere.tell(there.receiver.seats)
    assert here.receiver.elsewhere.marks()
    here.clock.pass_(16)
    assert not here.receiver.elsewhere.marks()
