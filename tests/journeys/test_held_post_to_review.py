"""A post of the forum is held, refused with its article, reviewed by another person at its author's wish, and seen."""

import pytest
from playwright.async_api import expect

from server.base.work import SYSTEM
from server.forum import boards
from server.rules.conduct import Mode
from tests.journeys.browser import Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

BOARD = "意见建议"
THREAD = "培训通知能不能早两天发"
TEXT = "上次的通知头天晚上才到，值班排不开。"
REASON = "没有说明依据"


async def test_held_post_to_review(school: School, opened: Windows) -> None:
    async with school.academy.office() as office:
        await office.do(SYSTEM, boards.open_board, BOARD, "欢迎批评。", Mode.BEFORE, 0)
    wang, li, desk, second = [await opened.open(who) for who in ("wang", "li", "desk", "second")]
    people = (school.wang, school.li, school.moderator, school.second_moderator)
    for visitor, person in zip((wang, li, desk, second), people, strict=True):
        await sign_in(visitor, person)
    await _is_held(wang)
    await _nobody_else_sees_it(li)
    await _is_refused_with_its_article(desk)
    await _asks_for_a_review(wang)
    await _another_person_overturns(desk, second)
    await li.page.reload()
    await li.page.get_by_role("link", name=THREAD).click()
    await expect(li.page.locator("#post-1")).to_contain_text(TEXT)


async def _is_held(wang: Visitor) -> None:
    page = wang.page
    await wang.goto("/forum")
    await page.get_by_role("link", name=BOARD).click()
    await page.get_by_role("button", name="发表新主题").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="标题").fill(THREAD)
    await dialog.get_by_role("textbox", name="正文").fill(TEXT)
    await dialog.get_by_role("button", name="发表", exact=True).click()
    await expect(page.locator("#post-1")).to_contain_text("仅您和管理人员可见")
    await wang.look("held")


async def _nobody_else_sees_it(li: Visitor) -> None:
    await li.goto("/forum")
    await li.page.get_by_role("link", name=BOARD).click()
    await expect(li.page.get_by_text("还没有主题，欢迎发表第一个")).to_be_visible()


async def _is_refused_with_its_article(desk: Visitor) -> None:
    await desk.goto("/desk")
    await desk.page.get_by_role("link", name=TEXT).click()
    await expect(desk.page.get_by_role("article", name="当前发言")).to_contain_text(THREAD)
    await expect(desk.page.get_by_text("领取中")).to_be_visible()
    await desk.page.keyboard.press("r")
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("违规类型").select_option("谣言、虚假信息")
    await expect(dialog.get_by_label("依据条款")).to_have_value("art-12")
    await dialog.get_by_role("textbox", name="理由").fill(REASON)
    await dialog.get_by_role("button", name="不通过", exact=True).click()
    await expect(dialog).to_be_hidden()


async def _asks_for_a_review(wang: Visitor) -> None:
    page = wang.page
    await expect(page.locator("#post-1")).to_contain_text(REASON)
    await page.locator("#post-1").get_by_role("link", name="申请复核").click()
    await page.get_by_role("button", name="申请复核").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="说明").fill("通知原件可以提供。")
    await dialog.get_by_role("button", name="提交申请").click()
    await expect(page.get_by_text("复核申请已提交")).to_be_visible()
    await wang.look("review-asked")


async def _another_person_overturns(desk: Visitor, second: Visitor) -> None:
    await desk.goto("/desk/reviews")
    await expect(desk.page.get_by_text("没有待复核的申请")).to_be_visible()
    await second.goto("/desk/reviews")
    await second.page.get_by_role("textbox", name="复核理由").fill("属于正常建议")
    await second.look("review")
    await second.page.get_by_role("button", name="改正，恢复发言").click()
    await expect(second.page.get_by_text("没有待复核的申请")).to_be_visible()
