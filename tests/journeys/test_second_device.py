"""One earning stay at a time: a second device asks, takes over, and gives back (rules §3.3)."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser import PHONE, Windows
from tests.journeys.school import School
from tests.journeys.steps import chip, counts, enter_room, enter_studio, go_on_air, sees_picture, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


async def test_second_device(school: School, opened: Windows) -> None:
    lecturer, office, phone = [await opened.open(who) for who in ("lecturer", "office")] + [
        await opened.open("phone", PHONE)
    ]
    await sign_in(lecturer, school.lecturer)
    await sign_in(office, school.wang)
    await enter_room(office)
    await enter_studio(lecturer, school.lesson)
    await go_on_air(lecturer)
    await counts(office)

    await sign_in(phone, school.wang)
    await enter_room(phone)
    asked = phone.page.get_by_role("dialog", name="您正在另一台设备上学习")
    await expect(asked).to_contain_text("电脑 Chrome")
    await phone.look("asked")
    await counts(office)

    await asked.get_by_role("button", name="在本设备继续计时").click()
    await sees_picture(phone)
    await counts(phone)
    await expect(office.page.get_by_text("已转到手机 Chrome继续计时，此处不再计时")).to_be_visible()
    await expect(chip(office)).to_contain_text("未计时：正在手机 Chrome上学习")
    await office.look("taken-over")
    await phone.look("counts-here")

    await office.page.get_by_role("button", name="转回此处").click()
    await counts(office)
    await expect(chip(phone)).to_contain_text("未计时")
    await expect(phone.page.get_by_text("此处不再计时")).to_be_visible()
    await phone.look("given-back")
    await office.look("counts-again")

    await _only_watching(opened, school)


async def _only_watching(opened: Windows, school: School) -> None:
    """A third window is watched without counting: nothing is taken from the one that earns."""
    third = await opened.open("third")
    await sign_in(third, school.wang)
    await enter_room(third)
    await third.page.get_by_role("button", name="只观看，不计时").click()
    await expect(chip(third)).to_contain_text("未计时")
    await sees_picture(third)
    await third.look("only-watching")
