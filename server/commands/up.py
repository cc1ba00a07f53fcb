"""`up`: everything on this computer, until Ctrl-C.

The parent itself stays small: what fills and changes the database is loaded only when there is something to do.
"""

import argparse
import asyncio
import http.client
import importlib
import ssl
import time
from contextlib import suppress

from server import up
from server.base.config import Settings
from server.commands import CommandError
from server.migrations.glance import glance

READY_S = 60.0
UNFINISHED = "demo.unfinished"
"""A file in the data folder while the demo academy is being filled in."""

Shown = list[dict[str, str]]
"""Demo accounts to show."""


async def run(settings: Settings, arguments: argparse.Namespace) -> None:
    """Migrate and fill what needs it, then keep server and media running."""
    try:
        lock = up.claim(settings.data)
    except up.UpError as error:
        raise CommandError(str(error), 3) from error
    with lock:
        settings = up.with_tls(settings) if arguments.tls else settings
        shown = await _prepare(settings, arguments)
        children = up.children(settings, up.free_port(settings.port + 1), broadcast=bool(shown))
        greeting = asyncio.create_task(_greet(settings, shown))
        try:
            await up.supervise(children)
        finally:
            greeting.cancel()
            with suppress(asyncio.CancelledError):
                await greeting


async def _prepare(settings: Settings, arguments: argparse.Namespace) -> Shown:
    """A database in the newest shape, filled with the demo academy if it is empty and may be."""
    if (settings.data / UNFINISHED).exists():
        importlib.import_module("server.demo").start_over(settings.data)
    found = glance(settings.database)
    if found is not None:
        return found.demo_accounts
    demo = importlib.import_module("server.commands.demo")
    await importlib.import_module("server.commands.migrate").run(settings, arguments)
    if not arguments.empty and await demo.is_empty(settings):
        await demo.fill(settings)
    shown: Shown = await demo.shown(settings)
    return shown


async def _greet(settings: Settings, shown: Shown) -> None:
    """Wait until the server answers, then print the address and who may sign in."""
    until = time.monotonic() + READY_S
    while not await asyncio.to_thread(_answers, settings):
        if time.monotonic() > until:
            print(f"the server has not answered within {READY_S:.0f} s; its messages are above", flush=True)
            return
        await asyncio.sleep(0.05)
    print(f"\n  {settings.academy}  {settings.origin}\n", flush=True)
    for each in shown:
        print(f"  {each['role']:<12} {each['account']:<12} {each['password']:<16} {each['name']}", flush=True)
    print("\n  Ctrl-C stops everything.\n", flush=True)


def _answers(settings: Settings) -> bool:
    """Whether the server says that it is ready."""
    line = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=2)
    if settings.tls_cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # only asks our own child whether it is up
        line = http.client.HTTPSConnection("127.0.0.1", settings.port, timeout=2, context=context)
    with suppress(OSError, http.client.HTTPException):
        line.request("GET", "/readyz")
        return line.getresponse().status == 200
    return False
