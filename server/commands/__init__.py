"""The commands of `python -m server`, a module each: one is imported only when it is asked for."""

import argparse
import importlib
from typing import Any

from server.base.config import Settings
from server.base.unfinished import is_unfinished

Result = dict[str, Any] | None
"""What is to be printed; `exit` is the exit code, `lines` are printed as they are."""


class CommandError(Exception):
    """What went wrong, for the operator, and the exit code."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


async def run(name: str, settings: Settings, arguments: argparse.Namespace) -> Result:
    """Run one command; none but `restore` touches a data folder that is not whole."""
    if name != "restore" and is_unfinished(settings.data):
        text = f"a restore into {settings.data} was not finished; empty it, make the database anew, and restore"
        raise CommandError(text, 3)
    module = importlib.import_module(f"server.commands.{name}")
    result: Result = await module.run(settings, arguments)
    return result
