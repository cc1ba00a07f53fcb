"""What stands in front asks here, on a port of loopback alone: may this be read, and the reading itself once for all.

Reads go through the same routes as a viewer's, only that a cache has no grant of its own: the proxy before it asks
`/check` for each viewer and keeps the answer for at most `KEPT_S`, so that who loses leave is out, and a class that
was cut is dark, within 5 s, whatever the cache still holds.
"""

from typing import Protocol

from aiohttp import web

from media.archive import Archive
from media.errors import Refused
from media.hls.routes import Find, hls_routes, withheld
from media.storage import NoSuchName, Storage

KEPT_S = 2
"""A proxy that counts whole seconds keeps an answer up to one second longer."""
_COUNTED_IN_S = 1


class Leave(Protocol):
    """Who may read a stream, and how long."""

    def holds_s(self, request: web.Request, stream: str) -> float:
        """Seconds left to the reader's grant; raises a refusal."""


class Everybody:
    """The gate of the cache: viewers were looked at before."""

    def check(self, request: web.Request, stream: str) -> None:
        """Let pass."""


def edge_routes(find: Find, storage: Storage, gate: Leave, archive: Archive | None = None) -> list[web.RouteDef]:
    """`/media/live` and `/media/vod` without a grant, and `/check` before the same addresses with one."""

    async def check(request: web.Request) -> web.Response:
        stream = request.match_info["stream"]
        left = gate.holds_s(request, stream)
        if _dark(find, storage, stream):
            raise Refused(403, "media.cut", "The class was cut.")
        kept = min(KEPT_S, int(left) - _COUNTED_IN_S)
        return web.Response(status=204, headers={"Cache-Control": f"max-age={kept}" if kept > 0 else "no-store"})

    return [
        web.get("/check/media/{kind:live|vod}/{stream}/{path:.+}", check),
        *hls_routes(find, storage, Everybody(), archive),
    ]


def _dark(find: Find, storage: Storage, stream: str) -> bool:
    try:
        return withheld(find, storage, stream)
    except NoSuchName:
        return True
