"""Promise 5 in small: a process that is asked to stop sends its pages to the other one, and nobody notices."""

import pytest

from tests.conftest import cannot
from tests.faults import rolling
from tests.faults.front import NGINX
from tests.postgres import binaries
from tests.redis_server import BINARY

SOCKETS = 60


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_restart_of_one_of_two_processes_loses_no_page_no_call_and_no_instant() -> None:
    if NGINX is None or binaries() is None or BINARY is None:
        cannot("nginx, PostgreSQL or redis-server")
    figures = await rolling.measure(SOCKETS, spread_s=3, waves=1, beside=False)
    told = figures["restart 1"]
    assert told["moved"] >= SOCKETS / 3
    assert told["back within 15 s %"] == 100
    assert told["exit code"] == 0
    assert figures["attendance with restarts"]["lost in all ms"] == 0
    assert figures["HTTP calls"]["asked"] > 0
    assert figures["HTTP calls"]["lost"] == 0
    assert figures["HTTP calls"]["5xx of all answers"] == 0
