"""What a class costs the media process: memory over 90 minutes' worth of segments, processor at real time.

`python -m tests.load.media [--json] [--minutes 90] [--seconds 20]`. The memory run feeds samples of 720p size through
stream, window and disk as fast as they are taken, under a clock that the samples move. The processor run pushes a
file of 720p at 30 pictures a second by WHIP into a media process of its own; one viewer reads its parts.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp
import ffmpeg
import imageio_ffmpeg

from media.ffmpeg import run
from media.grants import Grant, sign
from media.h264 import SPS, nal_type, nal_units
from media.orders import Orders
from media.sample import AUDIO_TIMESCALE, VIDEO_TIMESCALE, AudioCodec, Sample, Track
from media.storage import Storage
from media.stream import Stream
from tests.load.process import cpu_s, memory
from tests.media.academy import CLASS, SECRET
from tests.media.material import h264
from tests.media.process import Process
from tests.media.waiting import until

FPS, AAC_FRAME = 30, 1_024
KEY_EVERY_S, KEY_SIZE, PICTURE_SIZE, SOUND_SIZE = 2, 40_000, 3_000, 256
TOLD_AT_MINUTES = (5, 15, 30, 60)
PART_URI = re.compile(r'#EXT-X-PART:.*URI="([^"]+)"')
HINT_URI = re.compile(r'PRELOAD-HINT.*/(\d+)\.(\d+)\.m4s"')


async def memory_run(minutes: int) -> dict[str, float]:
    """Resident memory in MiB after so many minutes of class, and the processor time of an hour of it in seconds."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        passed = 0.0
        stream = Stream(
            "class-1",
            shelf=Storage(Path(folder)).shelf("class-1"),
            clock=lambda: 1_764_035_000 + passed,
            emit=lambda name, run, at_ms, data: None,
            monotonic=lambda: passed,
        )
        stream.open()
        publication = stream.publish("run-1", audio=AudioCodec.AAC, ask_key_frame=lambda: None)
        began = time.process_time()
        listed = 0
        for sample in camera(minutes * 60):
            passed = sample.dts / sample.track.timescale
            publication.push(sample)
            if len(stream.window.segments) - 1 > listed:
                listed = len(stream.window.segments) - 1
                stream.tick()
                await stream.recorder.settle()
                await stream.window.playlist(None, skip=listed % 2 == 0)
                if (minute := int(passed / 60)) in TOLD_AT_MINUTES and f"mib_at_{minute}" not in figures:
                    figures[f"mib_at_{minute}"] = memory(os.getpid()) / 2**20
        figures[f"mib_at_{minutes}"] = memory(os.getpid()) / 2**20
        figures["growth_mib"] = figures[f"mib_at_{minutes}"] - figures[f"mib_at_{TOLD_AT_MINUTES[0]}"]
        figures["processor_s_per_hour"] = (time.process_time() - began) / minutes * 60
        figures["segments"] = listed + 1
        await stream.end()
    return figures


def camera(seconds: int) -> Iterator[Sample]:
    """Pictures and sound of the sizes that 720p has, in the order of their times; nothing here is decoded."""
    first = h264(0.1, width=1_280, height=720)[0].data
    head = b"".join(b"\0\0\0\1" + nal for nal in nal_units(first) if nal_type(nal) in (SPS, SPS + 1))
    key = head + b"\0\0\0\1\x65" + b"\x5a" * KEY_SIZE
    other = b"\0\0\0\1\x41" + b"\x5a" * PICTURE_SIZE
    sounds = 0
    for number in range(seconds * FPS):
        at = number * VIDEO_TIMESCALE // FPS
        is_key = number % (KEY_EVERY_S * FPS) == 0
        yield Sample(Track.VIDEO, at, at, is_key, key if is_key else other)
        while sounds * AAC_FRAME * FPS < (number + 1) * AUDIO_TIMESCALE:
            yield Sample(Track.AUDIO, sounds * AAC_FRAME, sounds * AAC_FRAME, True, bytes(SOUND_SIZE))
            sounds += 1


async def processor_run(seconds: float) -> dict[str, float]:
    """Share of a core of one class at real time, idle and with a viewer at the live edge."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "lecture.mp4"
        await film(video)
        process = Process(Path(folder) / "data")
        await process.serve_events()
        async with aiohttp.ClientSession() as http:
            await process.start(http)
            try:
                return await _processor_shares(process, http, video, seconds)
            finally:
                await process.close()


async def _processor_shares(
    process: Process, http: aiohttp.ClientSession, video: Path, seconds: float
) -> dict[str, float]:
    key, pid = f"jt_enc_{uuid4().hex}", process.pid
    process.server.keys[CLASS, hashlib.sha256(key.encode()).hexdigest()] = "key-1"
    idle = await share(pid, 3)
    orders = Orders(process.url, SECRET, http, time.time)
    async with encoder(video, f"{process.url}/media/whip/{CLASS}", key):
        await orders.air_open(CLASS, rehearsal=False, low_latency=True)
        await until(lambda: bool(process.server.named("on_air")), within_s=30)
        alone = await share(pid, seconds)
        viewer = asyncio.create_task(view(process.url, http))
        watched = await share(pid, seconds)
        viewer.cancel()
    line = process.server.named("line")[-1].data
    return {
        "idle_percent": idle,
        "class_percent": alone,
        "class_with_viewer_percent": watched,
        "kbps": line["kbps"],
        "fps": line["fps"],
        "mib": memory(pid) / 2**20,
    }


@asynccontextmanager
async def encoder(video: Path, url: str, key: str) -> AsyncIterator[None]:
    """ffmpeg sends the file in real time and in a loop by WHIP, while the block runs."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1"]
    target = ["-c", "copy", "-f", "whip", "-authorization", key, url]
    sending = await asyncio.create_subprocess_exec(
        *command, "-i", str(video), *target, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        sending.kill()
        await sending.wait()


async def share(process: int, seconds: float) -> float:
    """Percent of one core that the process uses."""
    used, began = cpu_s(process), time.perf_counter()
    await asyncio.sleep(seconds)
    return 100 * (cpu_s(process) - used) / (time.perf_counter() - began)


async def film(target: Path) -> None:
    """Twenty seconds of 720p at 30 pictures a second and about 2 Mbit/s."""
    picture = ffmpeg.input(f"testsrc2=size=1280x720:rate={FPS}", f="lavfi", t=20)
    sound = ffmpeg.input("sine=frequency=440:sample_rate=48000", f="lavfi", t=20)
    encoding = {"c:v": "libx264", "profile:v": "baseline", "preset": "veryfast", "pix_fmt": "yuv420p", "bf": 0}
    steady = {"g": 2 * FPS, "sc_threshold": 0, "b:v": "2000k", "maxrate": "2000k", "bufsize": "2000k"}
    await run(ffmpeg.output(picture, sound, str(target), f="mp4", **encoding, **steady, **{"c:a": "libopus", "ac": 2}))


async def view(url: str, http: aiohttp.ClientSession) -> None:
    """A viewer at the live edge: waits for each part, fetches it."""
    live = f"{url}/media/live/{CLASS}"
    query = ""
    while True:
        leave = sign(SECRET, Grant("view", CLASS, "s1", uuid4().hex, int(time.time() + 60)))
        headers = {"Authorization": f"Bearer {leave}"}
        async with http.get(f"{live}/video.m3u8{query}", headers=headers) as answer:
            listed = await answer.text()
        async with http.get(f"{live}/{PART_URI.findall(listed)[-1]}", headers=headers) as answer:
            await answer.read()
        msn, part = HINT_URI.findall(listed)[-1]
        query = f"?_HLS_msn={msn}&_HLS_part={part}&_HLS_skip=YES"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--minutes", type=int, default=90)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    figures = {
        "memory": asyncio.run(memory_run(options.minutes)),
        "processor": asyncio.run(processor_run(options.seconds)),
    }
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, values in figures.items():
        print(name)
        for key, value in values.items():
            print(f"  {key:26} {value:,.1f}")


if __name__ == "__main__":
    main()
