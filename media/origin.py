"""Leave for the academy's pages to read media at another address (CORS, Fetch standard): their origin and no other.

The header is the same in every answer and never an echo of the question, so that a cache may keep it.
"""

from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

_PREFLIGHT = {
    hdrs.ACCESS_CONTROL_ALLOW_METHODS: "GET, HEAD, POST, PATCH, DELETE",
    hdrs.ACCESS_CONTROL_ALLOW_HEADERS: "Authorization, Content-Type, If-Match, Range",
    hdrs.ACCESS_CONTROL_MAX_AGE: "7200",
}
_EXPOSED = "Accept-Patch, Age, ETag, Location, Retry-After"


def allow(app: web.Application, pages: str) -> None:
    """Every answer of `app` may be read by the pages at the address `pages`; by none of another origin when empty."""
    if not pages:
        return
    address = urlsplit(pages)
    origin = f"{address.scheme}://{address.netloc}"

    async def tell(request: web.Request, answer: web.StreamResponse) -> None:
        answer.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        # A player that plays HLS by itself is known by a cookie.
        answer.headers[hdrs.ACCESS_CONTROL_ALLOW_CREDENTIALS] = "true"
        answer.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _EXPOSED

    app.on_response_prepare.append(tell)
    app.middlewares.append(_preflight)


@web.middleware
async def _preflight(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The browser's question before a request with a grant; it carries none itself."""
    if request.method == hdrs.METH_OPTIONS and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers:
        return web.Response(status=204, headers=_PREFLIGHT)
    return await handler(request)
