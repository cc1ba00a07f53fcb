"""Promise 5 in small: a process that is asked to stop sends its pages to the other one, and nobody notices."""

import pytest

from tests.conftest import need
from tests.faults import rolling

SOCKETS = 60


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_restart_of_one_of_two_processes_loses_no_page_no_call_and_no_instant() -> None:
    need("nginx", "postgresql", "redis-server")
    figures = await rolling.measure(SOCKETS, spread_s=3, waves=1, beside=False)
    told = figures["restart 1"]
    assert told["moved"] >= SOCKETS / 3
    assert told["back within 15 s %"] == 100
    assert told["exit code"] == 0
    assert figures["attendance with restarts"]["lost in all ms"] == 0
    assert figures["HTTP calls"]["asked"] > 0
    assert figures["HTTP calls"]["lost"] == 0
    assert figures["HTTP calls"]["5xx of all answers"] == 0
