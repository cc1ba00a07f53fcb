"""WHIP over HTTP (RFC 9725 §4): the addresses a publisher posts, patches and deletes."""

import asyncio

from aiohttp import hdrs, web

from media.errors import Refused
from media.signing import bearer
from media.webrtc.offer import LARGEST_OFFER
from media.webrtc.whip import Whip

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
ENDPOINT = "/media/whip/{stream}"
SESSION = "/media/whip/{stream}/{session}"
_BODY_WITHIN_S = 10.0


def whip_routes(whip: Whip) -> list[web.RouteDef]:
    """All WHIP routes."""
    door = _Door(whip)
    return [
        web.post(ENDPOINT, door.post),
        web.options(ENDPOINT, door.options),
        web.patch(SESSION, door.patch),
        web.delete(SESSION, door.delete),
        web.options(SESSION, door.session_options),
    ]


class _Door:
    def __init__(self, whip: Whip) -> None:
        self._whip = whip

    async def options(self, request: web.Request) -> web.Response:
        return web.Response(status=204, headers={"Allow": "OPTIONS, POST", "Accept-Post": SDP})

    async def session_options(self, request: web.Request) -> web.Response:
        return web.Response(status=204, headers={"Allow": "DELETE, OPTIONS, PATCH", "Accept-Patch": FRAGMENT})

    async def post(self, request: web.Request) -> web.Response:
        _content_is(request, SDP, {"Accept-Post": SDP})
        if not _accepts(request, SDP):
            raise Refused(406, "media.not_acceptable", f"The answer is {SDP}.")
        stream, token = request.match_info["stream"], bearer(request.headers.get(hdrs.AUTHORIZATION))
        session = await self._whip.begin(stream, token, await _text(request))
        headers = {
            "Location": SESSION.format(stream=stream, session=session.id),
            "ETag": f'"{session.etag}"',
            "Accept-Patch": FRAGMENT,
            "Cache-Control": "no-store",
            "Content-Type": SDP,
        }
        return web.Response(status=201, body=session.answer.encode(), headers=headers)

    async def patch(self, request: web.Request) -> web.Response:
        session = self._whip.find(*_address(request))
        _content_is(request, FRAGMENT, {"Accept-Patch": FRAGMENT})
        self._whip.trickle(session, request.headers.get(hdrs.IF_MATCH), await _text(request))
        return web.Response(status=204)

    async def delete(self, request: web.Request) -> web.Response:
        self._whip.end(self._whip.find(*_address(request)))
        return web.Response(status=200)


def _address(request: web.Request) -> tuple[str, str, str]:
    token = bearer(request.headers.get(hdrs.AUTHORIZATION))
    return request.match_info["stream"], request.match_info["session"], token


def _content_is(request: web.Request, wanted: str, headers: dict[str, str]) -> None:
    if request.content_type != wanted:
        raise Refused(415, "media.content_type", f"The body is {wanted}.", headers)


def _accepts(request: web.Request, offered: str) -> bool:
    """Whether Accept, if there is one, allows this type (RFC 9110 §12.5.1), preferences aside."""
    ranges = [part.partition(";")[0].strip().lower() for part in request.headers.get(hdrs.ACCEPT, "*/*").split(",")]
    return any(found in ("*/*", "application/*", offered) for found in ranges)


async def _text(request: web.Request) -> str:
    """The body as text; a body that is too large, too slow or no UTF-8 is refused."""
    try:
        async with asyncio.timeout(_BODY_WITHIN_S):
            body = await request.content.read(LARGEST_OFFER + 1)
            while not request.content.at_eof() and len(body) <= LARGEST_OFFER:
                body += await request.content.read(LARGEST_OFFER + 1 - len(body))
    except TimeoutError as error:
        raise Refused(408, "media.slow_body", "The body did not come in time.", {"Connection": "close"}) from error
    if len(body) > LARGEST_OFFER:
        raise Refused(413, "media.too_large", f"The body may have {LARGEST_OFFER} bytes.", {"Connection": "close"})
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, "media.bad_sdp", "The body is not UTF-8.") from error
