"""Who may publish and who may watch: grants and encoder keys, spent ones and those of a revoked session."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from aiohttp import web

from media.errors import Refused
from media.grants import AWAY_S, COOKIE, VIEW_LIFE_S, Grant, GrantError, read, verify
from media.signing import SKEW_S, bearer
from media.viewers import Viewers

ENCODER_KEY = "jt_enc_"
_MOST_KNOWN_TOKENS = 50_000
_LONGEST_LIFE_S = AWAY_S + VIEW_LIFE_S + 2 * SKEW_S
_TITLES = {
    "grant.missing": "A bearer grant is needed.",
    "grant.malformed": "This is no grant of ours.",
    "grant.expired": "The grant's time is over.",
    "grant.wrong_stream": "The grant is for another stream.",
    "grant.wrong_purpose": "The grant is for another purpose.",
    "grant.spent": "The grant has been used.",
    "grant.revoked": "The sign-in session or encoder key of the grant is over.",
}
_ASK_TO_SIGN_IN = {"WWW-Authenticate": 'Bearer realm="media"'}


K = TypeVar("K")


class EncoderKeys(Protocol):
    """The server, asked about encoder keys."""

    async def encoder_key(self, stream: str, key: str) -> str | None:
        """The key's id if it is valid for the stream; raises OSError or TimeoutError."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave to publish one stream; `session` is what it dies with, `id` the grant that is spent, if it is one."""

    stream: str
    source: Literal["browser", "encoder"]
    session: str
    id: str | None
    start_kbps: int | None = None
    min_kbps: int | None = None
    max_kbps: int | None = None


class Gate:
    """Checks tokens; `clock` gives unix seconds. What it remembers is bounded by the short life of grants."""

    def __init__(self, secret: bytes, keys: EncoderKeys, clock: Callable[[], float]) -> None:
        self._secret, self._keys, self._clock = secret, keys, clock
        self._spent: dict[str, float] = {}
        self._revoked: dict[tuple[str, str | None], float] = {}
        self._known: dict[str, Grant] = {}
        self._viewers = Viewers(secret)

    async def publisher(self, stream: str, token: str) -> Leave:
        """The leave that `token` gives; raises `Refused` 401, 403, or 503 when the server can't be asked."""
        if token.startswith(ENCODER_KEY):
            return await self._encoder(stream, token)
        try:
            grant = verify(self._secret, token, "publish", stream, self._clock())
        except GrantError as error:
            raise _refused(error.code) from error
        if self._is_revoked(grant):
            raise _refused("grant.revoked")
        if grant.id in self._spent:
            raise _refused("grant.spent")
        return Leave(stream, "browser", grant.session, grant.id, grant.start_kbps, grant.min_kbps, grant.max_kbps)

    def spend(self, leave: Leave) -> None:
        """Uses the grant up; raises `Refused` 403 when somebody else was faster."""
        if leave.id is None:
            return
        if leave.id in self._spent:
            raise _refused("grant.spent")
        self._forget(self._spent)
        self._spent[leave.id] = self._clock()

    def check(self, request: web.Request, stream: str) -> None:
        """Lets a reader of the stream pass or raises `Refused`; a token seen before costs two look-ups."""
        self.holds_s(request, stream)

    def holds_s(self, request: web.Request, stream: str) -> float:
        """For how many seconds more the reader may read the stream; raises `Refused`."""
        return self._left_s(self._player(request) or self._shown(request), stream)

    def let_in(self, request: web.Request, stream: str) -> str:
        """What the cookie of a player is to say that reads by this grant and those to come; raises `Refused`."""
        grant = self._shown(request)
        self._left_s(grant, stream)
        return self._viewers.admit(grant)

    def _player(self, request: web.Request) -> Grant | None:
        """What a player without a header was let in by."""
        if "Authorization" in request.headers or "Cookie" not in request.headers:
            return None
        return self._viewers.grant(request.cookies.get(COOKIE, ""))

    def _shown(self, request: web.Request) -> Grant:
        token = bearer(request.headers.get("Authorization"))
        return self._known.get(token) or self._learn(token)

    def _left_s(self, grant: Grant, stream: str) -> float:
        if grant.purpose != "view":
            raise _refused("grant.wrong_purpose")
        if grant.stream != stream:
            raise _refused("grant.wrong_stream")
        left = grant.expires_at + SKEW_S - self._clock()
        if left < 0:
            raise _refused("grant.expired")
        if self._is_revoked(grant):
            raise _refused("grant.revoked")
        return left

    def revoke(self, session: str, stream: str | None = None) -> None:
        """Every grant of the session that was given so far is dead, or every one for the stream.

        So is what goes on from one of them: it counts by when the database was last asked.
        """
        self._forget(self._revoked)
        self._revoked[session, stream] = self._clock()

    def _is_revoked(self, grant: Grant) -> bool:
        revoked = (self._revoked.get((grant.session, stream)) for stream in (None, grant.stream))
        return any(at is not None and grant.given_at <= at + SKEW_S for at in revoked)

    async def _encoder(self, stream: str, key: str) -> Leave:
        try:
            found = await self._keys.encoder_key(stream, key)
        except (OSError, TimeoutError) as error:
            raise Refused(503, "media.server_away", "The key can't be checked now.", {"Retry-After": "2"}) from error
        if found is None:
            raise _refused("grant.malformed")
        if (found, None) in self._revoked:
            raise _refused("grant.revoked")
        return Leave(stream, "encoder", found, None)

    def _learn(self, token: str) -> Grant:
        try:
            grant = read(self._secret, token)
        except GrantError as error:
            raise _refused(error.code) from error
        if len(self._known) >= _MOST_KNOWN_TOKENS:
            self._known.clear()
        self._known[token] = grant
        return grant

    def _forget(self, kept: dict[K, float]) -> None:
        """What no living grant can refer to any more is dropped, the oldest first."""
        horizon = self._clock() - _LONGEST_LIFE_S
        for key in [key for key, at in kept.items() if at < horizon]:
            del kept[key]


def digest(token: str) -> str:
    """What is kept of a token to know it again."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refused(code: str) -> Refused:
    needs_another = code in ("grant.missing", "grant.malformed", "grant.expired")
    return Refused(401 if needs_another else 403, code, _TITLES[code], _ASK_TO_SIGN_IN if needs_another else None)
