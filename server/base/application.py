"""The web application of one process: which routes, which base parts, start and stop order."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import sqlalchemy as sa
from aiohttp import web
from prometheus_client import generate_latest

from server.base import files_local, forward, openapi, pages
from server.base.api import Doorkeeper, Route, Routes
from server.base.channel import Channel
from server.base.dispatch import Front, edge
from server.base.hub import Hub
from server.base.keys import HUB, OFFICE, SERVICES
from server.base.observe import registry
from server.base.office import Office
from server.base.schedule import Every, Scheduler
from server.rules.refusal import unknown


def make(
    office: Office, doorkeeper: Doorkeeper, nouns: Sequence[Routes], every: Sequence[Every], web_dist: Path
) -> web.Application:
    """An application that serves `nouns` over `office`; the caller owns the database."""
    app = web.Application(middlewares=[edge], client_max_size=1024 * 1024)
    services = office.services
    app[OFFICE], app[SERVICES] = office, services
    front = Front(office, services, doorkeeper)
    routes: list[Route] = [route for noun in nouns for route in noun.routes]
    hub = app[HUB] = Hub(office.bus, services.settings.max_sockets)
    channel = Channel(front, hub, routes)
    for route in routes:
        if route.method not in {"MESSAGE", "TOPIC"}:
            front.add(app, route)
    app.router.add_get("/socket", channel.serve)
    app.router.add_route("*", "/media/{path:.*}", forward.forward)
    app.router.add_get(files_local.ADDRESS + "{key:.+}", files_local.serve)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready)
    app.router.add_get("/metrics", _metrics)
    openapi.add(app, routes, services.settings.academy)
    pages.add(app, web_dist)
    app.cleanup_ctx.append(forward.client)
    app.cleanup_ctx.append(_clockwork(office, hub, every))
    app.on_shutdown.append(lambda _app: hub.stop(services.settings.reconnect_s, office.chance.random))
    return app


def _clockwork(office: Office, hub: Hub, every: Sequence[Every]) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(_app: web.Application) -> AsyncIterator[None]:
        scheduler = Scheduler(office, every)
        office.outbox.start()
        scheduler.start()
        hub.start()
        yield
        await scheduler.stop()
        await office.outbox.stop()

    return run


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


async def _ready(request: web.Request) -> web.Response:
    """Ready when the database answers and the process isn't about to stop."""
    if request.app[HUB].stopping:
        return web.json_response({"status": "stopping"}, status=503)
    async with request.app[OFFICE].read() as tx:
        await tx.execute(sa.select(1))
    return web.json_response({"status": "ready"})


async def _metrics(request: web.Request) -> web.Response:
    """Figures for the operator, only to the machine itself."""
    if request.remote not in {"127.0.0.1", "::1", None}:
        raise unknown("page")
    return web.Response(body=generate_latest(registry), content_type="text/plain", charset="utf-8")
