"""A learner on a phone of 360 x 640, by touch: sign in, home, the class upright and lying, chat, hours."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser import PHONE, Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import chip, counts, end_class, enter_studio, fits, go_on_air, heard, sees_picture, sign_in
from tests.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

TEXT = "手机上也能看清。"
LYING = (640, 360)


async def test_phone(school: School, opened: Windows) -> None:
    lecturer, phone = await opened.open("lecturer"), await opened.open("phone", PHONE)
    await sign_in(lecturer, school.lecturer)
    await enter_studio(lecturer, school.lesson)
    await _sign_in_by_touch(phone, school)
    await fits(phone, "home")
    await phone.page.get_by_role("link", name="进入").first.tap()
    await expect(phone.page.get_by_text("设备检测")).to_be_visible()
    await fits(phone, "waiting")
    await go_on_air(lecturer)
    await sees_picture(phone)
    await counts(phone, seconds=4)
    await fits(phone, "room")
    await _talks(phone, lecturer)
    await _asks_what_counts(phone)
    await _lying(phone)
    await end_class(lecturer)
    await expect(phone.page.get_by_role("heading", name="课堂已结束")).to_be_visible()
    await expect(phone.page.get_by_text("实际直播")).to_be_visible(timeout=60_000)
    await fits(phone, "end")
    await _hours(phone)


async def _sign_in_by_touch(phone: Visitor, school: School) -> None:
    await phone.goto("/sign-in")
    await fits(phone, "sign-in")
    account, password = (phone.page.get_by_role("textbox", name=name) for name in ("账号", "密码"))
    await account.tap()
    await account.fill(school.wang.staff_number)
    await password.tap()
    await password.fill(PASSWORD)
    await phone.page.get_by_role("button", name="登录", exact=True).tap()
    await expect(phone.page.get_by_role("heading", name="接下来")).to_be_visible()


async def _talks(phone: Visitor, lecturer: Visitor) -> None:
    composer = phone.page.get_by_label("发言内容")
    await composer.tap()
    await composer.fill(TEXT)
    await fits(phone, "writing")
    await phone.page.get_by_role("button", name="发送").tap()
    await expect(heard(phone, TEXT)).to_contain_text("待审核（仅自己可见）")
    await expect(heard(lecturer, TEXT)).to_have_count(0)
    await fits(phone, "said")


async def _asks_what_counts(phone: Visitor) -> None:
    await chip(phone).tap()
    await expect(phone.page.get_by_role("heading", name="我的出勤")).to_be_visible()
    await expect(phone.page.get_by_text("有效学习")).to_be_visible()
    await fits(phone, "attendance")
    await phone.page.get_by_role("button", name="关闭").first.tap()


async def _lying(phone: Visitor) -> None:
    """The picture alone; the chat comes as a drawer."""
    await phone.page.set_viewport_size({"width": LYING[0], "height": LYING[1]})
    await sees_picture(phone)
    await expect(phone.page.get_by_label("发言内容")).to_be_hidden()
    await fits(phone, "lying")
    await phone.page.get_by_role("button", name="打开互动").tap()
    await expect(phone.page.get_by_label("发言内容")).to_be_visible()
    await fits(phone, "lying-chat")
    await phone.page.get_by_role("button", name="收起互动").tap()
    await phone.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


async def _hours(phone: Visitor) -> None:
    await phone.page.get_by_role("link", name="为什么").tap()
    await expect(phone.page.get_by_role("heading", name="为什么是")).to_be_visible()
    await fits(phone, "why")
    await phone.page.get_by_role("link", name="学时", exact=True).last.tap()
    await expect(phone.page.get_by_role("heading", name="我的学时")).to_be_visible()
    await fits(phone, "hours")
