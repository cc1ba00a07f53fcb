"""`serve`: one server process."""

import argparse

from server.base.config import Settings
from server.serve import serve


async def run(settings: Settings, arguments: argparse.Namespace) -> None:
    """Serve until told to stop."""
    await serve(settings)
