"""What the commands of `python -m server` do; each returns what is to be printed."""

import argparse
import asyncio
import signal
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import aiohttp
import sqlalchemy as sa

from server import demo, up
from server.base.config import Settings
from server.base.db import Database
from server.hours.audit import audit as audit_all
from server.migrations.run import migrate as migrate_database
from server.people import accounts
from server.people import store as people
from server.rules.refusal import Refusal
from server.serve import office_of
from server.serve import serve as serve_until_stopped

Result = dict[str, Any] | None
READY_S = 60.0


class CommandError(Exception):
    """What went wrong, for the operator, and the exit code."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


async def serve(settings: Settings, arguments: argparse.Namespace) -> Result:
    """One server process."""
    await serve_until_stopped(settings)
    return None


async def migrate(settings: Settings, arguments: argparse.Namespace) -> Result:
    """Bring the database to the newest shape; print its revision."""
    settings.data.mkdir(parents=True, exist_ok=True)
    db = Database(settings.database)
    try:
        await migrate_database(db)
        async with db.read() as tx:
            revision = (await tx.execute(sa.text("select version_num from alembic_version"))).scalar_one()
    finally:
        await db.close()
    return {"revision": revision}


async def demo_(settings: Settings, arguments: argparse.Namespace) -> Result:
    """Fill an empty database with the demo academy, or keep its class on air."""
    await migrate(settings, arguments)
    if arguments.broadcast:
        async with office_of(settings) as office:
            await _until_told(demo.broadcast(office))
        return None
    if not await _empty(settings):
        raise CommandError("the database is not empty; the demo academy is only for an empty one")
    demo.put_policy(settings.data)
    async with office_of(settings) as office:
        return await demo.fill(office, say=None if arguments.json else _say)


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until SIGTERM or SIGINT; what it started is ended with it."""
    task = asyncio.create_task(work)
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


async def audit(settings: Settings, arguments: argparse.Namespace) -> Result:
    """Recompute everything from raw evidence; exit code 1 where something differs."""
    async with office_of(settings) as office:
        report = await audit_all(office)
    lines = [str(each) for each in report.differences]
    result: dict[str, Any] = {"checked": report.checked, "differences": len(lines), "exit": 1 if lines else 0}
    return result | ({"found": lines} if arguments.json else {"lines": lines})


async def account(settings: Settings, arguments: argparse.Namespace) -> Result:
    """Make or change one account from the command line of the server itself."""
    await migrate(settings, arguments)
    async with office_of(settings) as office:
        try:
            return await accounts.command(office, arguments)
        except Refusal as refusal:
            raise CommandError(f"{refusal.code} {refusal.field or ''} {refusal.data or ''}".strip()) from refusal


async def up_(settings: Settings, arguments: argparse.Namespace) -> Result:
    """Everything on this computer, until Ctrl-C."""
    try:
        lock = up.claim(settings.data)
    except up.UpError as error:
        raise CommandError(str(error), 3) from error
    with lock:
        settings = up.with_tls(settings) if arguments.tls else settings
        await migrate(settings, arguments)
        shown = await _fill_or_read(settings, empty=arguments.empty)
        children = up.children(settings, up.free_port(settings.port + 1), broadcast=bool(shown))
        greeting = asyncio.create_task(_greet(settings, shown))
        try:
            await up.supervise(children)
        finally:
            greeting.cancel()
            with suppress(asyncio.CancelledError):
                await greeting
    return None


async def _fill_or_read(settings: Settings, *, empty: bool) -> list[dict[str, str]]:
    """The demo accounts to show: filled now, or of an earlier start; none without demo data."""
    fresh = not empty and await _empty(settings)
    if fresh:
        demo.put_policy(settings.data)
    async with office_of(settings) as office:
        if fresh:
            await demo.fill(office, say=_say)
        async with office.read() as tx:
            mark = await people.mark(tx, "demo")
    return list(mark["accounts"]) if mark else []


async def _empty(settings: Settings) -> bool:
    async with office_of(settings) as office, office.read() as tx:
        return await people.count(tx) == 0


async def _greet(settings: Settings, shown: list[dict[str, str]]) -> None:
    """Wait until both processes answer, then print the address and who may sign in."""
    scheme = "https" if settings.tls_cert else "http"
    own = f"{scheme}://127.0.0.1:{settings.port}/readyz"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as http:
        if not await _ready(http, own):
            print(f"the server has not answered within {READY_S:.0f} s; its messages are above", flush=True)
            return
    print(f"\n  {settings.academy}  {settings.origin}\n", flush=True)
    for each in shown:
        print(f"  {each['role']:<12} {each['account']:<12} {each['password']:<16} {each['name']}", flush=True)
    print("\n  Ctrl-C stops everything.\n", flush=True)


async def _ready(http: aiohttp.ClientSession, url: str) -> bool:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        with suppress(aiohttp.ClientError):
            async with http.get(url) as answer:
                if answer.status == 200:
                    return True
        await asyncio.sleep(0.1)
    return False


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


COMMANDS = {"up": up_, "serve": serve, "migrate": migrate, "demo": demo_, "audit": audit, "account": account}
