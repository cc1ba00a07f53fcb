"""Leave to publish and to watch: what holds, what doesn't, and which words say why."""

import dataclasses

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from media.grants import VIEW_LIFE_S, Grant, GrantError, Purpose, read, sign, verify
from media.signing import SKEW_S

SECRET = b"s" * 32
NOW = 1_764_035_000.0
GRANT = Grant("publish", "class-1", "session-1", "id-1", int(NOW) + 60, start_kbps=2000, min_kbps=600, max_kbps=3000)


def refusal(token: str, purpose: Purpose = "publish", stream: str = "class-1", now: float = NOW) -> str:
    with pytest.raises(GrantError) as caught:
        verify(SECRET, token, purpose, stream, now)
    return caught.value.code


def test_what_was_signed_comes_back_whole() -> None:
    assert verify(SECRET, sign(SECRET, GRANT), "publish", "class-1", NOW) == GRANT


def test_a_grant_without_rates_carries_none() -> None:
    bare = Grant("view", "class-1.rehearsal", "session-1", "id-2", int(NOW) + 60)
    assert verify(SECRET, sign(SECRET, bare), "view", "class-1.rehearsal", NOW) == bare


def test_no_token_is_missing() -> None:
    assert refusal("") == "grant.missing"


@pytest.mark.parametrize("token", ["x", "a.b.c", "é.é.é", "a" * 5000, "..", "\x00"])
def test_what_is_no_token_is_malformed(token: str) -> None:
    assert refusal(token) == "grant.malformed"


def test_a_grant_of_another_secret_is_malformed() -> None:
    assert refusal(sign(b"t" * 32, GRANT)) == "grant.malformed"


def test_an_unsigned_token_is_malformed() -> None:
    head, body, _ = sign(SECRET, GRANT).split(".")
    assert refusal(f"eyJhbGciOiJub25lIn0.{body}.") == "grant.malformed"
    assert refusal(f"{head}.{body}.") == "grant.malformed"


def test_a_grant_is_dead_five_seconds_after_its_time() -> None:
    token = sign(SECRET, GRANT)
    assert verify(SECRET, token, "publish", "class-1", GRANT.expires_at + 5) == GRANT
    assert refusal(token, now=GRANT.expires_at + 5.1) == "grant.expired"


def test_a_grant_is_for_one_stream() -> None:
    assert refusal(sign(SECRET, GRANT), stream="class-1.rehearsal") == "grant.wrong_stream"


def test_leave_to_watch_is_no_leave_to_publish() -> None:
    assert refusal(sign(SECRET, dataclasses.replace(GRANT, purpose="view"))) == "grant.wrong_purpose"


@pytest.mark.parametrize(
    "change",
    [{"sub": 1}, {"sid": ""}, {"jti": None}, {"exp": "soon"}, {"exp": 1.5}, {"min_kbps": "600"}],
)
def test_a_signed_grant_with_a_field_of_another_type_is_malformed(change: dict[str, object]) -> None:
    claims = {"aud": "jiangtang:publish", "sub": "class-1", "sid": "s", "jti": "j", "exp": int(NOW) + 60} | change
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
    with pytest.raises(GrantError) as caught:
        read(SECRET, token)
    assert caught.value.code == "grant.malformed"


def test_a_leaked_address_is_dead_within_a_minute() -> None:
    assert VIEW_LIFE_S + SKEW_S <= 60
