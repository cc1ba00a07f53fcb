"""Endpoint for the upload of a picture."""

import asyncio
from uuid import UUID

from aiohttp import BodyPartReader, MultipartReader

from server.base.api import Ask, Routes, View
from server.base.pictures import BYTES, remake
from server.base.room import Room
from server.moderation import pictures
from server.rules.powers import Power
from server.rules.refusal import Refusal

routes = Routes("picture")

ALT = 200

ARRIVAL_S = 120.0
"""Longest time that a picture may take to arrive, which holds a place."""

_ROOM = Room(16)


class UploadedPicture(View):
    """To be named in a post; its address is `/api/v1/forum/pictures/{id}`."""

    id: UUID
    alt: str
    width: int
    height: int


@routes.post(
    "/api/v1/pictures", power=Power.SPEAK, upload=True, status=201,
    title="Keep a picture for a post (multipart: alt, then picture)",
)  # fmt: skip
async def upload(ask: Ask) -> UploadedPicture:
    with _ROOM.enter(ask.me):
        async with ask.read() as tx:
            await pictures.check_room(tx, ask.me)
        alt, data = await _parts(ask)
        made = await remake(data)
    kept = await ask.do(pictures.announce, made, alt)
    size = await ask.services.files.put(kept.key, made.data)
    await ask.do(pictures.whole, kept.id, size)
    return UploadedPicture.model_validate(kept)


async def _parts(ask: Ask) -> tuple[str, bytes]:
    request = ask.request
    if request.content_type != "multipart/form-data":
        raise Refusal("body.type", status=415, want="multipart/form-data")
    if (request.content_length or 0) > BYTES + 4096:
        raise Refusal("body.too_large", status=413, limit=BYTES)
    try:
        async with asyncio.timeout(ARRIVAL_S):
            reader = await request.multipart()
            alt = (await _part(reader, "alt", ALT * 4)).decode().strip()
            data = await _part(reader, "picture", BYTES)
    except (ValueError, AssertionError, TimeoutError) as error:
        raise Refusal("body.malformed", status=400) from error
    if not alt or len(alt) > ALT or any(ord(char) < 0x20 for char in alt):
        raise Refusal("field.invalid", status=422, field="alt")
    return alt, data


async def _part(reader: MultipartReader, name: str, limit: int) -> bytes:
    part = await reader.next()
    if not isinstance(part, BodyPartReader) or part.name != name:
        raise Refusal("field.invalid", status=422, field=name)
    data = bytearray()
    while piece := await part.read_chunk():
        data += piece
        if len(data) > limit:
            raise Refusal("body.too_large", status=413, limit=limit)
    return bytes(data)
