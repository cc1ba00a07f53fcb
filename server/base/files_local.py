"""Files in the data folder, and the address at which their signed links are answered."""

import asyncio
import hmac
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from server.base.files import CHUNK, Content, NoFile, checked, is_key, pieces, type_of
from server.base.keys import SERVICES
from server.rules.refusal import unknown

ADDRESS = "/api/v1/files/"


class LocalFiles:
    """`Files` under one folder; `key` signs the links, `wall` gives unix seconds."""

    def __init__(self, root: Path, key: bytes, wall: Callable[[], float] = time.time) -> None:
        self._root, self._key, self._wall = root, key, wall

    def path(self, key: str) -> Path:
        """Where the file is; NoFile, ValueError."""
        path = self._root / checked(key)
        if not path.is_file():
            raise NoFile(key)
        return path

    async def put(self, key: str, content: Content) -> int:
        target = self._root / checked(key)
        fresh = target.with_name(f".{secrets.token_hex(8)}")
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        try:
            size = await _written(fresh, content)
            await asyncio.to_thread(fresh.replace, target)
        finally:
            await asyncio.to_thread(fresh.unlink, missing_ok=True)
        return size

    async def get(self, key: str) -> bytes:
        return await asyncio.to_thread(self.path(key).read_bytes)

    async def size(self, key: str) -> int:
        return self.path(key).stat().st_size

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        with await asyncio.to_thread(self.path(key).open, "rb") as file:
            file.seek(start)
            left = (end - start) if end is not None else -1
            while piece := await asyncio.to_thread(file.read, CHUNK if left < 0 else min(CHUNK, left)):
                left -= len(piece) if left > 0 else 0
                yield piece

    async def delete(self, key: str) -> None:
        await asyncio.to_thread((self._root / checked(key)).unlink, missing_ok=True)

    async def names(self) -> AsyncIterator[str]:
        for path in await asyncio.to_thread(lambda: [each for each in self._root.rglob("*") if each.is_file()]):
            key = path.relative_to(self._root).as_posix()
            if is_key(key):
                yield key

    async def link(self, key: str, seconds: int) -> str:
        until = int(self._wall()) + seconds
        return f"{ADDRESS}{quote(checked(key))}?until={until}&sign={self._sign(key, until)}"

    def allows(self, key: str, until: str, sign: str) -> bool:
        """Whether a link's words are ours and its time is not over."""
        if not (until.isdecimal() and until.isascii() and len(until) < 16):
            return False
        good = hmac.compare_digest(self._sign(key, int(until)).encode(), sign.encode())
        return good and self._wall() < int(until)

    def _sign(self, key: str, until: int) -> str:
        return hmac.digest(self._key, f"{until} {key}".encode(), "sha256").hex()


async def _written(path: Path, content: Content) -> int:
    """The bytes written; they are on the disk when this returns."""
    with await asyncio.to_thread(path.open, "wb") as file:
        async for piece in pieces(content):
            await asyncio.to_thread(file.write, piece)
        size = file.tell()
        await asyncio.to_thread(file.flush)
        await asyncio.to_thread(os.fsync, file.fileno())
    return size


async def serve(request: web.Request) -> web.StreamResponse:
    """The file of a signed link, also a range of it (RFC 9110 §14); never shown as a page, never stored on the way."""
    files = request.app[SERVICES].files
    key, query = request.match_info["key"], request.query
    if not isinstance(files, LocalFiles) or not files.allows(key, query.get("until", ""), query.get("sign", "")):
        raise unknown("file")
    try:
        path = files.path(key)
    except (NoFile, ValueError) as error:
        raise unknown("file") from error
    headers = {"Content-Type": type_of(key), "Content-Disposition": f'attachment; filename="{path.name}"'}
    return web.FileResponse(path, chunk_size=CHUNK, headers=headers | {"Cache-Control": "private, no-store"})
