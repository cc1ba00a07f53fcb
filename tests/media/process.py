"""A media process of its own, to be killed."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import unused_port

from tests.media.academy import SECRET, FakeServer


class Process:
    """A media process of its own, with its stand-in for the server in the test's loop."""

    def __init__(self, data: Path) -> None:
        self.data, self.port, self.server_port = data, unused_port(), unused_port()
        self.server = FakeServer()
        self._process: subprocess.Popen[bytes] | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def hide(self) -> None:
        """The server is away."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def serve_events(self) -> None:
        self._runner = web.AppRunner(self.server.application(), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.server_port).start()

    async def start(self, http: aiohttp.ClientSession) -> None:
        arguments = ["serve", "--port", str(self.port), "--data", str(self.data), "--log-level", "ERROR"]
        arguments += ["--server", f"http://127.0.0.1:{self.server_port}", "--ice-host", "127.0.0.1"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "media", *arguments],
            env={"JIANGTANG_MEDIA_SECRET": SECRET.hex(), "PATH": "/usr/bin"},
        )
        for _ in range(200):
            try:
                async with http.get(self.url + "/healthz") as response:
                    assert response.status == 200
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
        raise AssertionError("media didn't start")

    async def signal(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return await asyncio.to_thread(self._process.wait, 15)

    async def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            await self.signal(signal.SIGKILL)
        await self.hide()
