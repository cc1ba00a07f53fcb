"""Endpoints for the media process alone: its news, and whether an encoder's key holds; both signed by it."""

import json
from uuid import UUID

from pydantic import ValidationError

from media.events import KEY_AUDIENCE, KEY_PATH, PATH, EventError, receive
from media.signing import SignatureError, bearer, check_body
from server.base.api import INTERNAL, Ask, Body, Routes, View
from server.live import line, publish
from server.rules.refusal import Refusal

routes = Routes("class")

_LARGEST = 65_536


class KeyBody(Body):
    stream: str
    key_sha256: str


class KeyAnswer(View):
    """Whether the key holds for the stream, and its id where it does."""

    valid: bool
    key: UUID | None = None


@routes.post(PATH, power=INTERNAL, upload=True, title="Something happened on air")
async def news(ask: Ask) -> None:
    body = await _body(ask)
    try:
        told = receive(ask.services.media_secret, ask.request.headers.get("Authorization"), body, ask.now.timestamp())
    except SignatureError as error:
        raise Refusal(error.code, status=401) from error
    except EventError as error:
        raise Refusal("event.malformed", status=400) from error
    await line.take(ask.office, told)


@routes.post(KEY_PATH, power=INTERNAL, upload=True, title="Whether an encoder's key holds for a stream")
async def check_key(ask: Ask) -> KeyAnswer:
    body = await _body(ask)
    token = bearer(ask.request.headers.get("Authorization"))
    try:
        check_body(ask.services.media_secret, KEY_AUDIENCE, token, body, ask.now.timestamp())
        asked = KeyBody.model_validate(json.loads(body))
        digest = bytes.fromhex(asked.key_sha256)
    except SignatureError as error:
        raise Refusal(error.code, status=401) from error
    except (ValueError, ValidationError) as error:
        raise Refusal("key.malformed", status=400) from error
    async with ask.read() as tx:
        found = await publish.holder(tx, asked.stream, digest)
    return KeyAnswer(valid=found is not None, key=found)


async def _body(ask: Ask) -> bytes:
    body = await ask.request.content.read(_LARGEST + 1)
    while not ask.request.content.at_eof() and len(body) <= _LARGEST:
        body += await ask.request.content.read(_LARGEST + 1 - len(body))
    if len(body) > _LARGEST:
        raise Refusal("body.too_large", status=413, limit=_LARGEST)
    return body
