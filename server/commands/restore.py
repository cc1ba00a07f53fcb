"""`restore`: a backup into an empty data folder and an empty database."""

import argparse
import time

from server.backup import BackupError
from server.backup.restore import restore
from server.base.config import Settings
from server.commands import CommandError, Result


async def run(settings: Settings, arguments: argparse.Namespace) -> Result:
    """What was restored and checked."""
    began = time.monotonic()
    try:
        made, report = await restore(settings, arguments.source, arguments.sha256, beats=arguments.audit)
    except (BackupError, OSError) as error:
        raise CommandError(f"{error}; nothing was restored") from error
    return {
        "of": made.made_at,
        "files": len(made.files),
        "rows": sum(made.facts.rows.values()),
        "hours": made.facts.hours / 100,
        "checked": report.checked,
        "differences": len(report.differences),
        "seconds": round(time.monotonic() - began, 1),
    }
