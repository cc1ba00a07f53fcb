"""Builds the media process: what it is made of, which addresses it answers, in which order it starts and stops."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from media.archive import Archive, Archivist
from media.classes import Classes, Times
from media.config import MediaSettings
from media.connections import NEXT_REQUEST_WITHIN_S, Connections
from media.edge import edge_routes
from media.errors import Refused, problem
from media.gate import Gate
from media.hls.routes import hls_routes
from media.journal import Journal
from media.metrics import MediaCollector, Metrics
from media.order_door import OrderDoor
from media.origin import allow
from media.prepared import Prepared
from media.server import Server
from media.storage import Storage
from media.studio import TICK_S, Studio
from media.viewers import viewer_routes
from media.webrtc import track
from media.webrtc.offer import LARGEST_OFFER
from media.webrtc.routes import whip_routes
from media.webrtc.whip import Whip

log = structlog.get_logger(__name__)

_LAST_EVENTS_WITHIN_S = 4.0


@dataclass(frozen=True, slots=True)
class Media:
    """The parts of one media process."""

    settings: MediaSettings
    storage: Storage
    archive: Archive | None
    journal: Journal
    gate: Gate
    classes: Classes
    studio: Studio
    connections: Connections
    whip: Whip
    orders: OrderDoor


@asynccontextmanager
async def running(settings: MediaSettings, wall: Callable[[], float] = time.time) -> AsyncIterator[tuple[Media, int]]:
    """Serves on the port that is given with the parts; left, it closes parts, lets publishers go, posts what is left.

    `wall` gives unix seconds. Raises RuntimeError when the WebRTC library isn't the one that is known.
    """
    await track.check()
    async with aiohttp.ClientSession() as http:
        media = _assembled(settings, http, wall)
        media.classes.recover()
        beside = [asyncio.create_task(each) for each in _clockwork(media)]
        try:
            async with _listening(media, _application(media), settings.host, settings.port) as port, _edge(media):
                log.info("media.started", host=settings.host, port=port, ice=settings.ice_addresses)
                try:
                    yield media, port
                finally:
                    await media.studio.close()
        finally:
            for each in beside:
                each.cancel()
            await media.journal.flush(_LAST_EVENTS_WITHIN_S)
            await media.journal.close()
            log.info("media.stopped", events_left=media.journal.waiting)


def _assembled(settings: MediaSettings, http: aiohttp.ClientSession, wall: Callable[[], float]) -> Media:
    times, secret = Times(wall, time.monotonic), settings.secret_key()
    root = settings.data / "media"
    root.mkdir(parents=True, exist_ok=True)
    server, storage = Server(settings.server, secret, http, wall), Storage(root)
    journal, gate = Journal(root / "journal", server.post), Gate(secret, server, wall)
    classes = Classes(storage, journal.put, times)
    studio = Studio(classes, gate, Prepared(settings.data, classes.news), times, settings.max_publishers)
    return Media(
        settings=settings,
        storage=storage,
        archive=Archive(settings.objects_url) if settings.objects_url else None,
        journal=journal,
        gate=gate,
        classes=classes,
        studio=studio,
        connections=Connections(settings.max_connections),
        whip=Whip(studio, gate, settings.ice_addresses, times.monotonic),
        orders=OrderDoor(studio, secret, wall),
    )


def _empty(media: Media) -> web.Application:
    app = web.Application(middlewares=[media.connections.middleware, _refusals], client_max_size=LARGEST_OFFER)
    allow(app, media.settings.pages)
    return app


@asynccontextmanager
async def _edge(media: Media) -> AsyncIterator[None]:
    """The door of the cache, if one is told; on loopback, because it asks nobody for leave."""
    if not media.settings.edge_port:
        yield
        return
    app = _empty(media)
    app.add_routes(edge_routes(media.classes.find, media.storage, media.gate, media.archive))
    app.router.add_get("/healthz", _healthz)
    async with _listening(media, app, "127.0.0.1", media.settings.edge_port):
        yield


def _application(media: Media) -> web.Application:
    app = _empty(media)
    collector = MediaCollector(media.studio, media.classes, media.journal, media.connections)
    app.add_routes(whip_routes(media.whip))
    app.add_routes(hls_routes(media.classes.find, media.storage, media.gate, media.archive))
    app.add_routes(viewer_routes(media.gate, secure=media.settings.pages.startswith("https:")))
    app.add_routes(media.orders.routes())
    app.add_routes(_operator_routes(Metrics(collector)))
    return app


@asynccontextmanager
async def _listening(media: Media, app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=NEXT_REQUEST_WITHIN_S, handle_signals=False)
    await runner.setup()
    if runner.server is None:
        raise RuntimeError("the HTTP server has no protocol")
    factory = media.connections.guarded(runner.server)
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(factory, host, port, backlog=4_096, reuse_address=True)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        await runner.cleanup()


def _clockwork(media: Media) -> Iterator[Coroutine[None, None, None]]:
    yield _tick(media.studio)
    if media.archive is not None:
        yield Archivist(media.storage, media.archive, lambda name: media.classes.find(name) is not None).work()


async def _tick(studio: Studio) -> None:
    while True:
        await asyncio.sleep(TICK_S)
        try:
            studio.tick()
        except Exception:
            # One class that fails must not stop the clock of all others.
            log.exception("media.tick_failed")


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals as problems; anything else is a bug: one log line, and an answer that says nothing of it."""
    try:
        return await handler(request)
    except Refused as refusal:
        return problem(refusal.status, refusal.code, refusal.title, refusal.headers)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        allowed = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
        return problem(error.status, f"http.{error.status}", error.reason, allowed)
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception:
        log.exception("media.failed", method=request.method, path=request.path)
        return problem(500, "media.failed", "This should not have happened.")


async def _healthz(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def _operator_routes(metrics: Metrics) -> list[web.RouteDef]:
    async def figures(request: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return [web.get("/healthz", _healthz), web.get("/metrics", figures)]
