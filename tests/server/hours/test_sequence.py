"""Every row gets its place in the common order, once."""

from datetime import timedelta

import pytest

from server.base.faults import FailpointError, Failpoints
from server.base.office import Office
from server.base.work import SYSTEM
from server.hours.credit import credit
from server.hours.sequence import LATEST, sequence
from server.hours.store import ledger
from tests.clock import TestClock
from tests.server.hours.academy import judged, lesson
from tests.server.hours.conftest import Town


async def credited(office: Office, town: Town, hours: str = "2.0") -> None:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours))


async def places(office: Office) -> list[int]:
    async with office.read() as tx:
        return [place for place, _ in await ledger.placed(tx)]


async def test_rows_are_placed_in_the_order_of_their_writing(office: Office, town: Town, clock: TestClock) -> None:
    for _ in range(3):
        await credited(office, town)
        clock.pass_(1)
    assert await office.do(SYSTEM, sequence) == 3
    async with office.read() as tx:
        found = await ledger.placed(tx)
        chain = await ledger.chain(tx, town.learner.pseudonym)
    assert found == [(number, each.row.leaf_hash) for number, each in enumerate(chain)]


async def test_a_second_turn_places_nothing_again(office: Office, town: Town) -> None:
    await credited(office, town)
    assert await office.do(SYSTEM, sequence) == 1
    assert await office.do(SYSTEM, sequence) == 0
    await credited(office, town)
    assert await office.do(SYSTEM, sequence) == 1
    assert await places(office) == [0, 1]


async def test_a_row_committed_late_is_still_placed(office: Office, town: Town, clock: TestClock) -> None:
    clock.pass_(LATEST.total_seconds())
    await credited(office, town)
    await office.do(SYSTEM, sequence)
    clock.set(clock.now() - LATEST + timedelta(seconds=1))
    await credited(office, town)
    assert await office.do(SYSTEM, sequence) == 1


async def test_a_sequencer_that_died_goes_on_where_it_was(office: Office, town: Town, failpoints: Failpoints) -> None:
    await credited(office, town)
    failpoints.plan("sequence.after_insert=raise@1")
    with pytest.raises(FailpointError):
        await office.do(SYSTEM, sequence)
    assert await places(office) == []
    await office.do(SYSTEM, sequence)
    assert await places(office) == [0]
