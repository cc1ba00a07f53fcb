"""From a packet to a learner's eye: pictures of a browser and of an encoder reach real players in order, and stay."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.journeys.academy import until
from tests.journeys.browser import Visitor, Windows
from tests.journeys.camera import FPS
from tests.journeys.players import decode, make_lecture, watch
from tests.journeys.school import School
from tests.journeys.steps import (
    PLAYS_MS,
    counts,
    end_class,
    enter_room,
    enter_studio,
    go_on_air,
    leave_to_watch,
    sees_picture,
    sign_in,
)

pytestmark = [pytest.mark.journey, pytest.mark.alone, pytest.mark.timeout(300)]

WATCHED_S = 30
RECORDED_WITHIN_S = 10
READ_S = 8


async def test_packets_of_a_browser(school: School, opened: Windows) -> None:
    lecturer, wang = await _two(school, opened)
    await enter_studio(lecturer, school.lesson)
    await go_on_air(lecturer)
    await _plays(wang, school)
    await _recording_plays(lecturer, wang, school)
    await _recording_plays_by_the_browser_itself(wang, school)


async def test_packets_of_an_encoder(school: School, opened: Windows, camera: Path, tmp_path: Path) -> None:
    lecturer, wang = await _two(school, opened)
    lecture = await make_lecture(camera, tmp_path / "lecture.mp4")
    await enter_studio(lecturer, school.lesson)
    url, key = await _encoder_key(lecturer)
    async with _pushing(lecture, url, key):
        await expect(lecturer.page.get_by_text("画面来自编码器")).to_be_visible(timeout=PLAYS_MS)
        await lecturer.look("encoder")
        await go_on_air(lecturer)
        pictures = await _plays(wang, school)
        for (begin, first), (at, number) in pairwise(pictures):
            assert (number - first) % (FPS * 20) == pytest.approx((at - begin) * FPS, abs=1.5)
        await _recording_plays(lecturer, wang, school)


async def _two(school: School, opened: Windows) -> tuple[Visitor, Visitor]:
    lecturer, wang = await opened.open("lecturer"), await opened.open("wang")
    await sign_in(lecturer, school.lecturer)
    await sign_in(wang, school.wang)
    await enter_room(wang)
    return lecturer, wang


async def _plays(wang: Visitor, school: School) -> list[tuple[float, int]]:
    """Chromium and ffmpeg at once: no stall, nothing out of order; the pictures that were seen."""
    await sees_picture(wang)
    await counts(wang, seconds=3)
    url, grant = await leave_to_watch(wang, school.lesson)
    seen, read = await asyncio.gather(watch(wang, WATCHED_S), decode(url, grant, READ_S))
    assert (seen.stalls, seen.rises()) == (0, True)
    assert seen.played == pytest.approx(WATCHED_S, abs=1.5)
    assert (read.complaints, read.rises()) == ("", True)
    await wang.look("plays")
    return seen.pictures


async def _recording_plays(lecturer: Visitor, wang: Visitor, school: School) -> None:
    await end_class(lecturer)
    ended = time.monotonic()

    async def recorded() -> bool:
        return bool((await wang.read(f"/classes/{school.lesson}"))["recording"] == "ready")

    await until(recorded, 30, "the recording is there")
    await wang.goto(f"/live/{school.lesson}/replay")
    await sees_picture(wang)
    assert time.monotonic() - ended < RECORDED_WITHIN_S
    await wang.look("recording")
    url, grant = await leave_to_watch(wang, school.lesson, replay=True)
    read = await decode(url, grant)
    assert (read.complaints, read.rises()) == ("", True)
    found = await wang.read(f"/classes/{school.lesson}/attendance")
    on_air_s = sum(each["until_ms"] - each["from_ms"] for each in found["air"]) / 1000
    assert len(read.times[0]) / FPS == pytest.approx(on_air_s, rel=0.15)


async def _recording_plays_by_the_browser_itself(wang: Visitor, school: School) -> None:
    """As on a phone without a media source: media knows the player by its cookie, and no address holds a grant."""
    await wang.page.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource;")
    await wang.goto(f"/live/{school.lesson}/replay")
    await sees_picture(wang)
    source = await wang.page.locator(".screen video").get_attribute("src")
    assert source == f"/media/vod/{school.lesson}/index.m3u8"


async def _encoder_key(lecturer: Visitor) -> tuple[str, str]:
    """Address and key as they are read from the studio."""
    await lecturer.page.get_by_role("button", name="其他画面来源").click()
    dialog = lecturer.page.get_by_role("dialog", name="其他画面来源")
    await dialog.get_by_role("button", name="生成密钥").click()
    await expect(dialog.locator("code")).to_have_count(2)
    await lecturer.look("key")
    url, key = await dialog.locator("code").all_inner_texts()
    await lecturer.page.keyboard.press("Escape")
    return url, key


@asynccontextmanager
async def _pushing(lecture: Path, url: str, key: str) -> AsyncIterator[None]:
    """`python -m media push`: ffmpeg publishes by WHIP, as OBS does."""
    command = [sys.executable, "-m", "media", "push", str(lecture), "--url", url]
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(f"{key}\n".encode())
    process.stdin.close()
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
