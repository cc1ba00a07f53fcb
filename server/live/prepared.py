"""A prepared video as the class: uploaded whole, looked at by media, played as the publisher (rules §8, assistants).

The file is kept under a random name of its own in `files/prepared`; what the sender called it is never
used. Media alone opens it: it probes, converts and plays within limits of its own.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from media.orders import OrderError, Orders
from server.base.config import Settings
from server.base.office import Office
from server.base.work import Actor, Work
from server.live import publish_store
from server.live.abilities import OVER
from server.live.publish_store import PreparedVideo
from server.live.state import load, note, step
from server.live.store import LiveClass
from server.live.streams import stream_of
from server.rules.live import Action, State
from server.rules.refusal import Refusal

LIMIT = 4 * 1024**3
"""Largest video, in bytes."""

SILENT_S = 30.0
"""Longest wait for the next piece of an upload."""

READY = "ready"
_STATES = {"working": "preparing", "ready": READY, "playing": READY, "refused": "refused"}
_FTYP = slice(4, 8)
_REFUSED = 422


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has come in whole."""

    file: UUID
    bytes: int


def path_of(settings: Settings, file: UUID) -> Path:
    """Where a prepared video lies."""
    return settings.data.absolute() / "files" / "prepared" / f"{file}.mp4"


async def keep(settings: Settings, file: UUID, pieces: AsyncIterator[bytes]) -> Upload:
    """Write an upload to disk as it comes; what is too large, too slow or no MP4 leaves nothing behind.

    Refusals: `video.too_large`, `video.broken_off`, `video.wrong_type` (ISO/IEC 14496-12 §4.3 begins with a file type),
    `server.busy` when the disk takes no more.
    """
    path = path_of(settings, file)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        size = await _write(part, pieces)
        os.replace(part, path)
    except OSError as error:
        raise Refusal("server.busy", status=503, retry_after_s=30) from error
    finally:
        part.unlink(missing_ok=True)
    return Upload(file, size)


async def give(work: Work, class_id: UUID, upload: Upload) -> PreparedVideo:
    """The uploaded video is the one of the class; the file of the one before goes away after the commit."""
    lesson = await load(work, class_id)
    if lesson.state in OVER:
        raise Refusal("class.wrong_state", state=lesson.state.value, action="prepared")
    assert work.actor.id is not None
    before = await publish_store.prepared(work.tx, class_id)
    video = PreparedVideo(class_id, upload.file, upload.bytes, work.actor.id, work.now)
    await publish_store.keep_prepared(work.tx, video)
    await note(work, lesson, "prepared", bytes=upload.bytes)
    await work.fail("prepared.after_row")
    if before is not None:
        settings = work.services.settings
        work.after(lambda: path_of(settings, before.file).unlink(missing_ok=True))
    return video


async def state_of(office: Office, video: PreparedVideo) -> str:
    """How far media is with the video: `preparing`, `ready` or `refused`; asking begins the work."""
    path = path_of(office.services.settings, video.file)
    try:
        answer = await office.services.orders.prepare_video(stream_of(video.class_id), path)
    except OrderError as error:
        if error.status == _REFUSED:
            return "refused"
        raise _away(error) from error
    return _STATES[answer["video"]]


async def play(office: Office, actor: Actor, class_id: UUID) -> LiveClass:
    """Play the prepared video as the class: on air at once where it waits or pauses.

    The class goes on air before the first picture is sent, so that nothing of the video is missed.
    """
    async with office.read() as tx:
        video = await publish_store.prepared(tx, class_id)
    if video is None:
        raise Refusal("video.missing")
    if (state := await state_of(office, video)) != READY:
        raise Refusal("video.not_ready", state=state)
    lesson = await office.do(actor, _begin, class_id)
    await _play(office.services.orders, class_id)
    return lesson


async def _begin(work: Work, class_id: UUID) -> LiveClass:
    lesson = await load(work, class_id)
    await note(work, lesson, "play")
    match lesson.state:
        case State.ON_AIR | State.INTERRUPTED:
            return lesson
        case State.PAUSED:
            return await step(work, lesson, Action.RESUME)
    return await step(work, lesson, Action.START)


async def _play(orders: Orders, class_id: UUID) -> dict[str, Any]:
    try:
        return await orders.play_video(stream_of(class_id))
    except OrderError as error:
        raise _away(error) from error


def _away(error: OrderError) -> Refusal:
    return Refusal("media.away", status=503, retry_after_s=2, why=error.code)


async def _write(part: Path, pieces: AsyncIterator[bytes]) -> int:
    head, size = b"", 0
    with part.open("xb") as file:
        async for piece in _in_time(pieces):
            size += len(piece)
            if size > LIMIT:
                raise Refusal("video.too_large", status=413, limit=LIMIT)
            if len(head) < _FTYP.stop:
                head += piece[: _FTYP.stop - len(head)]
                if len(head) == _FTYP.stop:
                    _check_head(head)
            await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(_settle, file.fileno())
    _check_head(head)
    return size


def _check_head(head: bytes) -> None:
    if head[_FTYP] != b"ftyp":
        raise Refusal("video.wrong_type", status=415)


def _settle(handle: int) -> None:
    os.fsync(handle)


async def _in_time(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    iterator = aiter(pieces)
    while True:
        try:
            async with asyncio.timeout(SILENT_S):
                piece = await anext(iterator)
        except StopAsyncIteration:
            return
        except (TimeoutError, ConnectionError) as error:
            raise Refusal("video.broken_off", status=400) from error
        yield piece
