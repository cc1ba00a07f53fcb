"""`serve`: one server process."""

import argparse

from server.base.config import Settings
from server.base.unfinished import NotWhole
from server.commands import CommandError
from server.serve import serve


async def run(settings: Settings, arguments: argparse.Namespace) -> None:
    """Serve until told to stop."""
    try:
        await serve(settings)
    except NotWhole as error:
        raise CommandError(str(error), 3) from error
