"""A prepared video plays as a camera would send it, and makes room for one."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from media.ffmpeg import MediaRefused, prepare
from media.h264 import video_info
from media.prepared import NotReady, Prepared, Readiness, play, samples, sound_of
from media.sample import AudioCodec, Track
from tests.media.classroom import Classroom
from tests.media.test_ffmpeg import brought
from tests.media.waiting import until


@pytest.fixture
async def video(tmp_path: Path) -> Path:
    source = await brought(tmp_path / "brought.mp4")
    await prepare(source, tmp_path / "video.mp4")
    return tmp_path / "video.mp4"


@pytest.fixture
async def classroom(tmp_path: Path) -> Classroom:
    made = Classroom(tmp_path / "media")
    made.stream.open()
    return made


def prepared(classroom: Classroom, data: Path) -> Prepared:
    return Prepared(data, lambda _: lambda name, run, at_ms, data: classroom.news.append((name, run, at_ms, data)))


async def until_still(videos: Prepared, name: str) -> Readiness | None:
    """Its readiness when nothing is being done to it any more."""
    await until(lambda: videos.readiness(name) not in (Readiness.WORKING, Readiness.PLAYING), within_s=30)
    return videos.readiness(name)


async def test_the_samples_of_a_file_are_those_of_a_publisher(video: Path) -> None:
    units = list(samples(video))
    pictures = [unit for unit in units if unit.track is Track.VIDEO]
    sounds = [unit for unit in units if unit.track is Track.AUDIO]
    assert sound_of(video) is AudioCodec.AAC
    assert len(pictures) == 50
    assert all(after.dts - before.dts == 3_600 for before, after in pairwise(pictures))
    assert all(after.pts - before.pts == 1_024 for before, after in pairwise(sounds))
    assert pictures[0].key
    assert video_info(pictures[0].data) is not None


async def test_a_video_plays_in_its_own_time(classroom: Classroom, video: Path) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await play(video, classroom.stream, "run-1")
    assert loop.time() - began > 1.8
    assert [(name, data.get("reason")) for name, _, _, data in classroom.news] == [
        ("on_air", None),
        ("off_air", "finished"),
    ]
    (segment,) = classroom.stream.window.segments
    assert segment.pictures == 50


async def test_a_camera_takes_its_place(classroom: Classroom, video: Path) -> None:
    playing = asyncio.create_task(play(video, classroom.stream, "run-1"))
    await asyncio.sleep(0.3)
    classroom.publish("run-2")
    assert await playing is False
    assert [data for name, _, _, data in classroom.news if name == "off_air"] == [{"reason": "replaced"}]


async def test_a_video_is_made_ready_and_played_by_order(classroom: Classroom, tmp_path: Path) -> None:
    source = await brought(tmp_path / "brought.mp4")
    videos = prepared(classroom, tmp_path)
    assert videos.readiness("class-1") is None
    with pytest.raises(NotReady):
        videos.play(classroom.stream)
    videos.prepare("class-1", source)
    videos.prepare("class-1", source)
    assert await until_still(videos, "class-1") is Readiness.READY
    videos.play(classroom.stream)
    videos.play(classroom.stream)
    assert await until_still(videos, "class-1") is Readiness.READY
    assert classroom.names() == ["publisher_connected", "on_air", "off_air", "publisher_lost"]


async def test_a_video_is_made_ready_once_and_another_one_in_its_place(classroom: Classroom, tmp_path: Path) -> None:
    first = await brought(tmp_path / "first.mp4")
    videos = prepared(classroom, tmp_path)
    videos.prepare("class-1", first)
    await until_still(videos, "class-1")
    videos.prepare("class-1", first)
    assert videos.readiness("class-1") is Readiness.READY
    (tmp_path / "text.mp4").write_text("no video")
    videos.prepare("class-1", Path("text.mp4"))
    assert await until_still(videos, "class-1") is Readiness.REFUSED
    videos.prepare("class-1", Path("text.mp4"))
    assert videos.readiness("class-1") is Readiness.REFUSED
    videos.prepare("class-1", await brought(tmp_path / "second.mp4"))
    assert videos.readiness("class-1") is Readiness.WORKING
    assert await until_still(videos, "class-1") is Readiness.READY


async def test_a_video_that_is_stopped_is_off_air(classroom: Classroom, tmp_path: Path) -> None:
    source = await brought(tmp_path / "brought.mp4")
    videos = prepared(classroom, tmp_path)
    videos.prepare("class-1", source)
    await until_still(videos, "class-1")
    videos.play(classroom.stream)
    await asyncio.sleep(0.3)
    videos.stop("class-1")
    await until_still(videos, "class-1")
    assert classroom.names() == ["publisher_connected", "on_air", "off_air", "publisher_lost"]
    videos.stop("class-1")


async def test_files_elsewhere_are_not_touched(classroom: Classroom, tmp_path: Path) -> None:
    videos = prepared(classroom, tmp_path / "media")
    await brought(tmp_path / "brought.mp4")
    for path in (tmp_path / "brought.mp4", Path("../brought.mp4"), Path("none.mp4")):
        with pytest.raises(MediaRefused):
            videos.prepare("class-1", path)


async def test_what_is_no_video_is_refused(classroom: Classroom, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    videos = prepared(classroom, tmp_path)
    videos.prepare("class-1", Path("text.mp4"))
    assert await until_still(videos, "class-1") is Readiness.REFUSED
    await videos.close()
