"""Files in an object store that speaks S3; the store itself answers the links, which it has signed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from server.base.files import CHUNK, Content, NoFile, checked, type_of

if TYPE_CHECKING:
    from obstore.store import S3Store

_REGION = "us-east-1"
"""What stores that have no regions expect to be signed for."""


class ObjectFiles:
    """`Files` in the bucket of `url`: `https://key:secret@host:port/bucket/prefix`."""

    def __init__(self, url: str) -> None:
        self._store = store_of(url)

    async def put(self, key: str, content: Content) -> int:
        import obstore

        attributes = {"Content-Type": type_of(key), "Content-Disposition": "attachment", "Cache-Control": "no-store"}
        await obstore.put_async(self._store, checked(key), content, attributes=attributes)
        return len(content) if isinstance(content, bytes) else await self.size(key)

    async def get(self, key: str) -> bytes:
        import obstore

        try:
            return bytes(await (await obstore.get_async(self._store, checked(key))).bytes_async())
        except FileNotFoundError as error:
            raise NoFile(key) from error

    async def size(self, key: str) -> int:
        import obstore

        try:
            return (await obstore.head_async(self._store, checked(key)))["size"]
        except FileNotFoundError as error:
            raise NoFile(key) from error

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        import obstore

        size = await self.size(key)
        until = size if end is None else min(end, size)
        for first in range(start, until, CHUNK):
            last = min(first + CHUNK, until)
            yield bytes(await obstore.get_range_async(self._store, checked(key), start=first, end=last))

    async def delete(self, key: str) -> None:
        import obstore

        await obstore.delete_async(self._store, checked(key))

    async def names(self) -> AsyncIterator[str]:
        import obstore

        async for some in obstore.list(self._store):
            for each in some:
                yield each["path"]

    async def link(self, key: str, seconds: int) -> str:
        import obstore

        return await obstore.sign_async(self._store, "GET", checked(key), timedelta(seconds=seconds))


def store_of(url: str) -> "S3Store":
    """The store behind an OBJECTS_URL; plain http only where the address says so."""
    from obstore.store import S3Store

    parts = urlsplit(url)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    if not parts.hostname or not bucket:
        raise ValueError("OBJECTS_URL must be https://key:secret@host/bucket")
    where = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    return S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=where,
        region=_REGION,
        access_key_id=unquote(parts.username or ""),
        secret_access_key=unquote(parts.password or ""),
        virtual_hosted_style_request=False,
        client_options={"allow_http": parts.scheme == "http"},
    )
