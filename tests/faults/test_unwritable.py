"""Promise 15 in small: a full disk or a dead database stops writing in words, and all goes on by itself afterwards."""

import pytest

from tests.conftest import need
from tests.faults import unwritable

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PLAYS = {"leave 200", "m3u8 200", "m4s 200"}
"""Leave is renewed, playlists and parts come, and nothing else is answered."""


async def test_a_full_disk_stops_writing_and_not_reading() -> None:
    figures = await unwritable.measure(postgres=False, seconds=1)
    refused = figures["writes meanwhile"]
    assert refused["answers"] == refused["503"] > 0
    assert refused["503 without Retry-After"] == 0
    assert set(figures["reads meanwhile"]) == {"answers", "200"}
    assert set(figures["playing meanwhile"]) == PLAYS
    assert figures["learners"] == {"most lost ms": 0, "audit differences": 0}


async def test_a_database_that_was_stopped_is_waited_for_in_words() -> None:
    need("postgresql")
    figures = await unwritable.measure(postgres=True, seconds=1)
    for asked in ("writes meanwhile", "reads meanwhile"):
        assert figures[asked]["answers"] == figures[asked]["503"] > 0
    assert figures["writes meanwhile"]["503 without Retry-After"] == 0
    assert set(figures["playing meanwhile"]) == PLAYS
    assert figures["learners"] == {"most lost ms": 0, "audit differences": 0}
