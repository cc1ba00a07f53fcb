"""`work`: a process that does the heavy work of an academy of several processes."""

import argparse
import asyncio
import contextlib
import signal

from server.base.config import Settings
from server.base.jobs import work
from server.base.observe import configure_logs
from server.commands import CommandError
from server.serve import office_of


async def run(settings: Settings, arguments: argparse.Namespace) -> None:
    """Take jobs until told to stop; what is begun and not finished is done by another."""
    if not settings.redis_url:
        raise CommandError("workers find their work by REDIS_URL; without it the server does all work itself", 3)
    configure_logs(settings.log_level)
    async with office_of(settings) as office:
        working = asyncio.create_task(work(office, settings.redis_url))
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, working.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await working
