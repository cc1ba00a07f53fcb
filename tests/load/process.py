"""One server process under measurement: started, pinned to a core, watched from outside, killed."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from server.base.config import Settings

TICKS = os.sysconf("SC_CLK_TCK")
READY_S = 60.0
SERVED, ASKING = 0, 1
"""Cores: of the server, and of what asks it."""


@dataclass(frozen=True, slots=True)
class Process:
    """A running server and its figures as the system counts them."""

    process: asyncio.subprocess.Process
    ready_s: float

    @property
    def cpu_s(self) -> float:
        """Processor time used so far, in seconds."""
        return cpu_s(self.process.pid)

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        return memory(self.process.pid)

    async def kill(self) -> None:
        """SIGKILL, so that nothing can be put in order any more."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def server(settings: Settings) -> AsyncIterator[Process]:
    """A server process over `settings` on the first core, answering; killed at the end."""
    running = await start(settings)
    try:
        yield running
    finally:
        await running.kill()


async def start(settings: Settings, *, pinned: bool = True, quiet: bool = False) -> Process:
    """Start a server, on the first core when `pinned`, its log thrown away when `quiet`; return once it is ready."""
    began = time.monotonic()
    log = asyncio.subprocess.DEVNULL if quiet else None
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "serve"), env=environment(settings), stdin=asyncio.subprocess.DEVNULL,
        stdout=log, stderr=log,
    )  # fmt: skip
    if pinned:
        stay_on(SERVED, process.pid)
    await ready(f"http://127.0.0.1:{settings.port}", process)
    return Process(process, time.monotonic() - began)


def environment(settings: Settings) -> dict[str, str]:
    """What a server process is told, over what this one was told."""
    return os.environ | {
        "JIANGTANG_DATA": str(settings.data),
        "JIANGTANG_PORT": str(settings.port),
        "JIANGTANG_LOG_LEVEL": "WARNING",
        "DATABASE_URL": settings.database,
        "REDIS_URL": settings.redis_url,
        "MEDIA_URL": settings.media_url,
        "JIANGTANG_DRAIN_S": str(settings.drain_s),
        "JIANGTANG_RECONNECT_S": str(settings.reconnect_s),
    }


async def ready(url: str, process: asyncio.subprocess.Process) -> None:
    """Wait until `/readyz` answers; `RuntimeError` when the process ends before or `READY_S` have passed."""
    until = time.monotonic() + READY_S
    async with aiohttp.ClientSession() as http:
        while time.monotonic() < until and process.returncode is None:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.02)
    raise RuntimeError(f"no server within {READY_S} s (exit code {process.returncode})")


def stay_on(core: int, process: int = 0) -> None:
    """Keep a process (0: this one) on one core where there are several."""
    cores = sorted(os.sched_getaffinity(0 if process == 0 else os.getppid()))
    with suppress(IndexError):
        os.sched_setaffinity(process, {cores[core]})


def cpu_s(process: int) -> float:
    """Processor time of a process, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(process: int) -> int:
    """Resident memory of a process, in bytes."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
