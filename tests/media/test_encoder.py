"""An encoder outside of any browser: ffmpeg pushes a file by WHIP with the class's key, as OBS does."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import m3u8
import pytest

from tests.media.academy import CLASS, Academy, academy
from tests.media.waiting import until

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of H.264 baseline and Opus."""
    path = tmp_path_factory.mktemp("lecture") / "lecture.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
    video = ["-c:v", "libx264", "-profile:v", "baseline", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p"]
    command = [
        FFMPEG,
        "-loglevel",
        "error",
        *picture,
        *sound,
        "-t",
        "4",
        *video,
        "-c:a",
        "libopus",
        "-ac",
        "2",
        str(path),
    ]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Academy]:
    async with academy(tmp_path) as running:
        yield running


async def push(house: Academy, lecture: Path, key: str) -> asyncio.subprocess.Process:
    source = ["-re", "-stream_loop", "-1", "-i", str(lecture), "-c", "copy"]
    target = ["-f", "whip", "-authorization", key, house.whip()]
    return await asyncio.create_subprocess_exec(
        FFMPEG, "-loglevel", "error", *source, *target, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


async def test_a_looped_lecture_goes_through_the_same_ingest_without_a_seam(house: Academy, lecture: Path) -> None:
    encoder = await push(house, lecture, house.encoder_key())
    await house.orders.air_open(CLASS, rehearsal=False, low_latency=True)
    await until(lambda: bool(house.server.named("on_air")), within_s=15)
    await asyncio.sleep(7)
    assert house.server.named("publisher_connected")[0].data["source"] == "encoder"
    reading = house.server.named("line")[-1].data
    assert (reading["width"], reading["height"], reading["loss"]) == (640, 360, 0.0)
    await house.orders.air_end(CLASS)
    encoder.kill()
    await encoder.wait()
    headers = {"Authorization": f"Bearer {house.grant('view')}"}
    async with house.http.get(f"{house.url}/media/vod/{CLASS}/video.m3u8", headers=headers) as response:
        recording = m3u8.loads(await response.text())
    assert len(house.server.named("on_air")) == 1
    assert not any(segment.discontinuity for segment in recording.segments)
    assert 5 < sum(segment.duration for segment in recording.segments) < 12
    times = [segment.program_date_time for segment in recording.segments if segment.program_date_time]
    assert all(a < b for a, b in pairwise(times))


async def test_an_encoder_with_a_wrong_key_never_gets_on_air(house: Academy, lecture: Path) -> None:
    encoder = await push(house, lecture, "jt_enc_wrong")
    assert await asyncio.wait_for(encoder.wait(), 10) != 0
    assert house.server.events == []
