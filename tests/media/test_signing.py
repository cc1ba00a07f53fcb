"""Bodies signed for one door: another body, another door or another day are told apart."""

import pytest

from media.signing import Seal, SignatureError, bearer, check_body, sign_body

SECRET = b"s" * 32
NOW = 1_764_035_000.0
BODY = b'{"name":"on_air"}'


def refusal(token: str, audience: str = "jiangtang:event", body: bytes = BODY, now: float = NOW) -> str:
    with pytest.raises(SignatureError) as caught:
        check_body(SECRET, audience, token, body, now)
    return caught.value.code


def token(secret: bytes = SECRET) -> str:
    return sign_body(secret, "jiangtang:event", BODY, "id-1", NOW)


def test_a_body_is_known_by_its_seal() -> None:
    assert check_body(SECRET, "jiangtang:event", token(), BODY, NOW) == Seal("jiangtang:event", "id-1", int(NOW) + 30)


def test_a_changed_body_is_refused() -> None:
    assert refusal(token(), body=BODY + b" ") == "signature.wrong_body"


def test_an_event_is_no_order() -> None:
    assert refusal(token(), audience="jiangtang:order") == "signature.wrong_purpose"


def test_a_seal_lives_thirty_seconds() -> None:
    assert refusal(token(), now=NOW + 36) == "signature.expired"


def test_no_seal_and_a_foreign_seal_are_told_apart() -> None:
    assert refusal("") == "signature.missing"
    assert refusal(token(b"t" * 32)) == "signature.malformed"


@pytest.mark.parametrize(
    ("header", "found"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("Bearer", ""), (None, ""), ("", "")],
)
def test_a_bearer_token_is_read_from_its_header(header: str | None, found: str) -> None:
    assert bearer(header) == found
