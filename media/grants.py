"""Signed leave to publish or to watch one stream until a time: what the server gives a browser and media checks."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from media.signing import SKEW_S, SignatureError, seal, unseal

Purpose = Literal["publish", "encode", "view"]
PUBLISH_LIFE_S = 60
VIEW_LIFE_S = 55
"""With the skew that is forgiven a leaked address is dead within a minute."""
AWAY_S = 900
"""How long who watches may go on while the server's database can't be asked."""
COOKIE = "viewing"
"""By which media knows a player that can send no header (`media.viewers`)."""
_AUDIENCE = "jiangtang:"
_NUMBERS = ("start_kbps", "min_kbps", "max_kbps", "since")


class GrantError(Exception):
    """Leave that doesn't hold; `code` is `grant.missing|malformed|expired|wrong_stream|wrong_purpose`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Grant:
    """One leave for one stream.

    `stream` is a class id or `<class id>.rehearsal`; `session` is the opaque id of the sign-in session it dies with
    (for `encode` the id of the encoder key); `id` is the JWT id, spent once by a publisher; `expires_at` is in unix
    seconds. `since` is when the database last gave this leave, if the grant goes on from an earlier one.
    The rates steer the publisher's encoder and are None in any other grant.
    """

    purpose: Purpose
    stream: str
    session: str
    id: str
    expires_at: int
    start_kbps: int | None = None
    min_kbps: int | None = None
    max_kbps: int | None = None
    since: int | None = None

    @property
    def given_at(self) -> int:
        """When the database was asked about it, in unix seconds; for a grant that lives its whole life."""
        if self.since is not None:
            return self.since
        return self.expires_at - (VIEW_LIFE_S if self.purpose == "view" else PUBLISH_LIFE_S)


def sign(secret: bytes, grant: Grant) -> str:
    """The grant as a bearer token (RFC 7519 claims aud, sub, sid, jti, exp)."""
    claims: dict[str, Any] = {
        "aud": _AUDIENCE + grant.purpose,
        "sub": grant.stream,
        "sid": grant.session,
        "jti": grant.id,
        "exp": grant.expires_at,
    }
    claims.update({name: number for name in _NUMBERS if (number := getattr(grant, name)) is not None})
    return seal(secret, claims)


def verify(secret: bytes, token: str, purpose: Purpose, stream: str, now: float) -> Grant:
    """The grant in `token` if it is leave for `purpose` on `stream`; raises `GrantError`.

    `now` is in unix seconds; 5 s of skew between the two clocks are allowed.
    """
    grant = read(secret, token)
    if grant.purpose != purpose:
        raise GrantError("grant.wrong_purpose")
    if grant.stream != stream:
        raise GrantError("grant.wrong_stream")
    if now > grant.expires_at + SKEW_S:
        raise GrantError("grant.expired")
    return grant


def read(secret: bytes, token: str) -> Grant:
    """The grant in `token` whatever it is for and however old; raises `GrantError` when it isn't one of ours."""
    try:
        return _from_claims(unseal(secret, token))
    except SignatureError as error:
        raise GrantError(error.code.replace("signature.", "grant.")) from error


def _from_claims(claims: dict[str, Any]) -> Grant:
    audience = claims.get("aud")
    purpose = next((p for p in get_args(Purpose) if audience == _AUDIENCE + p), None)
    if purpose is None:
        raise GrantError("grant.wrong_purpose")
    return Grant(
        purpose=purpose,
        stream=_text(claims, "sub"),
        session=_text(claims, "sid"),
        id=_text(claims, "jti"),
        expires_at=_number(claims, "exp"),
        **{name: _number(claims, name) for name in _NUMBERS if name in claims},
    )


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise GrantError("grant.malformed")
    return value


def _number(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int):
        raise GrantError("grant.malformed")
    return value
