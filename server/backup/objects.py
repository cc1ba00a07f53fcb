"""What an object store holds, as digests in a backup, and as copies where these are asked for."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from server.backup import BackupError
from server.backup.manifest import PIECE, Content
from server.base.files import Files, NoFile


async def listed(files: Files, copies: Path | None) -> dict[str, Content]:
    """Every object with its digest; copied below `copies` where that is given."""
    found = {}
    async for key in files.names():
        try:
            found[key] = await _taken(files, key, copies)
        except NoFile:  # deleted meanwhile
            continue
    return found


async def _taken(files: Files, key: str, copies: Path | None) -> Content:
    if copies is None:
        return await content_of(files, key)
    target = copies / key
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        async for piece in files.open(key):
            digest.update(piece)
            size += file.write(piece)
    return Content(size, digest.hexdigest())


async def content_of(files: Files, key: str) -> Content:
    """Size and digest of an object; NoFile."""
    digest, size = hashlib.sha256(), 0
    async for piece in files.open(key):
        digest.update(piece)
        size += len(piece)
    return Content(size, digest.hexdigest())


async def put_back(files: Files, wanted: dict[str, Content], copies: Path | None) -> None:
    """Bring a store to what a backup lists; BackupError when it can't be."""
    for key, content in wanted.items():
        try:
            there = await content_of(files, key)
        except NoFile:
            there = None
        if there == content:
            continue
        if there is not None:
            raise BackupError(f"the object store holds another {key} than the backup; restore goes into an empty one")
        if copies is None:
            raise BackupError(f"the object store lacks {key}, and the backup was made without copies of the objects")
        await files.put(key, _pieces(copies / key))


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
