"""What is said in class is moderated: the desk by keyboard, authors told, reviews and long pauses by another person."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.browser import Visitor, Windows
from tests.journeys.school import TITLE, School
from tests.journeys.steps import enter_room, enter_studio, go_on_air, heard, say, sign_in, tab_to

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

GOOD = "建议把村务公开做成一张表。"
BAD = "加我微信，课件打包卖。"
DOUBTFUL = "这个数字是不是算错了？"


async def test_moderator(school: School, opened: Windows) -> None:
    names = ("lecturer", "wang", "li", "moderator", "second")
    lecturer, wang, li, desk, second = [await opened.open(who) for who in names]
    people = (school.lecturer, school.wang, school.li, school.moderator, school.second_moderator)
    for visitor, person in zip((lecturer, wang, li, desk, second), people, strict=True):
        await sign_in(visitor, person)
    await enter_room(wang)
    await enter_room(li)
    await enter_studio(lecturer, school.lesson)
    await go_on_air(lecturer)

    for text in (GOOD, BAD, DOUBTFUL):
        await expect(await say(wang, text)).to_contain_text("待审核（仅自己可见）")
    await _three_are_decided_by_keyboard(desk, second)
    for visitor in (li, lecturer):
        await expect(heard(visitor, GOOD)).to_be_visible()
        await expect(heard(visitor, BAD)).to_have_count(0)
        await expect(heard(visitor, DOUBTFUL)).to_have_count(0)
    await _another_person_reviews(wang, li, desk, second)
    await _a_removed_message_leaves_open_screens(wang, li, lecturer, desk)
    await _a_long_pause_needs_a_second_person(wang, desk, second)


async def _three_are_decided_by_keyboard(desk: Visitor, second: Visitor) -> None:
    """Claim by opening, J and K between items, A approves, R asks for kind, article and reason."""
    press = desk.page.keyboard.press
    await desk.goto("/desk")
    await expect(desk.page.get_by_role("link", name=DOUBTFUL)).to_be_visible()
    await press("j")
    await _is_open(desk, GOOD)
    await press("j")
    await _is_open(desk, BAD)
    await press("k")
    await _is_open(desk, GOOD)
    await _is_claimed_for_others(second)
    await press("a")
    await _is_open(desk, BAD)
    await _refuse(desk, "广告、营销", "与课堂无关的推销")
    await _is_open(desk, DOUBTFUL)
    await _refuse(desk, "谣言、虚假信息", "没有说明依据")
    await expect(desk.page.get_by_text("没有待处理的发言")).to_be_visible()
    await desk.look("done")


async def _is_open(desk: Visitor, text: str) -> None:
    await expect(desk.page.get_by_role("article", name="当前发言")).to_contain_text(text)
    await expect(desk.page.get_by_text("领取中")).to_be_visible()


async def _is_claimed_for_others(second: Visitor) -> None:
    await second.goto("/desk")
    await second.page.get_by_role("link", name=GOOD).click()
    await expect(second.page.get_by_text("由 陈立 处理中").first).to_be_visible()
    await expect(second.page.get_by_role("button", name="通过 A")).to_be_disabled()
    await second.look("claimed-by-another")


async def _refuse(desk: Visitor, kind: str, reason: str) -> None:
    press, page = desk.page.keyboard.press, desk.page
    await press("r")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("违规类型").select_option(kind)
    await expect(dialog.get_by_label("依据条款")).to_have_value("art-12")
    await dialog.get_by_role("textbox", name="理由").fill(reason)
    await expect(dialog.get_by_label("作者将看到")).to_contain_text(f"{kind}，{reason}")
    await desk.look("refused")
    await tab_to(desk, dialog.get_by_role("button", name=re.compile("^(不通过|移除)$")))
    await press("Enter")
    await expect(dialog).to_be_hidden()


async def _another_person_reviews(wang: Visitor, li: Visitor, desk: Visitor, second: Visitor) -> None:
    entry = heard(wang, DOUBTFUL)
    await expect(entry).to_contain_text("未通过：谣言、虚假信息，没有说明依据")
    await expect(entry.get_by_role("link", name="《办法》第十二条")).to_be_visible()
    await wang.look("told")
    await entry.get_by_role("button", name="申请复核").click()
    dialog = wang.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="说明").fill("我只是提问，没有散布消息。")
    await dialog.get_by_role("button", name="提交申请").click()
    await expect(wang.page.get_by_text("复核申请已提交")).to_be_visible()

    await desk.goto("/desk/reviews")
    await expect(desk.page.get_by_text("没有待复核的申请")).to_be_visible()
    await second.goto("/desk/reviews")
    await second.page.get_by_role("textbox", name="复核理由").fill("属于正常提问")
    await second.look("review")
    await second.page.get_by_role("button", name="改正，恢复发言").click()
    await expect(heard(li, DOUBTFUL)).to_be_visible()
    await expect(entry).not_to_contain_text("未通过")


async def _a_removed_message_leaves_open_screens(wang: Visitor, li: Visitor, lecturer: Visitor, desk: Visitor) -> None:
    await heard(li, GOOD).get_by_role("button", name="举报").click()
    dialog = li.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="理由").fill("与课堂无关")
    await dialog.get_by_role("button", name="提交举报").click()
    await expect(heard(lecturer, GOOD)).to_be_visible()
    await desk.goto("/desk?state=reported")
    await expect(desk.page.get_by_role("link", name=GOOD)).to_be_visible()
    await desk.page.keyboard.press("j")
    await _is_open(desk, GOOD)
    await _refuse(desk, "刷屏", "重复发言")
    for visitor in (li, lecturer):
        await expect(heard(visitor, GOOD)).to_have_count(0)
    await expect(heard(wang, GOOD)).to_contain_text("已被移除：刷屏，重复发言")
    await wang.look("removed")


async def _a_long_pause_needs_a_second_person(wang: Visitor, desk: Visitor, second: Visitor) -> None:
    await say(wang, "下面这条也请看看。")
    await desk.goto("/desk")
    await expect(desk.page.get_by_role("link", name="下面这条也请看看。")).to_be_visible()
    await desk.page.keyboard.press("j")
    await _is_open(desk, "下面这条也请看看。")
    await desk.page.get_by_role("button", name="警告或暂停发言…").click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("处理", exact=True).select_option("暂停发言")
    await dialog.get_by_label("范围").select_option(f"仅《{TITLE}》")
    await dialog.get_by_label("时长").select_option("15 天")
    await dialog.get_by_role("textbox", name="理由").fill("多次发布推销内容")
    await expect(dialog).to_contain_text("超过 7 天，需第二人复核后生效。")
    await desk.look("long-pause")
    await dialog.get_by_role("button", name="提交复核").click()
    await desk.goto("/desk/sanctions")
    await expect(desk.page.get_by_text("由您提出，须他人复核")).to_be_visible()
    await desk.look("proposed")
    await say(wang, "暂停还没有生效。")

    await second.goto("/desk/sanctions")
    await second.page.get_by_role("button", name="同意", exact=True).click()
    await expect(second.page.get_by_text("生效中")).to_be_visible()
    await second.look("confirmed")
    await expect(wang.page.get_by_text("您在此课堂的发言已暂停至")).to_be_visible()
    await expect(wang.page.get_by_role("status").filter(has_text="多次发布推销内容")).to_be_visible()
    await expect(heard(wang, BAD)).to_contain_text("未通过：广告、营销，与课堂无关的推销")
    await wang.look("paused")
