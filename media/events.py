"""What media tells the server: on air, still on air, off air, recorded. Written and read by both sides of door 2."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from media.signing import bearer, check_body, sign_body

EventName = Literal[
    "publisher_connected",
    "publisher_lost",
    "on_air",
    "still_on_air",
    "off_air",
    "recorded",
    "disk_full",
    "line",
]
AUDIENCE = "jiangtang:event"
PATH = "/api/internal/media-events"
KEY_AUDIENCE = "jiangtang:encoder-key"
KEY_PATH = "/api/internal/encoder-keys/check"


class EventError(ValueError):
    """The body is no event of ours."""


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of news of one stream; `at_ms` is the programme date-time in milliseconds since the epoch (UTC).

    `id` is the same however often the event is delivered; `run` names one uninterrupted stretch of publishing.
    """

    id: str
    stream: str
    run: str
    name: EventName
    at_ms: int
    data: dict[str, Any] = field(default_factory=dict)


def pack(event: Event) -> bytes:
    """The event as the JSON body that is signed and posted."""
    return json.dumps(asdict(event), ensure_ascii=False, separators=(",", ":")).encode()


def unpack(body: bytes) -> Event:
    """The event in a JSON body; raises `EventError`."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise EventError("not JSON") from error
    if not isinstance(found, dict) or set(found) != {"id", "stream", "run", "name", "at_ms", "data"}:
        raise EventError("not the fields of an event")
    texts = (found["id"], found["stream"], found["run"])
    if not all(isinstance(text, str) for text in texts) or not isinstance(found["data"], dict):
        raise EventError("a field of another type")
    if found["name"] not in get_args(EventName) or type(found["at_ms"]) is not int:
        raise EventError("an unknown name or time")
    return Event(**found)


def authorization(secret: bytes, event: Event, body: bytes, now: float) -> str:
    """The Authorization header for posting `body`."""
    return f"Bearer {sign_body(secret, AUDIENCE, body, event.id, now)}"


def receive(secret: bytes, authorization: str | None, body: bytes, now: float) -> Event:
    """The event that media posted; raises `SignatureError` (answer 401) or `EventError` (answer 400)."""
    check_body(secret, AUDIENCE, bearer(authorization), body, now)
    return unpack(body)
