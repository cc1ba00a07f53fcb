"""How long a backup of a running academy takes, and its restore, beside a plain copy of the same bytes.

`python -m tests.load.backup [--learners 100000] [--classes 2] [--recordings 512] [--postgres] [--json]`. The academy is
written in bulk: for each learner so many classes with their beats, assessments and ledger rows; recordings in MiB.
Promise 14: restored within ten minutes. The restore verifies the whole ledger; the audit from raw beats, which takes a
hundred times as long, is another command.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import uvloop

from server.backup.restore import restore
from server.backup.take import Taken, take
from server.base.clock import SystemClock
from server.base.config import Settings
from server.migrations.run import migrate
from tests.journeys.academy import free_port
from tests.load.crowd import office_of
from tests.load.report import Figures, show
from tests.load.seeded import seed
from tests.postgres import Postgres, a_cluster

LIMIT_S = 600.0
MIB = 1024 * 1024


def settings_of(data: Path, url: str) -> Settings:
    """An academy in `data`, its database at `url` or in the folder."""
    return Settings(data=data, port=free_port(), DATABASE_URL=url, MEDIA_URL="http://127.0.0.1:9")


async def measure(options: argparse.Namespace) -> Figures:
    """Seed, back up, copy the same bytes, restore."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        cluster = stack.enter_context(a_cluster(durable=True)) if options.postgres else None
        return await _measured(Path(place), cluster, options)


async def _measured(place: Path, cluster: Postgres | None, options: argparse.Namespace) -> Figures:
    settings = settings_of(place / "data", cluster.url("academy") if cluster else "")
    settings.data.mkdir()
    async with office_of(settings) as office:
        await migrate(office.db)
    began = time.monotonic()
    await seed(settings, options.learners, options.classes, options.recordings * MIB)
    seeded = time.monotonic() - began
    taken, backup_s = await _backed_up(settings, place / "backup")
    copy_s = await asyncio.to_thread(_copied, place / "backup", place / "copy")
    began = time.monotonic()
    empty = settings_of(place / "restored", cluster.url("restored") if cluster else "")
    _, report = await restore(empty, place / "backup", taken.sha256)
    restore_s = time.monotonic() - began
    size = sum(each.size for each in taken.manifest.files.values())
    return {
        "seeded": {"learners": options.learners, "s": seeded, "rows": sum(taken.manifest.facts.rows.values())},
        "plain copy of the backup": {"s": copy_s, "MiB": size / MIB},
        "backup": {"s": backup_s, "limit s": LIMIT_S, "to the copy": backup_s / copy_s},
        "restore": {"s": restore_s, "limit s": LIMIT_S, "to the copy": restore_s / copy_s},
        "ledger verified": {"rows": report.rows, "chains": report.chains, "differences": len(report.differences)},
        "load of the machine": {"1 min": os.getloadavg()[0]},
    }


async def _backed_up(settings: Settings, to: Path) -> tuple[Taken, float]:
    began = time.monotonic()
    taken = await take(settings, to, SystemClock().now())
    return taken, time.monotonic() - began


def _copied(source: Path, target: Path) -> float:
    """Seconds to copy a folder, until it is on the disk."""
    os.sync()
    began = time.monotonic()
    shutil.copytree(source, target)
    os.sync()
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument("--classes", type=int, default=2)
    parser.add_argument("--recordings", type=int, default=512)
    options = parser.parse_args()
    show(uvloop.run(measure(options)), as_json=options.json)


if __name__ == "__main__":
    main()
