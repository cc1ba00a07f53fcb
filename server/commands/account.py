"""`account`: make or change one account from the command line of the server itself."""

import argparse

from server.base.config import Settings
from server.commands import CommandError, Result, migrate
from server.people import accounts
from server.rules.refusal import Refusal
from server.serve import office_of


async def run(settings: Settings, arguments: argparse.Namespace) -> Result:
    """What was made or changed."""
    await migrate.run(settings, arguments)
    async with office_of(settings) as office:
        try:
            return await accounts.command(office, arguments)
        except Refusal as refusal:
            raise CommandError(f"{refusal.code} {refusal.field or ''} {refusal.data or ''}".strip()) from refusal
