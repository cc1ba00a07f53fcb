"""`/media/*` of the single-machine set-up, handed on to the media process (with nginx in front, nginx does this)."""

from collections.abc import AsyncIterator, Mapping

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from media.grants import COOKIE
from server.base.keys import SERVICES
from server.rules.refusal import Refusal

CLIENT: web.AppKey[aiohttp.ClientSession] = web.AppKey("media client", aiohttp.ClientSession)
_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host", "cookie", "content-length", "date", "server",
}  # fmt: skip


async def client(app: web.Application) -> AsyncIterator[None]:
    """The connections to media for as long as the application runs."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=60)
    app[CLIENT] = aiohttp.ClientSession(
        timeout=timeout,
        connector=aiohttp.TCPConnector(limit=0),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
    )
    yield
    await app[CLIENT].close()


async def forward(request: web.Request) -> web.StreamResponse:
    """The answer of media to this very request; of cookies only media's own goes there."""
    headers = _passed(request.headers)
    if viewing := request.cookies.get(COOKIE):
        headers["Cookie"] = f"{COOKIE}={viewing}"
    url = request.app[SERVICES].settings.media_url.rstrip("/") + request.raw_path
    body = await request.read() if request.can_read_body else None
    try:
        async with request.app[CLIENT].request(
            request.method, url, headers=headers, data=body, allow_redirects=False
        ) as answer:
            reply = web.StreamResponse(status=answer.status, headers=_passed(answer.headers))
            if answer.content_length is not None:
                reply.content_length = answer.content_length
            await reply.prepare(request)
            async for chunk in answer.content.iter_any():
                await reply.write(chunk)
            await reply.write_eof()
            return reply
    except (TimeoutError, aiohttp.ClientConnectorError) as error:
        raise Refusal("media.away", status=503, retry_after_s=2) from error


def _passed(headers: Mapping[str, str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP)
