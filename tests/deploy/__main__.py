"""`python -m tests.deploy`: starts the shipped deployment on loopback, walks a class through it, ends it.

nginx, Varnish, PostgreSQL and Redis of Debian, an S3 of moto, two server processes, a worker and media, from the files
of `deploy/` with nothing changed but addresses. Prints each step with its time; exit code 1 when one fails.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.deploy.stack import NEEDED, Stack, stack, stores
from tests.deploy.walk import filled
from tests.programs import missing


def main() -> int:
    if lacking := missing(*NEEDED):
        print(f"not here: {lacking}", file=sys.stderr)
        return 2
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="jiangtang-deploy-") as folder,
        stores() as addresses,
        stack(Path(folder), *addresses) as running,
    ):
        print(f"ok     {time.monotonic() - began:5.1f} s  the set is up", flush=True)
        try:
            asyncio.run(_walk(running))
        except Exception:
            print(running.words(), file=sys.stderr)
            return 1
    print(f"ok     {time.monotonic() - began:5.1f} s  in all")
    return 0


async def _walk(running: Stack) -> None:
    walk = await filled(running, lambda line: print(line, flush=True))
    await walk.all()


if __name__ == "__main__":
    sys.exit(main())
