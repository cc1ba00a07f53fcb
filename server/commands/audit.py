"""`audit`: recompute everything from raw evidence."""

import argparse
from typing import Any

from server.base.config import Settings
from server.commands import Result
from server.hours.audit import audit
from server.serve import office_of


async def run(settings: Settings, arguments: argparse.Namespace) -> Result:
    """What was checked and what differs; exit code 1 where something does."""
    async with office_of(settings) as office:
        report = await audit(office)
    lines = [str(each) for each in report.differences]
    result: dict[str, Any] = {"checked": report.checked, "differences": len(lines), "exit": 1 if lines else 0}
    return result | ({"found": lines} if arguments.json else {"lines": lines})
