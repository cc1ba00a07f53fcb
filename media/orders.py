"""What the server tells media: go on air, pause, end, cut, revoke. Shapes of door 3 and the client that sends them."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import uuid4

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from media.signing import sign_body

AUDIENCE = "jiangtang:order"
PATH = "/internal/orders"
_TIMEOUT = aiohttp.ClientTimeout(total=10)

Stream = Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{1,64}(\.rehearsal)?$")]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AirOpen(_Order):
    """Go on air: from the next key frame on, what the publisher sends is cut into segments."""

    name: Literal["air_open"] = "air_open"
    stream: Stream
    rehearsal: bool
    low_latency: bool


class AirPause(_Order):
    """Stop cutting, keep the publisher."""

    name: Literal["air_pause"] = "air_pause"
    stream: Stream


class AirEnd(_Order):
    """Finish: write the recording's list and let the publisher go."""

    name: Literal["air_end"] = "air_end"
    stream: Stream


class AirCut(_Order):
    """断播: nothing more is handed out from this moment, the recording is sealed."""

    name: Literal["air_cut"] = "air_cut"
    stream: Stream


class RevokeSession(_Order):
    """Every grant of this session (or encoder key) is dead at once, or only those for one stream."""

    name: Literal["revoke_session"] = "revoke_session"
    session: Annotated[str, Field(min_length=1, max_length=200)]
    stream: Stream | None = None


class DropPublisher(_Order):
    """Hang up on whoever publishes this stream."""

    name: Literal["drop_publisher"] = "drop_publisher"
    stream: Stream


class PrepareVideo(_Order):
    """Make a file in the data folder ready to be played as the class."""

    name: Literal["prepare_video"] = "prepare_video"
    stream: Stream
    path: Annotated[str, Field(min_length=1, max_length=1000)]


class PlayVideo(_Order):
    """The prepared video is the publisher from now on."""

    name: Literal["play_video"] = "play_video"
    stream: Stream


class Status(_Order):
    """Who publishes what, and how fast."""

    name: Literal["status"] = "status"


Order = Annotated[
    AirOpen | AirPause | AirEnd | AirCut | RevokeSession | DropPublisher | PrepareVideo | PlayVideo | Status,
    Field(discriminator="name"),
]
ORDER: TypeAdapter[Order] = TypeAdapter(Order)


class OrderError(Exception):
    """Media refused the order (`status` and its code) or didn't answer (status 0, `media.unreachable`)."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(f"{code} ({status})")
        self.code = code
        self.status = status


class Orders:
    """Signed orders to the media process at `url`; each may be given twice with the effect of once.

    Every method returns media's answer, in which `at_ms` is the moment on the media clock (milliseconds since the
    epoch) at which the order took effect, and raises `OrderError`. `clock` gives unix seconds.
    """

    def __init__(self, url: str, secret: bytes, http: aiohttp.ClientSession, clock: Callable[[], float]) -> None:
        self._url = url.rstrip("/") + PATH
        self._secret = secret
        self._http = http
        self._clock = clock

    async def air_open(self, stream: str, *, rehearsal: bool, low_latency: bool) -> dict[str, Any]:
        return await self.give(AirOpen(stream=stream, rehearsal=rehearsal, low_latency=low_latency))

    async def air_pause(self, stream: str) -> dict[str, Any]:
        return await self.give(AirPause(stream=stream))

    async def air_end(self, stream: str) -> dict[str, Any]:
        return await self.give(AirEnd(stream=stream))

    async def air_cut(self, stream: str) -> dict[str, Any]:
        return await self.give(AirCut(stream=stream))

    async def revoke_session(self, session: str) -> dict[str, Any]:
        return await self.give(RevokeSession(session=session))

    async def drop_publisher(self, stream: str) -> dict[str, Any]:
        return await self.give(DropPublisher(stream=stream))

    async def prepare_video(self, stream: str, path: Path) -> dict[str, Any]:
        return await self.give(PrepareVideo(stream=stream, path=str(path)))

    async def play_video(self, stream: str) -> dict[str, Any]:
        return await self.give(PlayVideo(stream=stream))

    async def status(self) -> dict[str, Any]:
        return await self.give(Status())

    async def give(self, order: Order) -> dict[str, Any]:
        """Sends one order and returns media's answer."""
        body = order.model_dump_json().encode()
        token = sign_body(self._secret, AUDIENCE, body, uuid4().hex, self._clock())
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            async with self._http.post(self._url, data=body, headers=headers, timeout=_TIMEOUT) as response:
                answer: dict[str, Any] = await response.json(content_type=None)
                if response.status != 200:
                    raise OrderError(str(answer.get("code", "media.refused")), response.status)
                return answer
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise OrderError("media.unreachable", 0) from error
