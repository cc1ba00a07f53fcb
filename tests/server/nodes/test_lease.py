"""One process at a time does what happens by the clock; one that slept through the end of its lease writes nothing."""

from server.base.schedule import LEASE_S, Every, Scheduler
from server.base.work import Work
from tests.server.nodes.rooms import Rooms


class Done:
    """A periodic verb that counts."""

    def __init__(self) -> None:
        self.times = 0
        self.every = [Every(1.0, self.verb)]

    async def verb(self, work: Work) -> None:
        self.times += 1


async def test_only_one_holds_the_lease(rooms: Rooms) -> None:
    done = Done()
    one, other = (Scheduler(room.office, done.every) for room in rooms)
    assert await one.held(0)
    assert not await other.held(0)


async def test_a_lease_that_is_not_renewed_goes_to_another(rooms: Rooms) -> None:
    done = Done()
    one, other = (Scheduler(room.office, done.every) for room in rooms)
    assert await one.held(0)
    rooms[0].clock.pass_(LEASE_S + 1)
    assert await other.held(0)


async def test_a_process_that_stops_hands_the_lease_on_at_once(rooms: Rooms) -> None:
    done = Done()
    one, other = (Scheduler(room.office, done.every) for room in rooms)
    assert await one.held(0)
    await one.stop()
    assert await other.held(0)


async def test_a_holder_that_slept_writes_nothing(rooms: Rooms) -> None:
    late, fresh = Done(), Done()
    one, other = Scheduler(rooms[0].office, late.every), Scheduler(rooms[1].office, fresh.every)
    assert await one.held(0)
    rooms[0].clock.pass_(LEASE_S + 1)
    assert await other.held(0)
    await one.run_due(100)
    await other.run_due(100)
    assert (late.times, fresh.times) == (0, 1)
    assert not await one.held(1)
