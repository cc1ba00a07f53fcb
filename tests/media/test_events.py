"""The shape of events on their way to the server."""

import json

import pytest

from media.events import AUDIENCE, Event, EventError, authorization, pack, receive, unpack
from media.signing import SignatureError, sign_body

SECRET = b"s" * 32
NOW = 1_764_035_000.0
EVENT = Event("event-1", "class-1", "run-1", "on_air", 1_764_035_000_123, {"说明": "开播"})


def test_an_event_survives_the_way() -> None:
    body = pack(EVENT)
    assert receive(SECRET, authorization(SECRET, EVENT, body, NOW), body, NOW) == EVENT


def test_an_unsigned_event_is_refused() -> None:
    with pytest.raises(SignatureError):
        receive(SECRET, None, pack(EVENT), NOW)


def test_a_signed_body_that_is_no_event_is_told_apart_from_a_forged_one() -> None:
    with pytest.raises(EventError):
        receive(SECRET, f"Bearer {sign_body(SECRET, AUDIENCE, b'{}', 'id', NOW)}", b"{}", NOW)


@pytest.mark.parametrize(
    "change",
    [{"name": "on_fire"}, {"at_ms": 1.5}, {"at_ms": True}, {"data": []}, {"stream": 7}, {"more": 1}],
)
def test_a_field_out_of_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(EventError):
        unpack(json.dumps(json.loads(pack(EVENT)) | change).encode())


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b"null", b"\xff", b"[]"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(EventError):
        unpack(body)
