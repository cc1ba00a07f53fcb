"""`backup`: a whole academy into a new folder, while it runs."""

import argparse
import sys
import time

from server.backup import BackupError
from server.backup.take import take
from server.base.clock import SystemClock
from server.base.config import Settings
from server.commands import CommandError, Result


async def run(settings: Settings, arguments: argparse.Namespace) -> Result:
    """What was backed up, and the digest to write down."""
    began = time.monotonic()
    try:
        taken = await take(
            settings, arguments.to, SystemClock().now(), link=arguments.link, copy_objects=arguments.objects
        )
    except (BackupError, OSError) as error:
        raise CommandError(f"{error}; what has been written to {arguments.to} is no backup") from error
    made = taken.manifest
    print(f"{arguments.to} holds the secret keys of the academy: keep it where only you can read it", file=sys.stderr)
    if made.objects and not made.objects_copied:
        print("the files in the object store are listed, not copied (--objects copies them)", file=sys.stderr)
    return {
        "files": len(made.files),
        "bytes": sum(each.size for each in made.files.values()),
        "rows": sum(made.facts.rows.values()),
        "hours": made.facts.hours / 100,
        "seconds": round(time.monotonic() - began, 1),
        "manifest sha256": taken.sha256,
    }
