"""`up`: the small parent of the academy's processes on one computer; starts either again when it ends."""

import asyncio
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from server.base.config import Settings
from server.base.data_folder import OtherShape, stamp
from server.base.secret_keys import secret_key

STOP_S = 30.0
"""Longest stop of a process: its pages go elsewhere, then its requests are finished."""

_BACK_OFF_S = (0.2, 0.5, 1, 2, 5, 10)


class UpError(Exception):
    """What keeps the academy from starting, in words for the operator."""


def claim(data: Path) -> IO[str]:
    """Hold the data folder for this process alone; the lock lives as long as the returned file."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "run.lock").open("a+")
    try:
        _claim(data, lock)
    except UpError:
        lock.close()
        raise
    return lock


def _claim(data: Path, lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise UpError(f"an academy already runs on {data} (process {lock.read().strip() or 'unknown'})") from error
    try:
        stamp(data)
    except OtherShape as error:
        raise UpError(str(error)) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


@dataclass(slots=True)
class Child:
    """One process of the academy, started again with growing pauses when it ends by itself."""

    name: str
    command: Sequence[str]
    env: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    starts: list[float] = field(default_factory=list)

    async def keep(self, stopping: asyncio.Event) -> None:
        """Run until told to stop."""
        while not stopping.is_set():
            self.starts = [each for each in self.starts if time.monotonic() - each < 60] + [time.monotonic()]
            self.process = await asyncio.create_subprocess_exec(*self.command, env=self.env, start_new_session=True)
            code = await self.process.wait()
            if stopping.is_set():
                return
            pause = _BACK_OFF_S[min(len(self.starts), len(_BACK_OFF_S)) - 1]
            print(f"{self.name} ended with {code}; starting it again in {pause} s", file=sys.stderr, flush=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)

    async def stop(self) -> None:
        """Ask it to end; end it after `STOP_S`."""
        if self.process is None or self.process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), STOP_S)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()


async def supervise(children: Sequence[Child]) -> None:
    """Keep all children running until SIGINT or SIGTERM; then stop them, the last one first."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stopping.set)
    keepers = [asyncio.create_task(child.keep(stopping)) for child in children]
    await stopping.wait()
    for child in reversed(children):
        await child.stop()
    await asyncio.gather(*keepers)


def environment(settings: Settings, media_port: int) -> dict[str, str]:
    """What both siblings are told."""
    told = {
        "JIANGTANG_DATA": str(settings.data.absolute()),
        "JIANGTANG_HOST": settings.host,
        "JIANGTANG_PORT": str(settings.port),
        "JIANGTANG_PUBLIC_URL": settings.origin,
        "JIANGTANG_MEDIA_SECRET": secret_key(settings.data, "media", settings.media_secret).hex(),
        "JIANGTANG_INTERNAL_PORT": str(settings.internal_port),
        "MEDIA_URL": f"http://127.0.0.1:{media_port}",
    }
    if settings.tls_cert and settings.tls_key:
        told |= {"JIANGTANG_TLS_CERT": str(settings.tls_cert), "JIANGTANG_TLS_KEY": str(settings.tls_key)}
    return dict(os.environ) | told


def children(settings: Settings, media_port: int, *, broadcast: bool) -> list[Child]:
    """Server and media; with demo data also what broadcasts the demo lecture through the ordinary ingest."""
    env = environment(settings, media_port)
    own = f"http://127.0.0.1:{settings.internal_port or settings.port}"
    media = [
        sys.executable, "-m", "media", "serve", "--host", "127.0.0.1", "--port", str(media_port),
        "--data", str(settings.data.absolute()), "--server", own, *_ice(settings.host),
    ]  # fmt: skip
    found = [
        Child("server", [sys.executable, "-m", "server", "serve"], env),
        Child("media", media, env),
    ]
    if broadcast:
        found.append(Child("demo broadcast", [sys.executable, "-m", "server", "demo", "--broadcast"], env))
    return found


def _ice(host: str) -> list[str]:
    """The addresses offered for WebRTC: where we serve, or the computer's own address when we serve everywhere."""
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return ["--ice-host", host]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737); connecting a datagram socket sends nothing
            return ["--ice-host", probe.getsockname()[0]]
        except OSError:
            return ["--ice-host", "127.0.0.1"]


def with_tls(settings: Settings) -> Settings:
    """Settings with a self-signed certificate made in the data folder."""
    from server.base.selfsigned import certificate  # only this start needs its cryptography

    cert, key = certificate(settings.data / "keys", [settings.host, "127.0.0.1", "localhost"])
    return settings.model_copy(update={"tls_cert": cert, "tls_key": key, "internal_port": free_port(settings.port + 2)})


def free_port(wanted: int) -> int:
    """`wanted` if nobody listens there on loopback, else any free one."""
    with socket.socket() as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", wanted))
        except OSError:
            found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
