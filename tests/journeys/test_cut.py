"""断播: a duty holder takes a class off the air at once; its recording is withheld, hours of what was aired stand."""

import time
from decimal import Decimal

import pytest
from playwright.async_api import expect

from tests.journeys.academy import until
from tests.journeys.browser import Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import counts, enter_room, enter_studio, go_on_air, leave_to_watch, sees_picture, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

WITHHELD = "此课堂的回放不提供观看；已播出部分的学时不受影响。"
AT_ONCE_S = 5.0
"""2 s are promised; a busy machine draws a page late."""


async def test_cut(school: School, opened: Windows) -> None:
    lecturer, wang, desk = [await opened.open(who) for who in ("lecturer", "wang", "moderator")]
    await sign_in(lecturer, school.lecturer)
    await sign_in(wang, school.wang)
    await sign_in(desk, school.moderator)
    await enter_room(wang)
    await enter_studio(lecturer, school.lesson)
    await desk.page.get_by_role("link", name="审核", exact=True).click()
    await go_on_air(lecturer)
    await sees_picture(wang)
    await counts(wang, seconds=8)
    address, grant = await leave_to_watch(wang, school.lesson)

    await _cut(desk, wang)
    await desk.look("cut")
    await wang.look("cut")
    await expect(lecturer.page.get_by_text("此课堂已断播")).to_be_visible()
    await lecturer.look("cut")

    answer = await wang.page.request.get(address, headers={"Authorization": f"Bearer {grant}"})
    assert answer.status == 410
    await _recording_is_withheld(wang, school)
    await _hours_stand(wang, school)


async def _cut(desk: Visitor, wang: Visitor) -> None:
    await desk.page.get_by_role("link", name="直播值守").click()
    await desk.page.get_by_role("button", name="断播").click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="理由").fill("播出了与课堂无关的画面")
    await desk.look("asked")
    began = time.monotonic()
    await dialog.get_by_role("button", name="断播").click()
    await expect(wang.page.get_by_role("heading", name="课堂已结束")).to_be_visible()
    assert time.monotonic() - began < AT_ONCE_S
    await expect(wang.page.get_by_text(WITHHELD)).to_be_visible()


async def _recording_is_withheld(wang: Visitor, school: School) -> None:
    await wang.goto(f"/live/{school.lesson}/replay")
    await expect(wang.page.get_by_text("此课堂的回放不提供观看")).to_be_visible()
    await wang.look("replay")
    sealed = school.academy.data / "media" / "sealed" / str(school.lesson)
    assert [path.suffix for path in sealed.rglob("*.m4s")] != []


async def _hours_stand(wang: Visitor, school: School) -> None:
    async def credited() -> bool:
        return bool((await wang.read(f"/classes/{school.lesson}/why"))["entries"])

    await until(credited, 60, "the hours of what was aired")
    why = await wang.read(f"/classes/{school.lesson}/why")
    assert Decimal(why["hours"]) > 0
