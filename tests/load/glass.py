"""From glass to glass: a clock drawn into the lecturer's picture, read back from the learner's player.

`python -m tests.load.glass [--minutes 1] [--json]`. All between is real: an academy runs under its parent, the
studio sends by WHIP what a canvas draws instead of a camera, the room plays low-latency HLS. Both windows are of one
browser, so that drawing and reading go by one clock. With `--minutes 10` it is the check of long playback: no stall,
no step back.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.academy import Academy, policy_with, until
from tests.journeys.browser import Visitor, Windows, windows
from tests.journeys.school import School, a_school
from tests.journeys.steps import PLAYS_MS, enter_room, enter_studio, go_on_air, sign_in
from tests.load.report import Figures, show

SIZE = (1280, 720)
FPS = 30
BITS = 24
"""Of the clock in milliseconds: it comes round after four hours and a half."""

CELL = 48
TOP = 480
SETTLE_S = 15.0
"""Time that a player may take to find its place behind the live edge; not counted."""

EVERY_MS = 200
LEVELS = 90
"""Least difference of white and black for a picture to be read."""

DRAW = """() => {
  const { width, height, fps, bits, cell, top } = SIZES;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d", { alpha: false });
  const draw = () => {
    const now = Date.now();
    pen.fillStyle = "#183a34";
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "white";
    pen.font = "64px sans-serif";
    pen.fillText(new Date(now).toISOString(), 60, 200);
    for (let place = 0; place < bits + 2; place += 1) {
      const lit = place < 2 ? place === 0 : Math.floor(now / 2 ** (bits + 1 - place)) % 2 === 1;
      pen.fillStyle = lit ? "white" : "black";
      pen.fillRect(8 + place * cell, top, cell, height - top);
    }
  };
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (!wanted.video) return real(wanted);
    draw();
    setInterval(draw, 1000 / fps);
    return canvas.captureStream(fps);
  };
}"""
"""What the lecturer's window has for a camera."""

READ = """() => {
  const { width, height, bits, cell, top, every, levels } = SIZES;
  const video = document.querySelector(".screen video");
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const seen = (window.glass = { waits: [], stalls: 0, back: 0, unread: 0 });
  let before = 0;
  video.addEventListener("waiting", () => (seen.stalls += 1));
  setInterval(() => {
    pen.drawImage(video, 0, 0, width, height);
    const now = Date.now();
    const level = (place) => pen.getImageData(8 + place * cell + cell / 2, (top + height) / 2, 1, 1).data[1];
    const [white, black] = [level(0), level(1)];
    if (white - black < levels) return (seen.unread += 1);
    let told = 0;
    for (let place = 2; place < bits + 2; place += 1) told = told * 2 + (level(place) > (white + black) / 2 ? 1 : 0);
    const wait = (now - told + 2 ** bits) % 2 ** bits;
    if (now - wait < before) seen.back += 1;
    before = now - wait;
    seen.waits.push(wait);
  }, every);
}"""
"""What notes in the learner's window how old each picture is."""

_SIZES = json.dumps(
    {
        "width": SIZE[0], "height": SIZE[1], "fps": FPS, "bits": BITS, "cell": CELL, "top": TOP, "every": EVERY_MS,
        "levels": LEVELS,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """Ages of the pictures in ms; stalls, steps back in time, and pictures that could not be read."""

    waits: list[int]
    stalls: int
    back: int
    unread: int


@contextlib.asynccontextmanager
async def school(data: Path) -> AsyncIterator[School]:
    """A running academy with a class that is about to begin."""
    academy = Academy(data, policy=policy_with(live_grace_s=120))
    await academy.prepare()
    async with academy.office() as office:
        found = await a_school(academy, office)
    await academy.start()
    try:
        yield found
    finally:
        await academy.stop()


async def watch(found: School, opened: Windows, seconds: float) -> Seen:
    """Go on air, let a learner watch, and read the learner's picture for so long."""
    lecturer, learner = await opened.open("lecturer"), await opened.open("learner")
    await lecturer.context.add_init_script(f"({DRAW.replace('SIZES', _SIZES)})()")
    await sign_in(lecturer, found.lecturer)
    await sign_in(learner, found.wang)
    await enter_studio(lecturer, found.lesson)
    await go_on_air(lecturer)
    await enter_room(learner)
    await _plays(learner)
    await asyncio.sleep(SETTLE_S)
    await learner.page.evaluate(READ.replace("SIZES", _SIZES))
    await asyncio.sleep(seconds)
    return Seen(**await learner.page.evaluate("window.glass"))


async def _plays(learner: Visitor) -> None:
    async def plays() -> bool:
        time: float | None = await learner.page.evaluate("document.querySelector('.screen video')?.currentTime")
        return time is not None and time > 1

    await until(plays, PLAYS_MS / 1000, "the learner's player plays")


async def measure(seconds: float) -> Figures:
    """One class, one learner."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with school(Path(folder)) as found, windows(found.academy.url, "glass", Path(os.devnull)) as opened:
            seen = await watch(found, opened, seconds)
    ordered = sorted(seen.waits)
    return {
        "glass to glass": {
            "p50 s": statistics.median(ordered) / 1000,
            "target p50 s": 1.7,
            "p95 s": ordered[int(len(ordered) * 0.95)] / 1000,
            "target p95 s": 2.2,
        },
        f"in {seconds / 60:.1f} minutes": {"stalls": seen.stalls, "steps back": seen.back, "target": 0.0},
        "pictures": {"read": len(ordered), "not to be read": seen.unread},
        "load of the machine": {"1 min": os.getloadavg()[0]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--minutes", type=float, default=1.0)
    options = parser.parse_args()
    show(asyncio.run(measure(options.minutes * 60)), as_json=options.json)


if __name__ == "__main__":
    main()
