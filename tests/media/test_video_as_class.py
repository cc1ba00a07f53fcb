"""A prepared video as the class: ordered, played, taken over by a person, stopped with the class."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import imageio_ffmpeg
import pytest

from media.orders import OrderError
from tests.media.academy import CLASS, Academy, academy
from tests.media.class_on_air import Make
from tests.media.waiting import until


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "video.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=sample_rate=48000"]
    made = ["-t", "20", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *source, *made, str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


@pytest.fixture
async def house(tmp_path: Path, video: Path) -> AsyncIterator[Academy]:
    (tmp_path / "files").mkdir()
    shutil.copy(video, tmp_path / "files" / "video.mp4")
    async with academy(tmp_path) as running:
        yield running


async def wait_ready(house: Academy) -> None:
    await house.orders.prepare_video(CLASS, Path("files/video.mp4"))
    for _ in range(200):
        (stream,) = (await house.orders.status())["streams"]
        if stream["video"] == "ready":
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the video never became ready")


async def test_a_video_is_made_ready_and_played_as_the_class(house: Academy) -> None:
    await wait_ready(house)
    await house.orders.play_video(CLASS)
    await house.orders.air_open(CLASS, rehearsal=False, low_latency=True)
    await until(lambda: bool(house.server.named("on_air")))
    assert house.server.named("publisher_connected")[0].data["source"] == "video"
    assert (await house.read("index.m3u8")).status == 200


async def test_a_person_takes_over_from_a_video_and_the_other_way_round(house: Academy, lecturers: Make) -> None:
    await wait_ready(house)
    await house.orders.play_video(CLASS)
    await house.orders.air_open(CLASS, rehearsal=False, low_latency=True)
    await until(lambda: len(house.server.named("on_air")) == 1)
    await house.publish(lecturers())
    await until(lambda: len(house.server.named("on_air")) == 2)
    await house.orders.play_video(CLASS)
    await until(lambda: len(house.server.named("on_air")) == 3)
    assert [e.data["source"] for e in house.server.named("publisher_connected")] == ["video", "browser", "video"]
    assert [e.data["reason"] for e in house.server.named("off_air")] == ["replaced", "replaced"]
    assert house.server.named("publisher_lost") == []


async def test_an_encoder_waits_while_a_video_is_playing(house: Academy, lecturers: Make) -> None:
    await wait_ready(house)
    await house.orders.play_video(CLASS)
    lecturer = lecturers()
    assert (await house.post(await lecturer.offer(), house.encoder_key())).status == 409


async def test_the_video_stops_with_the_class(house: Academy) -> None:
    await wait_ready(house)
    await house.orders.play_video(CLASS)
    await house.orders.air_open(CLASS, rehearsal=False, low_latency=True)
    await until(lambda: bool(house.server.named("on_air")))
    await house.orders.air_end(CLASS)
    await until(lambda: bool(house.server.named("recorded")))
    assert (await house.orders.status())["streams"][0]["video"] == "ready"


async def test_what_isnt_ready_is_not_played(house: Academy) -> None:
    with pytest.raises(OrderError) as caught:
        await house.orders.play_video(CLASS)
    assert (caught.value.status, caught.value.code) == (409, "media.video_not_ready")


@pytest.mark.parametrize("path", ["files/absent.mp4", "../outside.mp4", "/etc/passwd", "files"])
async def test_only_a_file_of_the_data_folder_is_made_ready(house: Academy, path: str) -> None:
    with pytest.raises(OrderError) as caught:
        await house.orders.prepare_video(CLASS, Path(path))
    assert (caught.value.status, caught.value.code) == (422, "media.video_refused")
