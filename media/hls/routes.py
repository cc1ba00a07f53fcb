"""The addresses that players ask: playlists that wait for their part, parts, segments, init sections, recordings."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol

from aiohttp import web

from media.archive import Archive, key_of
from media.errors import problem
from media.hls.news import TooManyReaders
from media.hls.reading import Answer, Gone, NotInTime, NotThere, Position, TooFarAhead
from media.hls.recordings import Recordings
from media.hls.window import Window
from media.storage import NoSuchName, Storage

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
MEDIA_TYPE = "video/mp4"
SETTLED_MEDIA = "max-age=3600, immutable"
SETTLED_LIST = "max-age=5"
NEW_LIST = "max-age=1"
PART = re.compile(r"(\d{1,9})\.(\d{1,9})\.m4s")
SEGMENT = re.compile(r"(\d{1,9})\.m4s")
INIT = re.compile(r"init-\d{1,9}\.mp4")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate(Protocol):
    """Who may read a stream."""

    def check(self, request: web.Request, stream: str) -> None:
        """Let pass or raise a refusal; asked for each request, and again when it has waited."""


class Source(Protocol):
    """A class that this process has."""

    @property
    def window(self) -> Window:
        """Its live window."""


Find = Callable[[str], Source | None]


def withheld(find: Find, storage: Storage, stream: str) -> bool:
    """Whether the class was cut and nothing of it is shown; NoSuchName."""
    source = find(stream)
    return storage.sealed(stream) if source is None else source.window.gone


def hls_routes(find: Find, storage: Storage, gate: Gate, archive: Archive | None = None) -> list[web.RouteDef]:
    """All routes; `find` knows the classes of this process, the storage those that were recorded.

    What has left the storage is read from the archive, if there is one.
    """
    readers = _Readers(find, storage, gate, archive)
    live: dict[str, Handler] = {"video.m3u8": readers.live_list, "index.m3u8": readers.live_index}
    recorded: dict[str, Handler] = {"video.m3u8": readers.recorded_list, "index.m3u8": readers.recorded_index}
    return [
        web.get("/media/live/{stream}/{path:.+}", _told(live, readers.file)),
        web.get("/media/vod/{stream}/{path:.+}", _told(recorded, readers.file)),
    ]


class _Readers:
    def __init__(self, find: Find, storage: Storage, gate: Gate, archive: Archive | None) -> None:
        self._find = find
        self._storage = storage
        self._recordings = Recordings(storage)
        self._gate = gate
        self._archive = archive

    async def live_index(self, request: web.Request) -> web.StreamResponse:
        stream, window = self._enter(request)
        if window is None:
            return _list(Answer(await self._recordings.index(stream), settled=True))
        body = await window.multivariant()
        self._gate.check(request, stream)
        return _list(Answer(body, settled=False))

    async def live_list(self, request: web.Request) -> web.StreamResponse:
        stream, window = self._enter(request)
        if window is None:
            return _list(Answer(await self._recordings.list(stream), settled=True))
        answer = await window.playlist(_position(request), skip="_HLS_skip" in request.query)
        if answer.waited:
            self._gate.check(request, stream)
        return _list(answer)

    async def recorded_index(self, request: web.Request) -> web.StreamResponse:
        stream, _ = self._enter(request)
        return _list(Answer(await self._recordings.index(stream), settled=True))

    async def recorded_list(self, request: web.Request) -> web.StreamResponse:
        stream, _ = self._enter(request)
        return _list(Answer(await self._recordings.list(stream), settled=True))

    async def file(self, request: web.Request) -> web.StreamResponse:
        stream, window = self._enter(request)
        run, _, name = request.match_info["path"].partition("/")
        part = PART.fullmatch(name)
        if part is not None:
            if window is None:
                raise NotThere
            body = window.part_now(run, int(part[1]), int(part[2]))
            if body is None:
                body = await window.part(run, int(part[1]), int(part[2]))
                self._gate.check(request, stream)
            return _bytes(request, body)
        held = _in_memory(window, run, name) if window is not None else None
        return _bytes(request, held) if held is not None else await self._stored(request, stream, run, name)

    async def _stored(self, request: web.Request, stream: str, run: str, name: str) -> web.StreamResponse:
        """What is no longer in memory: from this disk, or from the archive."""
        if SEGMENT.fullmatch(name) is None and INIT.fullmatch(name) is None:
            raise NotThere
        here = self._on_disk(stream, run, name)
        return await self._archived(request, stream, run, name) if here is None else here

    def _on_disk(self, stream: str, run: str, name: str) -> web.StreamResponse | None:
        """The answer reads the file piece by piece, whatever its size."""
        path: Path = self._storage.file(stream, run, name)
        if not path.is_file():
            return None
        return web.FileResponse(path, headers={"Content-Type": MEDIA_TYPE, "Cache-Control": SETTLED_MEDIA})

    async def _archived(self, request: web.Request, stream: str, run: str, name: str) -> web.StreamResponse:
        """A segment, read whole; the class may be cut while it comes."""
        body = None if self._archive is None else await self._archive.get(key_of(stream, run, name))
        if body is None:
            raise NotThere
        self._enter(request)
        return _bytes(request, body)

    def _enter(self, request: web.Request) -> tuple[str, Window | None]:
        stream = request.match_info["stream"]
        self._gate.check(request, stream)
        if withheld(self._find, self._storage, stream):
            raise Gone
        source = self._find(stream)
        return stream, None if source is None else source.window


def _in_memory(window: Window, run: str, name: str) -> bytes | None:
    segment = SEGMENT.fullmatch(name)
    return window.init(run, name) if segment is None else window.segment(run, int(segment[1]))


def _position(request: web.Request) -> Position | None:
    """`_HLS_msn` and `_HLS_part` (RFC 8216bis, 6.2.5.2); ValueError for what is no number or a part of nothing."""
    msn, part = request.query.get("_HLS_msn"), request.query.get("_HLS_part")
    if msn is None and part is None:
        return None
    if msn is None or not msn.isdecimal() or not (part is None or part.isdecimal()):
        raise TooFarAhead
    return Position(int(msn), None if part is None else int(part))


def _list(answer: Answer) -> web.Response:
    control = SETTLED_LIST if answer.settled else NEW_LIST
    return web.Response(body=answer.body, headers={"Content-Type": PLAYLIST_TYPE, "Cache-Control": control})


def _bytes(request: web.Request, body: bytes) -> web.Response:
    headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": SETTLED_MEDIA}
    if "Range" not in request.headers:
        return web.Response(body=body, headers=headers)
    wanted = _range(request, len(body))
    if wanted is None:
        headers["Content-Range"] = f"bytes */{len(body)}"
        return web.Response(status=416, headers=headers)
    start, end = wanted
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(body)}"
    return web.Response(status=206, body=body[start:end], headers=headers)


def _range(request: web.Request, size: int) -> tuple[int, int] | None:
    try:
        start, end, _ = request.http_range.indices(size)
    except ValueError:
        return None
    return (start, end) if start < end else None


def _told(lists: Mapping[str, Handler], files: Handler) -> Handler:
    """The handler of one tree of addresses; what cannot be given becomes a status.

    One resource for the whole tree: each further one would cost every request for a part a match of its own.
    """

    async def told(request: web.Request) -> web.StreamResponse:
        try:
            return await lists.get(request.match_info["path"], files)(request)
        except Gone:
            return problem(410, "media.cut", "The class was cut.")
        except (NotThere, NoSuchName):
            return problem(404, "media.unknown", "There is no such stream, segment or part.")
        except TooFarAhead:
            return problem(400, "media.too_far", "The position asked for is no position near the live edge.")
        except ConnectionError:
            raise
        except (NotInTime, TooManyReaders, OSError):
            return problem(503, "media.busy", "The part did not come in time.", {"Retry-After": "1"})

    return told
