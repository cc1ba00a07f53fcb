"""Real players as judges: what Chromium's hls.js did over some seconds, what ffmpeg read of a playlist."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import imageio_ffmpeg

from tests.journeys.browser import Visitor
from tests.journeys.camera import FPS, READ, SECONDS

_WATCH = """(video, seconds) => new Promise((done) => {
  const read = READ;
  const seen = { stalls: 0, pictures: [] };
  const begun = video.currentTime;
  const waiting = () => { seen.stalls += 1; };
  video.addEventListener("waiting", waiting);
  let [shown, over] = [0, false];
  const picture = (now, { mediaTime }) => {
    if (shown++ % 10 === 0) seen.pictures.push([mediaTime, read(video)]);
    if (!over) video.requestVideoFrameCallback(picture);
  };
  video.requestVideoFrameCallback(picture);
  setTimeout(() => {
    over = true;
    video.removeEventListener("waiting", waiting);
    done({ ...seen, played: video.currentTime - begun });
  }, seconds * 1000);
})""".replace("READ", READ)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a page's player did: stalls, seconds played, and of every tenth picture its time and number."""

    stalls: int
    played: float
    pictures: list[tuple[float, int]]

    def rises(self) -> bool:
        """Whether every picture comes later than the one before, and shows what comes later in the lesson."""
        loop = FPS * SECONDS
        pairs = list(pairwise(self.pictures))
        return bool(pairs) and all(
            before[0] < after[0] and 0 < (after[1] - before[1]) % loop < loop / 2 for before, after in pairs
        )


async def watch(visitor: Visitor, seconds: int) -> Watched:
    """Look at the page's player for some seconds."""
    found: dict[str, Any] = await visitor.page.locator(".screen video").evaluate(_WATCH, seconds)
    pictures = [(time, number) for time, number in found["pictures"] if number is not None]
    return Watched(found["stalls"], found["played"], pictures)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What ffmpeg decoded: the times of each stream's frames in its time base, and what it complained of."""

    times: list[list[int]]
    complaints: str

    def rises(self) -> bool:
        return len(self.times) > 1 and all(each == sorted(set(each)) and len(each) > 1 for each in self.times)


async def decode(url: str, grant: str, seconds: int | None = None) -> Decoded:
    """Let ffmpeg play a playlist, from where it begins by itself, to its end or for some seconds."""
    length = [] if seconds is None else ["-t", str(seconds)]
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-loglevel", "error",
        "-headers", f"Authorization: Bearer {grant}\r\n", "-i", url, *length, "-map", "0", "-f", "framecrc", "-",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, said = await asyncio.wait_for(process.communicate(), 90)
    times: defaultdict[int, list[int]] = defaultdict(list)
    for line in out.decode().splitlines():
        if not line.startswith("#"):
            stream, _, time, *_ = line.split(",")
            times[int(stream)].append(int(time))
    return Decoded([times[stream] for stream in sorted(times)], said.decode())


async def make_lecture(camera: Path, target: Path) -> Path:
    """The camera's lesson as an encoder sends it: H.264 without B frames, a key picture every second, Opus."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-y", "-framerate", str(FPS),
        "-i", str(camera), "-f", "lavfi", "-i", "sine=330:sample_rate=48000", "-shortest", "-c:v", "libx264",
        "-preset", "superfast", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-bf", "0", "-g", str(FPS),
        "-c:a", "libopus", "-ac", "2", "-frame_duration", "20", str(target),
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0
    return target
