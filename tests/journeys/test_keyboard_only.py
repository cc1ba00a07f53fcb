"""A learner without a mouse: sign in, enter, speak, answer the presence check, read the hours, by keys alone."""

import pytest
from playwright.async_api import expect

from tests.journeys.academy import policy_with
from tests.journeys.browser import Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import (
    PLAYS_MS,
    chip,
    counts,
    end_class,
    enter_studio,
    go_on_air,
    heard,
    sees_picture,
    sign_in,
    tab_to,
)
from tests.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

HALF, TEXT = "还没写完的一句", "，键盘也能发完。"


@pytest.fixture
def policy() -> str:
    """One check of presence, as soon as something counts."""
    return policy_with(presence_check_minutes=[0, 0], presence_checks_max=1)


async def test_keyboard_only(school: School, opened: Windows) -> None:
    lecturer, wang = await opened.open("lecturer"), await opened.open("wang")
    await sign_in(lecturer, school.lecturer)
    await enter_studio(lecturer, school.lesson)
    await _signs_in(wang, school)
    await _enters(wang)
    await go_on_air(lecturer)
    await _answers_the_check(wang)
    await _speaks(wang)
    await _looks_at_attendance(wang)
    await end_class(lecturer)
    await _reads_why(wang)


async def _signs_in(wang: Visitor, school: School) -> None:
    page, keys = wang.page, wang.page.keyboard
    await wang.goto("/sign-in")
    await expect(page.get_by_role("heading", name="登录")).to_be_visible()
    await tab_to(wang, page.get_by_role("link", name="跳到主要内容"))
    await wang.look("skip-link")
    await tab_to(wang, page.get_by_role("textbox", name="账号"))
    await keys.type(school.wang.staff_number)
    await tab_to(wang, page.get_by_role("textbox", name="密码"))
    await keys.type(PASSWORD)
    await wang.look("sign-in")
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="接下来")).to_be_focused()


async def _enters(wang: Visitor) -> None:
    """And begins a sentence while the class is waited for."""
    page, keys = wang.page, wang.page.keyboard
    await tab_to(wang, page.get_by_role("link", name="进入等候"))
    await wang.look("home")
    await keys.press("Enter")
    await expect(page.get_by_text("即将开播").first).to_be_visible()
    composer = page.get_by_label("发言内容")
    await expect(composer).to_be_editable()
    await keys.press("/")
    await expect(composer).to_be_focused()
    await keys.type(HALF)
    await wang.look("waits")


async def _looks_at_attendance(wang: Visitor) -> None:
    page, keys = wang.page, wang.page.keyboard
    await tab_to(wang, chip(wang))
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="我的出勤")).to_be_focused()
    await wang.look("attendance")
    await keys.press("Escape")
    await expect(page.get_by_role("heading", name="我的出勤")).to_be_hidden()
    await expect(chip(wang)).to_be_focused()


async def _speaks(wang: Visitor) -> None:
    await wang.page.keyboard.type(TEXT)
    await wang.page.keyboard.press("Enter")
    await expect(heard(wang, HALF + TEXT)).to_contain_text("待审核（仅自己可见）")
    await wang.look("speaks")


async def _answers_the_check(wang: Visitor) -> None:
    """It comes in the middle of the sentence: that stays, and no key answers by accident."""
    page, keys = wang.page, wang.page.keyboard
    asked = page.get_by_role("alertdialog", name="请确认您正在学习")
    await expect(asked).to_be_visible(timeout=PLAYS_MS)
    await keys.press("Enter")
    await expect(asked.get_by_role("heading")).to_be_focused()
    await wang.look("check")
    await expect(asked.locator("text")).not_to_have_text("120")
    await tab_to(wang, asked.get_by_role("button", name="我在学习"))
    await keys.press("Enter")
    await expect(asked).to_be_hidden()
    await expect(page.get_by_label("发言内容")).to_be_focused()
    await expect(page.get_by_label("发言内容")).to_have_value(HALF)
    await sees_picture(wang)
    await counts(wang)


async def _reads_why(wang: Visitor) -> None:
    page, keys = wang.page, wang.page.keyboard
    await expect(page.get_by_text("已计入")).to_be_visible(timeout=60_000)
    await tab_to(wang, page.get_by_role("link", name="为什么"))
    await wang.look("end")
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="为什么是")).to_be_focused()
    await wang.look("why")
    await tab_to(wang, page.get_by_role("navigation").get_by_role("link", name="学时", exact=True).first)
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="我的学时")).to_be_focused()
    await wang.look("hours")
