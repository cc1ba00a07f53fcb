"""Pictures of strangers: told by their first bytes, and made anew in a process that may use little."""

import asyncio
import json
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from server.base.observe import FAULTS, log
from server.rules.refusal import Refusal

BYTES = 8 * 1024 * 1024
"""Largest upload."""

AT_ONCE = 2
"""Pictures that are made at the same time."""

WAIT_S = 20.0
"""Longest wait for a picture on a machine that is busy; its own time of the processor is bounded by the worker."""

_log = log("pictures")

_WORKER = Path(__file__).with_name("picture_worker.py")
_SIGNS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of nothing but pixels, as WebP; sizes in pixels."""

    data: bytes
    width: int
    height: int


async def remake(data: bytes) -> Picture:
    """The picture, made anew.

    Refuses `picture.type` (415) of what is no JPEG, PNG or WebP or goes on after its end, `picture.too_large`,
    `picture.moving` and `picture.broken` (422).
    """
    if not _known(data):
        raise Refusal("picture.type", status=415)
    async with _turns(asyncio.get_running_loop()):
        head, picture = await _made(data)
    if refused := head.get("refused"):
        raise Refusal(str(refused), status=422)
    return Picture(picture, int(head["width"]), int(head["height"]))


def _known(data: bytes) -> bool:
    if data.startswith(_SIGNS[1]):
        return data.endswith(b"IEND\xaeB`\x82")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return int.from_bytes(data[4:8], "little") + 8 == len(data)
    return data.startswith(_SIGNS[0])


@lru_cache(maxsize=2)
def _turns(_loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)


async def _made(data: bytes) -> tuple[dict[str, int | str], bytes]:
    pipe = asyncio.subprocess.PIPE
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(_WORKER), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env={}
    )
    try:
        out, _ = await asyncio.wait_for(worker.communicate(data), WAIT_S)
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
    if worker.returncode:  # by a signal where it took too much; else the fault is ours
        FAULTS.labels("picture").inc()
        _log.warning("the worker of a picture gave up", returncode=worker.returncode, bytes=len(data))
        return {"refused": "picture.too_large"}, b""
    head, _, picture = out.partition(b"\n")
    return json.loads(head), picture
