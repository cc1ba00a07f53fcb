"""The server as media sees it: it is told events and asked about encoder keys, by signed HTTP."""

import hashlib
import json
from collections.abc import Callable
from uuid import uuid4

import aiohttp

from media.events import KEY_AUDIENCE, KEY_PATH, PATH, Event, authorization, pack
from media.signing import sign_body

_TIMEOUT = aiohttp.ClientTimeout(total=5)
_KEY_KEPT_S = 5.0
_KEYS_KEPT = 1_000


class Server:
    """Signed calls to the server at `url`; `clock` gives unix seconds."""

    def __init__(self, url: str, secret: bytes, http: aiohttp.ClientSession, clock: Callable[[], float]) -> None:
        self._url = url.rstrip("/")
        self._secret = secret
        self._http = http
        self._clock = clock
        self._keys: dict[tuple[str, str], tuple[float, str | None]] = {}

    async def post(self, event: Event) -> int:
        """Posts the event and returns the HTTP status; raises OSError or TimeoutError when there was no answer."""
        body = pack(event)
        status, _ = await self._call(PATH, body, authorization(self._secret, event, body, self._clock()))
        return status

    async def encoder_key(self, stream: str, key: str) -> str | None:
        """The id of the encoder key if `key` is valid for `stream` now, else None; only its hash leaves the process.

        The answer is kept for 5 s: a revoked key is dead within that time, and an encoder that knocks in a loop
        doesn't knock at the server. Raises OSError or TimeoutError when the server doesn't answer.
        """
        digest, now = hashlib.sha256(key.encode()).hexdigest(), self._clock()
        asked_at, known = self._keys.get((stream, digest), (-_KEY_KEPT_S, None))
        if 0 <= now - asked_at < _KEY_KEPT_S:
            return known
        found = await self._ask_for_key(stream, digest)
        if len(self._keys) >= _KEYS_KEPT:
            self._keys.clear()
        self._keys[(stream, digest)] = (now, found)
        return found

    async def _ask_for_key(self, stream: str, digest: str) -> str | None:
        body = json.dumps({"stream": stream, "key_sha256": digest}).encode()
        token = sign_body(self._secret, KEY_AUDIENCE, body, uuid4().hex, self._clock())
        status, answer = await self._call(KEY_PATH, body, f"Bearer {token}")
        if status >= 500:
            raise OSError(f"the server answered {status}")
        if status != 200 or not isinstance(answer, dict) or answer.get("valid") is not True:
            return None
        return str(answer.get("key") or digest[:32])

    async def _call(self, path: str, body: bytes, authorization: str) -> tuple[int, object]:
        headers = {"Authorization": authorization, "Content-Type": "application/json"}
        try:
            async with self._http.post(
                self._url + path, data=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                return answer.status, _json(await answer.read())
        except aiohttp.ClientError as error:
            raise OSError(repr(error)) from error


def _json(text: bytes) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
