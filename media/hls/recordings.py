"""Playlists of classes that have ended: nothing is copied, the index is read once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from media.hls.listing import stream_inf
from media.hls.playlist import multivariant, vod
from media.hls.reading import NotThere
from media.storage import Storage

MOST_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Recording:
    """Both playlists of a class."""

    index: bytes
    list: bytes


class Recordings:
    """Recordings as players ask for them; the last asked for are remembered, as an ended class never changes."""

    def __init__(self, storage: Storage) -> None:
        """Read from `storage`."""
        self._storage = storage
        self._remembered: OrderedDict[str, Recording] = OrderedDict()

    async def index(self, stream: str) -> bytes:
        """The multivariant playlist; NotThere while the class has not ended, NoSuchName."""
        return (await self._recording(stream)).index

    async def list(self, stream: str) -> bytes:
        """The list of segments; NotThere while the class has not ended, NoSuchName."""
        return (await self._recording(stream)).list

    async def _recording(self, stream: str) -> Recording:
        recording = self._remembered.get(stream)
        if recording is None:
            recording = self._remembered[stream] = await asyncio.to_thread(self._read, stream)
        self._remembered.move_to_end(stream)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return recording

    def _read(self, stream: str) -> Recording:
        index = self._storage.index(stream)
        if index is None or not index.ended or not index.segments:
            raise NotThere
        longest = max(round(segment.duration or 0) for segment in index.segments)
        entries = [segment.entry(with_parts=False) for segment in index.segments]
        return Recording(
            multivariant(stream_inf(index.segments)).encode(), vod(longest, index.segments[0].msn, entries).encode()
        )
