"""A class to thousands of players through the shipped nginx and Varnish, beside the media process asked directly.

`python -m tests.load.edge [--readers 1000 5000] [--plain] [--json]`. Every player waits for the list with the next part
and fetches the part; all of them want it in the moment in which it is cut. How late a part comes, edge against direct
in the same run, and how many requests reach the media process for a part. Readers, nginx, Varnish and media share the
cores of one machine. `--plain` leaves TLS out (the rest of the file is as shipped).
"""

import argparse
import asyncio
import os
import re
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

import uvloop

from media.app import running
from media.config import MediaSettings
from media.grants import Grant, sign
from media.hls.segment import Piece, Stretch
from media.hls.window import Window
from tests.deploy.shipped import NAME, Shipped
from tests.deploy.stack import NEEDED, Stack, certified, edge
from tests.load.many_readers import STAMP, Late, Readers
from tests.load.process import cpu_s
from tests.load.report import Figures, percentile_ms, show
from tests.programs import missing

STREAM, RUN = "class-1", "run-1"
STRETCH = Stretch(RUN, "init-0.mp4", "avc1.42c01f,mp4a.40.2", 1_280, 720)
SECRET = "22" * 32
PARTS = 4
EARLIER = 50
LEAVE_S = 3_600
HINT = re.compile(r'PRELOAD-HINT.*/(\d+)\.(\d+)\.m4s"')
WARM_PARTS = 3


async def serve(ports: tuple[int, int], part_s: float, size: int) -> None:
    """The whole media process with a class of which a part is cut every `part_s` seconds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = MediaSettings(data=Path(folder), port=ports[0], edge_port=ports[1], secret=SECRET, log_level="ERROR")
        async with running(settings) as (media, _):
            window = media.classes.open(STREAM).window
            window.promise(round(part_s * 90_000))
            window.begin(STRETCH, b"init")
            body = os.urandom(size - STAMP.size)
            for number in range(PARTS, EARLIER * PARTS):
                cut(window, number, body, part_s)
            print("{}", flush=True)
            began, number = time.monotonic(), EARLIER * PARTS
            while True:
                await asyncio.sleep(max(0.0, began + (number - EARLIER * PARTS) * part_s - time.monotonic()))
                cut(window, number, body, part_s)
                number += 1


def cut(window: Window, number: int, body: bytes, part_s: float) -> None:
    """One part more, which begins with the moment."""
    msn, index = divmod(number, PARTS)
    at_ms = 1_764_035_000_000 + round(number * part_s * 1_000)
    window.add(msn, at_ms, Piece(STAMP.pack(time.monotonic()) + body, part_s, index == 0), 15)
    if index == PARTS - 1:
        window.close(msn, PARTS * part_s).stored = True


def listed(number: int) -> str:
    """The list once it has a part; before any, what a player asks first."""
    msn, index = divmod(number, PARTS)
    if number == 0:
        return f"/media/live/{STREAM}/index.m3u8"
    return f"/media/live/{STREAM}/video.m3u8?_HLS_msn={msn}&_HLS_part={index}&_HLS_skip=YES"


def named(number: int) -> str:
    """A part."""
    msn, index = divmod(number, PARTS)
    return f"/media/live/{STREAM}/{RUN}/{msn}.{index}.m4s"


class Class:
    """The media process with its class, and the edge in front of it."""

    def __init__(self, stack: Stack, media: "subprocess.Popen[bytes]", options: argparse.Namespace) -> None:
        self.stack, self.media, self.options = stack, media, options
        self.ports = stack.shipped.ports
        self.tls = None if options.plain else stack.tls

    def direct(self, readers: int) -> dict[str, float]:
        """All at the media process."""
        return self._played(readers, ("127.0.0.1", self.ports[8081]), "127.0.0.1", None)

    def edge(self, readers: int) -> dict[str, float]:
        """All at the edge; also what reached the media process."""
        before, busy = self._upstream(), self._busy()
        told = self._played(readers, ("127.0.0.1", self.ports[443]), NAME, self.tls)
        parts = told.pop("parts")
        told["upstream requests a part"] = (self._upstream() - before) / parts / 2  # the other half are the lists
        for name, used in self._busy().items():
            told[f"{name} ms of processor a part"] = (used - busy[name]) / parts * 1000
        return told

    def _played(
        self, readers: int, address: tuple[str, int], host: str, tls: ssl.SSLContext | None
    ) -> dict[str, float]:
        options, grants = self.options, [_grant() for _ in range(readers)]
        crowd = Readers(listed, named)
        try:
            crowd.come(address, host, grants, tls)
            first = self._next()
            late = crowd.play(first + 1, options.parts * options.part_s, WARM_PARTS * options.part_s)
            return _told(late, readers, options.part_s) | {"parts": float(self._next() - first)}
        finally:
            crowd.leave()

    def _next(self) -> int:
        """The part that comes next."""
        url = f"http://127.0.0.1:{self.ports[8081]}/media/live/{STREAM}/video.m3u8?_HLS_skip=YES"
        with urlopen(Request(url, headers={"Authorization": f"Bearer {_grant()}"})) as answer:
            msn, index = (int(each) for each in HINT.findall(answer.read().decode())[-1])
        return msn * PARTS + index

    def _upstream(self) -> int:
        folder = str(self.stack.shipped.made("varnish"))
        counted = subprocess.run(["varnishstat", "-n", folder, "-1", "-f", "MAIN.backend_req"], capture_output=True)
        return int(counted.stdout.split()[1])

    def _busy(self) -> dict[str, float]:
        """Processor time used so far by each program, in seconds."""
        found = {name: sum(map(cpu_s, _family(process.pid))) for name, process in self.stack.running.items()}
        return found | {"media": cpu_s(self.media.pid)}


def _family(process: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in _family(int(child)))]


def _grant() -> str:
    return sign(bytes.fromhex(SECRET), Grant("view", STREAM, "session", uuid4().hex, int(time.time()) + LEAVE_S))


def _told(late: Late, readers: int, part_s: float) -> dict[str, float]:
    waits = late.waits
    if late.failed or not waits:
        raise RuntimeError(f"{len(late.failed)} of {readers} readers failed: {late.failed[:3]}; {len(waits)} parts")
    quantile = {f"p{at} ms": percentile_ms(waits, at) for at in (50, 95, 99)}
    over = sum(wait > part_s for wait in waits)
    return quantile | {"latest ms": max(waits) * 1000, "later than a part": over, "parts read": len(waits)}


@contextmanager
def on_air(options: argparse.Namespace) -> Iterator[Class]:
    """The class, its media process and the edge, ended afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        shipped = Shipped(Path(folder))
        certified(shipped)
        (shipped.made("etc") / "secret").write_text("secret of the load\n")
        ports = f"{shipped.ports[8081]},{shipped.ports[8082]}"
        told = ["--part-s", str(options.part_s), "--size", str(options.size)]
        command = [sys.executable, "-m", "tests.load.edge", "--serve", ports, *told]
        media = subprocess.Popen(command, stdout=subprocess.PIPE)
        stack = Stack(shipped, {})
        try:
            assert media.stdout is not None
            media.stdout.readline()
            units = edge(shipped)
            if options.plain:
                file = shipped.made("etc") / "nginx.conf"
                file.write_text(_without_tls(file.read_text()))
            stack.start(*units)
            yield Class(stack, media, options)
        finally:
            stack.stop()
            media.kill()
            media.communicate()


def _without_tls(text: str) -> str:
    """The same file for the main server, its `listen` without TLS."""
    main = text.index("server_name")
    port = text.rindex("listen ", 0, main)
    reject = text.rindex("server {", 0, text.rindex("server {", 0, main))
    kept = text[:reject] + text[text.rindex("server {", 0, main) : port]
    return kept + text[port:].replace(" ssl http2;", ";", 1)


def measure(options: argparse.Namespace) -> Figures:
    """Direct, then through the edge, for each number of readers."""
    figures: Figures = {}
    with on_air(options) as lesson:
        for readers in options.readers:
            direct, through = lesson.direct(readers), lesson.edge(readers)
            direct.pop("parts")
            figures[f"{readers} direct"], figures[f"{readers} edge"] = direct, through
            ratios = {name: through[name] / direct[name] for name in ("p50 ms", "p95 ms", "p99 ms")}
            figures[f"{readers} edge to direct"] = {name.removesuffix(" ms"): each for name, each in ratios.items()}
            print(f"{readers} readers are done", file=sys.stderr)
    return figures | {"load of the machine": {"1 min": os.getloadavg()[0]}}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--parts", type=int, default=15, help="how many parts are measured")
    parser.add_argument("--part-s", type=float, default=1.0, help="how often one is cut")
    parser.add_argument("--size", type=int, default=30_000, help="bytes of a part")
    parser.add_argument("--plain", action="store_true", help="without TLS")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        ports = options.serve.split(",")
        uvloop.run(serve((int(ports[0]), int(ports[1])), options.part_s, options.size))
        return 0
    if lacking := missing(*NEEDED):
        print(f"not here: {lacking}", file=sys.stderr)
        return 2
    show(measure(options), as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
