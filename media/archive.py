"""Recordings in an object store that speaks S3: segments go there when their class is over, and are read from there.

Theory of operation. The disk is the truth while a class goes on and keeps the index of every class for ever, so that
whether it has ended, was cut, or goes on is asked in one place. Only when every file of an ended class is in the
store, and has its size there, do the segments leave the disk; a kill in between costs nothing but sending them again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import structlog

from media.storage import INDEX, Storage

if TYPE_CHECKING:
    from obstore.store import S3Store

log = structlog.get_logger(__name__)

ROUND_S = 30.0
_AT_ONCE = 4
_REGION = "us-east-1"
"""What stores that have no regions expect to be signed for."""


class Archive:
    """The bucket of `url`: `https://key:secret@host:port/bucket/prefix`. Raises OSError when it doesn't answer."""

    def __init__(self, url: str) -> None:
        self._store = _store_of(url)

    async def put(self, key: str, file: Path) -> None:
        """Keep a file; it is whole there when this returns."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            await obstore.put_async(self._store, key, file)
            there = (await obstore.head_async(self._store, key))["size"]
        except BaseError as error:
            raise OSError(str(error)) from error
        if there != (await asyncio.to_thread(file.stat)).st_size:
            raise OSError(f"{key} is not whole in the store")

    async def get(self, key: str) -> bytes | None:
        """The bytes of a file, None when there is none."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            return bytes(await (await obstore.get_async(self._store, key)).bytes_async())
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise OSError(str(error)) from error


class Archivist:
    """Brings recordings to the archive; `is_open` says of which classes somebody may still write or read the end."""

    def __init__(self, storage: Storage, archive: Archive, is_open: Callable[[str], bool]) -> None:
        self._storage, self._archive, self._is_open = storage, archive, is_open

    async def work(self) -> None:
        """A round now and then, until cancelled."""
        while True:
            await self.round()
            await asyncio.sleep(ROUND_S)

    async def round(self) -> None:
        """Every class that is over; one that fails is tried again in the next round and holds up no other."""
        for stream in await asyncio.to_thread(self._storage.over):
            if self._is_open(stream):
                continue
            try:
                await self._bring(stream)
            except OSError as error:
                log.warning("media.not_archived", stream=stream, error=str(error))

    async def _bring(self, stream: str) -> None:
        """All files, the index last; a class that is cut meanwhile is gone from its folder, which is an OSError."""
        files = await asyncio.to_thread(self._storage.files, stream)
        room = asyncio.Semaphore(_AT_ONCE)

        async def put(file: Path) -> None:
            async with room:
                await self._archive.put(key_of(stream, file.parent.name, file.name), file)

        await asyncio.gather(*(put(file) for file in files))
        await self._archive.put(f"{stream}/{INDEX}", self._storage.index_file(stream))
        await asyncio.to_thread(_remove, files)
        log.info("media.archived", stream=stream, files=len(files))


def key_of(stream: str, run: str, name: str) -> str:
    """Where a file of a class is in the store."""
    return f"{stream}/{run}/{name}"


def _remove(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _store_of(url: str) -> S3Store:
    from obstore.store import S3Store

    parts = urlsplit(url)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    if not parts.hostname or not bucket:
        raise ValueError("JIANGTANG_MEDIA_OBJECTS_URL must be https://key:secret@host/bucket/prefix")
    return S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
        region=_REGION,
        access_key_id=unquote(parts.username or ""),
        secret_access_key=unquote(parts.password or ""),
        virtual_hosted_style_request=False,
        client_options={"allow_http": parts.scheme == "http", "timeout": "20 seconds"},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
    )
