"""No instant is credited twice, whatever tabs, devices, processes and lines do (promise 2, in small)."""

from tests.server.nodes.schedules import measure


async def test_no_instant_is_credited_twice_by_two_processes_and_never_more_than_the_time_that_passed() -> None:
    found = await measure(schedules=30, seed=0)
    assert found.credited_ms > 30 * 60_000
    assert (found.twice, found.more_than_real, found.told_otherwise) == (0, 0, 0)
