"""A line is lost on either side: it is said, nothing that was studied is lost, and the same class goes on."""

import asyncio
import time
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import expect

from tests.journeys.academy import policy_with, until
from tests.journeys.browser import Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import (
    LOST,
    PLAYS_MS,
    chip,
    counts,
    enter_room,
    enter_studio,
    go_on_air,
    say,
    sees_picture,
    sign_in,
)

pytestmark = [pytest.mark.journey, pytest.mark.alone, pytest.mark.timeout(400)]

OFFLINE_S = 4
TEXT = "刚才断了一下，现在好了。"


@pytest.fixture
def policy() -> str:
    """Lines come back slowly on a busy machine."""
    return policy_with(late_beat_s=90, live_grace_s=120)


async def test_a_lost_line(school: School, opened: Windows) -> None:
    lecturer, wang = await opened.open("lecturer"), await opened.open("wang")
    await sign_in(lecturer, school.lecturer)
    await sign_in(wang, school.wang)
    await enter_room(wang)
    await enter_studio(lecturer, school.lesson)
    await go_on_air(lecturer)
    await sees_picture(wang)
    await counts(wang)

    await _learners_line_is_lost(wang, school.lesson)
    await _lecturers_line_is_lost(school, opened, lecturer, wang)


async def _learners_line_is_lost(wang: Visitor, lesson: UUID) -> None:
    await wang.context.set_offline(True)
    await expect(wang.page.get_by_text("断开期间的学习记录已暂存").first).to_be_visible()
    await expect(chip(wang)).to_contain_text("网络中断")
    entry = await say(wang, TEXT)
    await expect(entry).to_contain_text("待发送")
    await wang.look("line-lost")
    await asyncio.sleep(OFFLINE_S)
    back_ms = time.time() * 1000
    await wang.context.set_offline(False)

    await expect(wang.page.get_by_text("断开期间的学习记录已暂存").first).to_be_hidden()
    await expect(entry).to_contain_text("待审核")
    await counts(wang)

    async def counted_past() -> Any:
        found = await wang.read(f"/classes/{lesson}/attendance")
        counted = [each for each in found["stretches"] if each["kind"] == "counted"]
        return found if counted and counted[-1]["until_ms"] > back_ms else None

    found = await until(counted_past, 90, "study after the break counts")
    assert [each for each in found["stretches"] if each["reason"] in LOST] == []
    await wang.look("line-back")


async def _lecturers_line_is_lost(school: School, opened: Windows, lecturer: Visitor, wang: Visitor) -> None:
    lesson = await wang.read(f"/classes/{school.lesson}")
    session = await lecturer.context.new_cdp_session(lecturer.page)
    crash = asyncio.create_task(session.send("Page.crash"))
    await expect(wang.page.get_by_text("讲师端信号中断，正在恢复")).to_be_visible(timeout=PLAYS_MS)
    await expect(wang.page.get_by_text("对您的出勤没有影响")).to_be_visible()
    await expect(chip(wang)).to_contain_text("不影响出勤")
    await wang.look("lecturer-lost")
    crash.cancel()

    back = await opened.again(lecturer)
    await back.goto(f"/teach/live/{school.lesson}/studio")
    await expect(back.page.get_by_text("您的信号中断")).to_be_visible()
    await back.look("studio-lost")
    await back.page.get_by_role("button", name="立即重试").click()
    await expect(back.page.get_by_text("已开播", exact=True)).to_be_visible(timeout=PLAYS_MS)
    await expect(wang.page.get_by_text("讲师端信号中断，正在恢复")).to_be_hidden(timeout=PLAYS_MS)
    await sees_picture(wang)
    await counts(wang)
    now = await wang.read(f"/classes/{school.lesson}")
    assert (now["state"], now["went_on_air_at"]) == ("on_air", lesson["went_on_air_at"])

    async def second_stretch() -> bool:
        return len((await wang.read(f"/classes/{school.lesson}/attendance"))["air"]) == 2

    await until(second_stretch, 30, "what is on air after the break is a stretch of its own")
    await back.look("studio-back")
