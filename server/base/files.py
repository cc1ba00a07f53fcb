"""Files that the academy keeps (pictures, documents, exports): one door, the data folder or an object store behind it.

A key is a path of plain names, `pictures/0192….webp`; its ending says the type. A file is put whole or not at all,
and links to it are signed and end.
"""

import hmac
import mimetypes
import re
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import Protocol

from server.base.config import Settings

CHUNK = 256 * 1024
"""Bytes that are read or written at once."""

_KEY = re.compile(r"(?!.*\.\.)[0-9A-Za-z_-][0-9A-Za-z._-]{0,99}(/[0-9A-Za-z_-][0-9A-Za-z._-]{0,99}){0,7}")

Content = bytes | AsyncIterable[bytes]


class NoFile(LookupError):
    """There is no file of this key."""


class Files(Protocol):
    """What every driver does; a key of another shape is a ValueError, a missing file `NoFile`."""

    async def put(self, key: str, content: Content) -> int:
        """Keep a file, whole or not at all, in the place of an earlier one; its size in bytes."""
        ...

    async def get(self, key: str) -> bytes: ...

    async def size(self, key: str) -> int: ...

    def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but without `end`, piece by piece."""
        ...

    async def delete(self, key: str) -> None:
        """Forget a file; one that is not there is forgotten already."""
        ...

    def names(self) -> AsyncIterator[str]:
        """The keys of all files, in no order."""
        ...

    async def link(self, key: str, seconds: int) -> str:
        """An address from which anyone may read the file for `seconds`."""
        ...


def is_key(text: str) -> bool:
    """Whether a text has the shape of a key."""
    return _KEY.fullmatch(text) is not None


def checked(key: str) -> str:
    """The key, if it is one; ValueError."""
    if not is_key(key):
        raise ValueError(f"not the key of a file: {key!r}")
    return key


def type_of(key: str) -> str:
    """The media type that the key's ending says."""
    return mimetypes.guess_type(key)[0] or "application/octet-stream"


async def pieces(content: Content) -> AsyncIterator[bytes]:
    """The content piece by piece, however it was given."""
    if isinstance(content, bytes):
        yield content
    else:
        async for piece in content:
            yield piece


def files_of(settings: Settings, identity_key: bytes) -> Files:
    """The driver of a deployment: objects when OBJECTS_URL is set, else the data folder."""
    if settings.objects_url:
        from server.base.files_objects import ObjectFiles

        return ObjectFiles(settings.objects_url)
    return local_files(settings.data, identity_key)


def local_files(data: Path, identity_key: bytes) -> Files:
    """Files in `<data>/files/`, their links signed with a key of their own that every node derives alike."""
    from server.base.files_local import LocalFiles

    return LocalFiles(data / "files", hmac.digest(identity_key, b"links to files", "sha256"))
