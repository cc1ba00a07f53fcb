"""`serve`: one server process, from its settings to a graceful stop."""

import asyncio
import gc
import resource
import signal
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
from aiohttp import web

from media.orders import Orders
from server import app
from server.base.bus import Bus, LocalBus
from server.base.config import Settings
from server.base.db import Database
from server.base.files import files_of
from server.base.guard import KEEPALIVE_S, GuardedRunner
from server.base.hub import Hub
from server.base.jobs import jobs_of
from server.base.keys import HUB
from server.base.observe import configure_logs, log
from server.base.office import Office
from server.base.secret_keys import secret_key
from server.base.services import Services
from server.base.unfinished import must_be_whole
from server.rules.policy import Policies

WANTED_FILES = 65_536
GRACE_S = 10.0

_log = log("serve")


def policies_of(data: Path) -> Policies:
    """The policies that come with the platform, and those that this academy put in force (`policies/*.toml`)."""
    own = sorted((data / "policies").glob("*.toml"))
    return Policies.shipped().changed_by(path.read_text("utf-8") for path in own)


@asynccontextmanager
async def services_of(settings: Settings) -> AsyncIterator[Services]:
    """The services of a deployment, with their connection to media."""
    secret = secret_key(settings.data, "media", settings.media_secret)
    identity = secret_key(settings.data, "identity", settings.identity_key)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Services(
            settings=settings,
            policies=policies_of(settings.data),
            media_secret=secret,
            identity_key=identity,
            orders=Orders(settings.media_url, secret, http, time.time),
            files=files_of(settings, identity),
        )


@asynccontextmanager
async def office_of(settings: Settings) -> AsyncIterator[Office]:
    """An office over the deployment's database."""
    async with services_of(settings) as services, bus_of(settings) as bus, jobs_of(settings.redis_url) as jobs:
        db = Database(settings.database)
        try:
            yield Office(db, services, bus=bus, jobs=jobs, reactions=app.REACTIONS)
        finally:
            await db.close()


@asynccontextmanager
async def bus_of(settings: Settings) -> AsyncIterator[Bus]:
    """The bus of a deployment; what speaks with Redis is imported only where there is one."""
    if not settings.redis_url:
        yield LocalBus()
        return
    from server.base.bus_redis import redis_bus

    async with redis_bus(settings.redis_url) as bus:
        yield bus


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; finish requests, send the pages away one after another, close."""
    configure_logs(settings.log_level)
    _raise_limit()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopping.set)
    async with office_of(settings) as office:
        async with office.read() as tx:
            await must_be_whole(tx)
        academy = app.build(office)
        runner = GuardedRunner(
            academy, access_log=None, keepalive_timeout=KEEPALIVE_S, shutdown_timeout=GRACE_S,
            handler_cancellation=True,
        )  # fmt: skip
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port, ssl_context=_tls(settings), backlog=4096).start()
        if settings.internal_port:
            await web.TCPSite(runner, "127.0.0.1", settings.internal_port).start()
        _log.info("serving", host=settings.host, port=settings.port)
        _collect_seldom()
        await stopping.wait()
        _log.info("stopping")
        await _drain(academy[HUB], runner, office)
        await runner.cleanup()


async def _drain(hub: Hub, runner: web.AppRunner, office: Office) -> None:
    """Let whoever sends visitors notice, close the door; with another process beside this one the pages go there.

    That is before the application's own stop, from which on nothing is read of a line any more.
    """
    settings = office.services.settings
    hub.stopping = True
    await asyncio.sleep(settings.drain_s)
    for site in list(runner.sites):
        await site.stop()
    if office.bus.node:
        await hub.send_away(settings.reconnect_s, office.chance.random)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.tls_cert, settings.tls_key)
    return context


def _collect_seldom() -> None:
    """Look for cycles of garbage seldom, and never among what the start has made.

    Thousands of open sockets are none; looking through them every few messages takes a third of all time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _raise_limit() -> None:
    """Every learner is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    with suppress(ValueError, OSError):
        if soft < want:
            resource.setrlimit(resource.RLIMIT_NOFILE, (want, hard))
            soft = want
    if soft < 12_000:
        _log.warning("few open files are allowed; this bounds how many learners can be connected", limit=soft)
