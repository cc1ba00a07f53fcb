"""Signed JSON between server and media: compact JWS with HS256 (RFC 7515, RFC 7519), one shared secret of 32 bytes.

The algorithm is pinned, so that a token can never choose how it is checked (RFC 8725 §3.1). Nothing here reads a clock:
the time is an argument, in seconds since the epoch.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

ALGORITHM = "HS256"
SKEW_S = 5.0
BODY_LIFE_S = 30
_TOKEN_LIMIT = 2048


class SignatureError(Exception):
    """What was signed can't be trusted; `code` is `signature.missing|malformed|expired|wrong_purpose|wrong_body`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Seal:
    """Who a checked body was meant for, and the id by which a second delivery is known."""

    audience: str
    id: str
    expires_at: int


def seal(secret: bytes, claims: dict[str, Any]) -> str:
    """The claims as a compact token."""
    return jwt.encode({"alg": ALGORITHM}, claims, OctKey.import_key(secret))


def unseal(secret: bytes, token: str) -> dict[str, Any]:
    """The claims of a token of ours, time and purpose unchecked; raises `SignatureError` when it isn't one."""
    if not token:
        raise SignatureError("signature.missing")
    if len(token) > _TOKEN_LIMIT:
        raise SignatureError("signature.malformed")
    try:
        claims: dict[str, Any] = jwt.decode(token, OctKey.import_key(secret), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as error:
        raise SignatureError("signature.malformed") from error
    return claims


def bearer(authorization: str | None) -> str:
    """The token of an `Authorization: Bearer` header (RFC 6750 §2.1), empty when there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def sign_body(secret: bytes, audience: str, body: bytes, token_id: str, now: float) -> str:
    """A bearer token good for exactly this body and this door, for 30 s."""
    expires_at = int(now) + BODY_LIFE_S
    return seal(secret, {"aud": audience, "jti": token_id, "exp": expires_at, "body": _digest(body)})


def check_body(secret: bytes, audience: str, token: str, body: bytes, now: float) -> Seal:
    """Who signed `body`, for this door; raises `SignatureError`. The caller refuses an `id` it has already seen."""
    claims = unseal(secret, token)
    token_id, expires_at, digest = claims.get("jti"), claims.get("exp"), claims.get("body")
    if not isinstance(token_id, str) or not isinstance(expires_at, int) or not isinstance(digest, str):
        raise SignatureError("signature.malformed")
    if claims.get("aud") != audience:
        raise SignatureError("signature.wrong_purpose")
    if now > expires_at + SKEW_S:
        raise SignatureError("signature.expired")
    if not hmac.compare_digest(digest, _digest(body)):
        raise SignatureError("signature.wrong_body")
    return Seal(audience, token_id, expires_at)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
