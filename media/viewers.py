"""Players that play HLS by themselves and can send no header: the page lets them in, a cookie is how they are known.

Theory of operation. Such a player (WebKit where it has no media source) takes its cookies when it opens an address and
need not look for newer ones. So the cookie stays the same for a sign-in and a stream, and what it is worth is kept
here: the newest grant that the page has shown. The page shows each grant as it gets it, every 25 s; once it is closed,
or its person is out, no more come, and the cookie opens nothing within a minute. No address ever holds a grant.
"""

import hashlib
import hmac
from typing import Protocol

from aiohttp import web

from media.grants import COOKIE, VIEW_LIFE_S, Grant

_MOST_VIEWERS = 50_000
_LONGEST_PLAY_S = 12 * 3600
"""Of the cookie itself, which some players only keep when it has an end."""


class Viewers:
    """Who was let in: at most so many, each with the newest grant that was shown for it."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._grants: dict[str, Grant] = {}

    def admit(self, grant: Grant) -> str:
        """Let the player of a checked grant read its stream for as long as the grant holds; what its cookie says."""
        said = f"viewer {grant.session} {grant.stream}".encode()
        value = hmac.new(self._secret, said, hashlib.sha256).hexdigest()
        before = self._grants.get(value)
        if before is None or before.expires_at < grant.expires_at:
            self._make_room(grant.expires_at - VIEW_LIFE_S)
            self._grants[value] = grant
        return value

    def grant(self, value: str) -> Grant | None:
        """What a cookie is worth, None when nothing."""
        return self._grants.get(value)

    def _make_room(self, now: float) -> None:
        if len(self._grants) < _MOST_VIEWERS:
            return
        for value in [value for value, grant in self._grants.items() if grant.expires_at < now]:
            del self._grants[value]
        if len(self._grants) >= _MOST_VIEWERS:
            del self._grants[next(iter(self._grants))]


class Gate(Protocol):
    """Who lets players in."""

    def let_in(self, request: web.Request, stream: str) -> str:
        """What the player's cookie is to say; raises a refusal."""


def viewer_routes(gate: Gate, *, secure: bool) -> list[web.RouteDef]:
    """`POST …/viewer` beside the playlists: the page shows its newest grant; `secure`: pages come by https."""

    async def let_in(request: web.Request) -> web.Response:
        kind, stream = request.match_info["kind"], request.match_info["stream"]
        said = gate.let_in(request, stream)
        answer = web.Response(status=204, headers={"Cache-Control": "no-store"})
        answer.set_cookie(
            COOKIE, said, path=f"/media/{kind}/{stream}/", max_age=_LONGEST_PLAY_S, httponly=True, secure=secure,
            samesite="Lax",
        )  # fmt: skip
        return answer

    return [web.post("/media/{kind:live|vod}/{stream}/viewer", let_in)]
