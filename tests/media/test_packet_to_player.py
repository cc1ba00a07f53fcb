"""Encoded packets go through stream, window and HTTP to a player that nobody here wrote: FFmpeg copies a live class."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import av
import imageio_ffmpeg
import pytest
from aiohttp import web

from media.publication import Publication
from media.sample import AudioCodec, Sample
from tests.media.classroom import Classroom
from tests.media.hls.test_routes import House
from tests.media.material import h264, interleaved, opus

READ_AGAIN = "Found duplicated MOOV Atom. Skipped it"
"""FFmpeg's HLS demuxer reads the init section again after each reload of any list that has one, and then says so."""
SECONDS = 12


@pytest.fixture
async def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    runner = web.AppRunner(house.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/media/live/class-1/index.m3u8"
    await runner.cleanup()


async def copied(address: str, target: Path) -> asyncio.subprocess.Process:
    options = ["-nostdin", "-hide_banner", "-loglevel", "warning", "-live_start_index", "0"]
    return await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(),
        *options,
        *("-i", address, "-c", "copy", str(target)),
        stderr=asyncio.subprocess.PIPE,
    )


async def go_on(classroom: Classroom, publication: Publication, samples: list[Sample]) -> None:
    """Push the samples at the pace of a camera."""
    for earlier, sample in pairwise(samples):
        pause = sample.dts / sample.track.timescale - earlier.dts / earlier.track.timescale
        await asyncio.sleep(pause)
        classroom.wait(pause)
        publication.push(sample)


async def test_ffmpeg_copies_a_live_class_without_a_warning(house: House, address: str, tmp_path: Path) -> None:
    video, sound = h264(SECONDS), opus(SECONDS)
    samples = list(interleaved(video, sound))
    soon = [sample for sample in samples if sample.dts < 9 * sample.track.timescale]
    publication = house.classroom.publish(audio=AudioCodec.OPUS)
    house.classroom.stream.open()
    house.classroom.feed(publication, soon)
    player = await copied(address, tmp_path / "copy.mp4")
    await go_on(house.classroom, publication, samples[len(soon) - 1 :])
    await house.classroom.stream.end()
    _, said = await player.communicate()
    assert [line for line in said.decode().splitlines() if READ_AGAIN not in line and "repeated" not in line] == []
    assert player.returncode == 0
    _judge(tmp_path / "copy.mp4", len(video))


def _judge(path: Path, pictures: int) -> None:
    """Every picture is there, times rise strictly, sound has no hole, both decode to the end."""
    with av.open(str(path), "r") as copy:
        packets = [(packet.stream.type, packet.dts) for packet in copy.demux() if packet.dts is not None]
    shown = [dts for kind, dts in packets if kind == "video"]
    heard = [dts for kind, dts in packets if kind == "audio"]
    assert len(shown) == pictures
    assert all(before < after for before, after in pairwise(shown))
    assert all(after - before == 1_024 for before, after in pairwise(heard))
    assert abs(len(heard) * 1_024 / 48_000 - SECONDS) < 0.1
    with av.open(str(path), "r") as copy:
        assert len(list(copy.decode(video=0))) == pictures
    with av.open(str(path), "r") as copy:
        assert len(list(copy.decode(audio=0))) >= len(heard) - 1
