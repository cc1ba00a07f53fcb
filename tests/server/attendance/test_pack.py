"""Beats as a delta blob."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.attendance.pack import pack, unpack
from server.rules.presence import Beat
from tests.rules.browser import Browser, at

ANY = st.builds(
    Beat,
    seq=st.integers(1, 2**31 - 1),
    position_ms=st.integers(0, 2**53),
    rate=st.integers(0, 1600).map(lambda percent: percent / 100),
    since_previous_ms=st.integers(0, 86_400_000),
    playing=st.booleans(),
    visible=st.booleans(),
    ended=st.booleans(),
    received_ms=st.integers(0, 2**53),
)


@given(st.lists(ANY, max_size=20))
def test_what_is_packed_comes_out_as_it_was(beats: list[Beat]) -> None:
    assert unpack(pack(beats)) == tuple(beats)


def test_an_ordinary_class_takes_less_than_four_bytes_a_beat() -> None:
    nine = at("09:00:00")
    beats = Browser(nine, nine - 3_217).watch(at("10:30:00")).beats
    jittered = [
        Beat(b.seq, b.position_ms + b.seq * 37 % 23, b.rate, b.since_previous_ms, True, True, False,
             b.received_ms + b.seq * 53 % 41) for b in beats
    ]  # fmt: skip
    assert unpack(pack(jittered)) == tuple(jittered)
    assert len(pack(jittered)) < 4 * len(jittered)


def test_another_blob_is_refused() -> None:
    with pytest.raises(ValueError, match="not a pack"):
        unpack(b"\x01whatever")
