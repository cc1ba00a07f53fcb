"""`demo`: fill an empty database with the demo academy, or keep its class on air."""

import argparse
import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from server import demo
from server.base.config import Settings
from server.commands import CommandError, Result, migrate
from server.people import store as people
from server.serve import office_of


async def run(settings: Settings, arguments: argparse.Namespace) -> Result:
    """What was made; nothing after a broadcast."""
    await migrate.run(settings, arguments)
    if arguments.broadcast:
        async with office_of(settings) as office:
            await _until_told(demo.broadcast(office))
        return None
    if not await is_empty(settings):
        raise CommandError("the database is not empty; the demo academy is only for an empty one")
    return await fill(settings, quiet=arguments.json)


async def fill(settings: Settings, *, quiet: bool = False) -> Result:
    """Fill an empty database."""
    demo.put_policy(settings.data)
    async with office_of(settings) as office:
        return await demo.fill(office, say=None if quiet else _say)


async def is_empty(settings: Settings) -> bool:
    """Whether nobody is on the roster yet."""
    async with office_of(settings) as office, office.read() as tx:
        return await people.count(tx) == 0


async def shown(settings: Settings) -> list[dict[str, str]]:
    """The demo accounts to show; none without demo data."""
    async with office_of(settings) as office, office.read() as tx:
        mark = await people.mark(tx, "demo")
    return list(mark["accounts"]) if mark else []


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until SIGTERM or SIGINT; what it started is ended with it."""
    task = asyncio.create_task(work)
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def _say(text: str) -> None:
    print(f"  {text}", flush=True)
