"""From an HTTP request to a handler's answer: session, CSRF, power, shape, in this order."""

import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from server.base.api import INTERNAL, PUBLIC, Ask, Doorkeeper, Route, Session
from server.base.db import soon
from server.base.ids import new_id
from server.base.json_in import BadJson, loads
from server.base.keys import HUB, OFFICE, REQUEST_ID, SERVICES
from server.base.observe import REQUEST_SECONDS, REQUESTS
from server.base.office import Office
from server.base.problem import fault, is_away, refusal_of, response, taken
from server.base.services import Services
from server.base.work import VISITOR, require
from server.rules.powers import Power, Target
from server.rules.refusal import Refusal, unknown

SAFE = {"GET", "HEAD", "OPTIONS"}

BACKGROUND = "X-Background"
"""Pages send it with what they ask by themselves: a list that refreshes itself is no use of a sign-in."""

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def cookie_name(services: Services) -> str:
    """`__Host-` on https (RFC 6265bis §4.1.3.2), a plain name on loopback http."""
    return "__Host-session" if services.settings.secure else "session"


class Front:
    """Answers the routes of all nouns."""

    def __init__(self, office: Office, services: Services, doorkeeper: Doorkeeper) -> None:
        self.office = office
        self.services = services
        self.doorkeeper = doorkeeper

    def add(self, app: web.Application, route: Route) -> None:
        """Serve `route`."""

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._answer(request, route)

        app.router.add_route(route.method, route.path, serve)

    async def _answer(self, request: web.Request, route: Route) -> web.StreamResponse:
        started = time.perf_counter()
        request_id: str = request[REQUEST_ID]
        structlog.contextvars.bind_contextvars(request_id=request_id, route=route.path)
        answer: web.StreamResponse
        try:
            answer = await self._serve(request, route)
        except Exception as error:
            refusal = refusal_of(error)
            answer = response(refusal) if refusal else fault(route.path, error, request_id)
        REQUESTS.labels(route.method, route.path, answer.status).inc()
        REQUEST_SECONDS.labels(route.path).observe(time.perf_counter() - started)
        return answer

    async def _serve(self, request: web.Request, route: Route) -> web.StreamResponse:
        token = request.cookies.get(cookie_name(self.services))
        session = await self.doorkeeper.session(token, used=BACKGROUND not in request.headers)
        ask = Ask(self.office, self.services, VISITOR, session, self.doorkeeper, request)
        if session is not None:
            ask.actor = session.actor
        if request.method not in SAFE and route.power is not INTERNAL:
            check_origin(request, self.services)
            check_csrf(request, session)
        params = _path(request, route)
        if route.away is None:
            return await self._handled(ask, route, params)
        try:
            async with soon():
                return await self._handled(ask, route, params)
        except Exception as error:
            if not is_away(error):
                raise
        if route.body is not None and "body" not in params:
            params["body"] = taken(route.body.validate_python, await _json(request, route.max_body))
        return _reply(ask, route, await route.away(ask, **params))

    async def _handled(self, ask: Ask, route: Route, params: dict[str, Any]) -> web.StreamResponse:
        request = ask.request
        await self.admit(ask, route, params)
        if route.body is not None:
            params["body"] = taken(route.body.validate_python, await _json(request, route.max_body))
        elif not route.upload and request.can_read_body and await request.content.read(1):
            raise Refusal("body.unexpected", status=400)
        if route.query is not None:
            params["query"] = taken(route.query.model_validate, _query(request))
        elif request.query_string and not route.upload:
            raise Refusal("field.unknown", status=422, field=next(iter(request.query), ""))
        return _reply(ask, route, await route.handler(ask, **params))

    async def admit(self, ask: Ask, route: Route, params: dict[str, Any]) -> None:
        """Ask the declared power over the declared target; log the look at another's record."""
        if route.power in (PUBLIC, INTERNAL):
            return
        if ask.session is None or ask.actor.id is None:
            raise Refusal("session.missing", status=401)
        if ask.session.restricted and not route.restricted:
            raise Refusal("session.restricted", status=403)
        target = ask.target = await self._target(ask, route, params)
        if isinstance(route.power, Power):
            require(ask.actor, route.power, target, route.noun, ask.now)
        if route.look and target is not None and target.owner not in (None, ask.actor.id):
            assert target.owner is not None
            await self.doorkeeper.looked(ask.actor, target.owner, route.look)

    async def _target(self, ask: Ask, route: Route, params: dict[str, Any]) -> Target | None:
        if route.target is None:
            return None
        async with self.office.read(near=True) as tx:
            target = await route.target(tx, **params)
        if target is None:
            raise unknown(route.noun)
        return target


def check_origin(request: web.Request, services: Services) -> None:
    """Only our own pages may ask for changes or open a socket (Fetch metadata, Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none"):
        raise Refusal("origin.foreign", status=403)
    origin = request.headers.get("Origin")
    if origin is None or origin == services.settings.origin:
        return
    if urlsplit(origin).netloc != request.host:
        raise Refusal("origin.foreign", status=403)


def check_csrf(request: web.Request, session: Session | None) -> None:
    """A signed-in change carries the session's token (the cookie alone is not enough)."""
    if session is not None and request.headers.get("X-CSRF-Token") != session.csrf:
        raise Refusal("csrf.missing", status=403)


def _path(request: web.Request, route: Route) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, kind in route.params.items():
        text = request.match_info[name]
        try:
            values[name] = kind(text)
        except ValueError as error:
            raise Refusal("path.malformed", status=400, field=name) from error
        if kind is UUID and str(values[name]) != text:
            raise Refusal("path.malformed", status=400, field=name)
    return values


def _query(request: web.Request) -> dict[str, str]:
    names = [name for name, _ in request.query.items()]
    if len(set(names)) != len(names):
        raise Refusal("query.twice", status=400)
    if any(ord(char) < 0x20 for text in request.query.values() for char in text):
        raise BadJson("a control character")
    return dict(request.query)


async def _json(request: web.Request, limit: int) -> Any:
    if request.content_type != "application/json":
        raise Refusal("body.type", status=415, want="application/json")
    if (request.content_length or 0) > limit:
        raise Refusal("body.too_large", status=413, limit=limit)
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > limit:
            raise Refusal("body.too_large", status=413, limit=limit)
    return loads(bytes(raw))


def _reply(ask: Ask, route: Route, result: Any) -> web.StreamResponse:
    if isinstance(result, web.StreamResponse):
        return result
    status = ask.status or route.status
    if result is None:
        answer = web.Response(status=status, headers=ask.headers)
    else:
        text = result.model_dump_json() if isinstance(result, BaseModel) else _dump(route.answer, result)
        answer = web.Response(
            text=text, status=status, content_type="application/json", charset="utf-8", headers=ask.headers
        )
    for name, value, options in ask.cookies:
        answer.set_cookie(name, value, **options)
    return answer


@functools.cache
def _shape(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _dump(kind: Any, value: Any) -> str:
    return _shape(kind).dump_json(value).decode()


_SECURE = {
    "Server": "jiangtang",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
}


@functools.cache
def content_policy(media: str) -> str:
    """What a page may load: from its own origin, and pictures and sound from `media` when that has an address."""
    own = "'self'"
    played = f"{own} {media.rstrip('/')}" if media else own
    return (
        f"default-src {own}; script-src {own}; style-src {own}; img-src {own} data: blob:; media-src {played} blob:; "
        f"worker-src {own} blob:; connect-src {played}; object-src 'none'; base-uri 'none'; form-action {own}; "
        "frame-ancestors 'none'"
    )


@web.middleware
async def edge(request: web.Request, handler: Next) -> web.StreamResponse:
    """Every answer: a request id, security headers, no caching unless a handler says otherwise."""
    request_id = request[REQUEST_ID] = str(new_id(request.app[OFFICE].clock.now()))
    structlog.contextvars.clear_contextvars()
    try:
        answer = await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        refusal = refusal_of(error)
        assert refusal is not None
        answer = response(refusal)
        if allow := error.headers.get("Allow"):
            answer.headers["Allow"] = allow
    except Exception as error:
        refusal = refusal_of(error)
        answer = response(refusal) if refusal else fault(request.path, error, request_id)
    if not answer.prepared:
        if request.app[HUB].stopping:
            answer.force_close()  # whoever keeps lines to us sends nothing more on one that is about to end
        headers = answer.headers
        headers["X-Request-Id"] = request_id
        for name, value in _SECURE.items():
            headers.setdefault(name, value)
        settings = request.app[SERVICES].settings
        headers.setdefault("Content-Security-Policy", content_policy(settings.media_public_url))
        headers.setdefault("Cache-Control", "private, no-store")
        if settings.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return answer


def address_of(request: web.Request, trusted: str) -> str:
    """The client's address; `X-Forwarded-For` counts only when a named proxy hands it on."""
    peer = request.remote or ""
    if peer and peer in {each.strip() for each in trusted.split(",") if each.strip()}:
        return request.headers.get("X-Forwarded-For", peer).rsplit(",", 1)[-1].strip()
    return peer
