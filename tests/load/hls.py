"""Blocking playlist requests and part requests a second of the media process, beside aiohttp serving the same bytes.

`python -m tests.load.hls [--json]`. Server and readers run on a core each where there are two. A playlist request
waits for a part that is cut as soon as every reader waits for it, so that what is measured is the waking and the
answering. Processor time of the server per request is given too: it holds also when the readers are the slower side.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
import uvloop
from aiohttp import web

from media.app import running
from media.config import MediaSettings
from media.grants import Grant, sign
from media.hls.segment import Piece, Stretch
from media.hls.window import Window, WindowPolicy
from tests.load.http_reader import Reader
from tests.load.process import ASKING, SERVED, cpu_s, stay_on

STREAM, RUN = "class-1", "run-1"
STRETCH = Stretch(RUN, "init-0.mp4", "avc1.42c01f,mp4a.40.2", 1_280, 720)
SECRET = "11" * 32
PART = os.urandom(60_000)
PARTS = 8
EARLIER = 200
FIRST = WindowPolicy().first_msn * PARTS
ROUNDS = 8
HINT = re.compile(r'PRELOAD-HINT.*/(\d+)\.(\d+)\.m4s"')
READERS = {"playlist": 200, "part": 64}


async def serve_product() -> None:
    """The whole media process with a class of which parts come when all readers wait for them."""
    with tempfile.TemporaryDirectory() as folder:
        settings = MediaSettings(data=Path(folder), port=0, secret=SECRET, log_level="ERROR")
        async with running(settings) as (media, port):
            window = media.classes.open(STREAM).window
            window.begin(STRETCH, b"init")
            for number in range(FIRST, EARLIER * PARTS):
                cut(window, number)
            list_size = len((await window.playlist(None, skip=True)).body)
            say(port=port, list_size=list_size)
            number = EARLIER * PARTS
            while True:
                await asyncio.sleep(0.002)
                if window.readers >= READERS["playlist"]:
                    cut(window, number)
                    number += 1


def cut(window: Window, number: int) -> None:
    """One part more; every eighth closes a segment."""
    msn, index = divmod(number, PARTS)
    window.add(msn, 1_764_035_000_000 + msn * 4_000, Piece(PART, 0.5, index == 0), 15)
    if index == PARTS - 1:
        window.close(msn, 4.0).stored = True


async def serve_limit(list_size: int) -> None:
    """Nothing but aiohttp with answers of the same size and headers."""
    answers = {"playlist": ("application/vnd.apple.mpegurl", bytes(list_size)), "part": ("video/mp4", PART)}

    async def answer(request: web.Request) -> web.Response:
        kind, body = answers[request.match_info["kind"]]
        return web.Response(body=body, headers={"Content-Type": kind, "Cache-Control": "max-age=5"})

    app = web.Application()
    app.router.add_get("/{kind}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say(port=runner.addresses[0][1], list_size=list_size)
    await asyncio.Event().wait()


def say(**facts: int) -> None:
    """Tell the measuring process."""
    print(json.dumps(facts), flush=True)


@dataclass(frozen=True)
class Server:
    """A server in a process of its own."""

    process: int
    port: int
    list_size: int


@asynccontextmanager
async def server(kind: str, list_size: int) -> AsyncIterator[Server]:
    """`product` or `limit`, running while the block does."""
    command = [sys.executable, "-m", "tests.load.hls", "--serve", kind, "--list-size", str(list_size)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        if process.stdout is None:
            raise RuntimeError("the server has no output")
        line = b""
        while not line.startswith(b"{"):
            line = await asyncio.wait_for(process.stdout.readline(), 20)
        facts = json.loads(line)
        yield Server(process.pid, facts["port"], facts["list_size"])
    finally:
        process.kill()
        await process.wait()


@dataclass
class Figure:
    """Answers so far, the time they took, and the server's processor time for them, in seconds."""

    answers: int = 0
    took: float = 0.0
    used: float = 0.0

    def told(self) -> dict[str, float]:
        """Answers a second, microseconds of the server's processor for each, how busy it was."""
        return {
            "per_s": self.answers / self.took,
            "us_each": self.used / self.answers * 1e6,
            "server_busy": self.used / self.took,
        }


async def measure_into(
    figure: Figure, server: Server, readers: int, seconds: float, path: Callable[[int], str]
) -> None:
    """Ask for some seconds, after a fifth of that to get going."""
    loop, port, leave = asyncio.get_running_loop(), server.port, token()
    connections = [
        (await loop.create_connection(lambda: Reader(f"127.0.0.1:{port}", leave, path), "127.0.0.1", port))[1]
        for _ in range(readers)
    ]
    await asyncio.sleep(seconds / 5)
    answers, used, began = sum(one.answers for one in connections), cpu_s(server.process), time.perf_counter()
    await asyncio.sleep(seconds)
    figure.answers += sum(one.answers for one in connections) - answers
    figure.took += time.perf_counter() - began
    figure.used += cpu_s(server.process) - used
    failed = [one.failed for one in connections if one.failed]
    for one in connections:
        one.close()
    if failed or not figure.answers:
        raise RuntimeError(f"{len(failed)} readers failed: {failed[:1]}")


def part_path(first: int, answered: int) -> str:
    """A finished part near the live edge."""
    return f"/media/live/{STREAM}/{RUN}/{first // PARTS - 1}.{answered % PARTS}.m4s"


def list_path(first: int, answered: int) -> str:
    """The list with the part that comes next; `first` was the next one when this reader began."""
    msn, index = divmod(first + answered, PARTS)
    return f"/media/live/{STREAM}/video.m3u8?_HLS_msn={msn}&_HLS_part={index}&_HLS_skip=YES"


async def next_part(server: Server) -> int:
    """How far the class has come: the part that its list hints at."""
    headers = {"Authorization": f"Bearer {token()}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}", headers=headers) as http:
        listed = await (await http.get(f"/media/live/{STREAM}/video.m3u8?_HLS_skip=YES")).text()
    msn, index = (int(number) for number in HINT.findall(listed)[-1])
    return msn * PARTS + index


def token() -> str:
    """Leave to watch for a minute."""
    return sign(bytes.fromhex(SECRET), Grant("view", STREAM, "session", "id", int(time.time()) + 60))


def plain_path(what: str, answered: int) -> str:
    """The same bytes every time."""
    return f"/{what}?{answered}"


async def measure(seconds: float, rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
    """Product and limit in turns, so that what else the machine does meets both."""
    figures = {f"{what}_{of}": Figure() for what in READERS for of in ("product", "limit")}
    async with server("product", 0) as product, server("limit", product.list_size) as limit:
        for _ in range(rounds):
            for what, readers in READERS.items():
                path = partial({"part": part_path, "playlist": list_path}[what], await next_part(product))
                await measure_into(figures[f"{what}_product"], product, readers, seconds, path)
                await measure_into(figures[f"{what}_limit"], limit, readers, seconds, partial(plain_path, what))
    told = {name: figure.told() for name, figure in figures.items()}
    for what in READERS:
        ours, best = told[f"{what}_product"], told[f"{what}_limit"]
        told[what] = {
            "rate_ratio": ours["per_s"] / best["per_s"],
            "processor_ratio": best["us_each"] / ours["us_each"],
        }
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--serve", choices=["product", "limit"])
    parser.add_argument("--list-size", type=int, default=0)
    options = parser.parse_args()
    stay_on(SERVED if options.serve else ASKING)
    if options.serve:
        uvloop.run(serve_product() if options.serve == "product" else serve_limit(options.list_size))
        return
    figures = uvloop.run(measure(options.seconds))
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, values in figures.items():
        print(f"{name:18}", "  ".join(f"{key} {value:,.2f}" for key, value in values.items()))


if __name__ == "__main__":
    main()
