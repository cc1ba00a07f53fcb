"""Promise 4 in small: a server that is killed and comes back within the allowed gap costs no learner an instant."""

import pytest

from tests.faults import killed


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_short_death_of_the_server_costs_nobody_an_instant() -> None:
    figures = await killed.measure(learners=12, beats=3, down_s=0)
    assert figures["credit"]["most lost s"] == 0
    assert figures["credit"]["audit differences"] == 0
