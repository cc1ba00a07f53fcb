"""A thread in two browsers: drafts and replies survive a lost line, changes, blocked texts and removals are seen."""

import re

import pytest
from playwright.async_api import FilePayload, Locator, Route, expect

from server.base.work import SYSTEM
from server.forum import boards
from server.rules.conduct import Mode
from tests.journeys.browser import PHONE, Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import fits, sign_in
from tests.server.forum.drawn import photo

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

BOARD = "学习体会"
THREAD = "听课之后的三点打算"
TEXT = "先把事项理清，再谈上系统。"
REPLY = "我们窗口已经开始清理材料清单。"
CHANGED = "我们窗口上周已经清理完材料清单。"
LOST = "这一条的回执在路上丢了。"
OFFLINE = "这一条写在没有网络的时候。"
BLOCKED = "谁能包过考试？"
PICTURE = "清理前后的材料清单"
MENDED = "考试前能不能安排一次答疑？"


async def test_forum_thread_in_two_browsers(school: School, opened: Windows) -> None:
    async with school.academy.office() as office:
        await office.do(SYSTEM, boards.open_board, BOARD, "听课、读书之后的收获和疑问。", Mode.AFTER, 0)
    wang, li, desk = await opened.open("wang"), await opened.open("li", PHONE), await opened.open("desk")
    for visitor, person in ((wang, school.wang), (li, school.li), (desk, school.moderator)):
        await sign_in(visitor, person)
    await _opens_a_thread_after_a_reload(wang)
    await _finds_it_on_a_phone(li)
    await _a_reply_arrives(wang, li)
    await _a_change_arrives(wang, li)
    await _a_reply_outlives_a_lost_line(wang, li)
    await _a_blocked_text_is_mended(wang, li)
    await _a_picture_arrives(wang, li)
    await _is_found_by_its_words(li)
    await _is_taken_back_when_asked_for_twice(wang, li)
    await _a_removal_arrives(wang, li, desk)
    await _without_its_first_post_a_thread_leaves_every_screen(wang, li)


async def _opens_a_thread_after_a_reload(wang: Visitor) -> None:
    page = wang.page
    await page.get_by_role("navigation").get_by_role("link", name="论坛").first.click()
    await wang.look("boards")
    await page.get_by_role("link", name=BOARD).click()
    await page.get_by_role("button", name="发表新主题").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="标题").fill(THREAD)
    await dialog.get_by_role("textbox", name="正文").fill(TEXT)
    await page.reload()
    await page.get_by_role("button", name="发表新主题").click()
    await expect(dialog.get_by_role("textbox", name="标题")).to_have_value(THREAD)
    await wang.look("writing")
    await dialog.get_by_role("button", name="发表", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(THREAD)
    await expect(_post(wang, 1)).to_contain_text(TEXT)


async def _finds_it_on_a_phone(li: Visitor) -> None:
    await li.page.get_by_role("link", name="论坛").last.tap()
    await expect(li.page.get_by_role("link", name=BOARD)).to_be_visible()
    await fits(li, "boards")
    await li.page.get_by_role("link", name=BOARD).tap()
    await expect(li.page.get_by_role("link", name=THREAD)).to_be_visible()
    await fits(li, "board")
    await li.page.get_by_role("link", name=THREAD).click()
    await expect(_post(li, 1)).to_contain_text("王芳")


async def _a_reply_arrives(wang: Visitor, li: Visitor) -> None:
    await wang.page.get_by_role("textbox", name="写回复").fill(REPLY)
    await wang.page.get_by_role("button", name="发表", exact=True).click()
    await expect(_post(wang, 2)).to_contain_text(REPLY)
    await expect(wang.page.get_by_role("textbox", name="写回复")).to_have_value("")
    await expect(_post(li, 2)).to_have_count(0)
    await li.page.get_by_role("button", name="1 条新回复").click()
    await expect(_post(li, 2)).to_contain_text(REPLY)


async def _a_change_arrives(wang: Visitor, li: Visitor) -> None:
    await _post(wang, 2).get_by_role("button", name="编辑").click()
    form = wang.page.get_by_role("form", name="编辑第 2 条")
    await form.get_by_role("textbox").fill(CHANGED)
    await form.get_by_role("button", name="保存").click()
    for visitor in (wang, li):
        await expect(_post(visitor, 2)).to_contain_text(CHANGED)
        await expect(_post(visitor, 2)).to_contain_text("已修改")


async def _a_reply_outlives_a_lost_line(wang: Visitor, li: Visitor) -> None:
    """An answer that never came, a reload, no line at all, another page open: each text becomes one post."""
    page, composer = wang.page, wang.page.get_by_role("textbox", name="写回复")
    await composer.fill(LOST)
    await expect(page.get_by_text("草稿已保存")).to_be_visible()
    await page.reload()
    await expect(composer).to_have_value(LOST)
    await wang.look("draft")
    await page.route("**/forum/threads/*/posts", _loses_the_answer)
    await page.get_by_role("button", name="发表", exact=True).click()
    await expect(page.get_by_role("article", name="尚未发出的回复")).to_contain_text("发送中…")
    await wang.look("unsent")
    await expect(li.page.get_by_role("button", name="1 条新回复")).to_be_visible()
    await page.unroute("**/forum/threads/*/posts")
    await page.reload()
    await expect(_post(wang, 3)).to_contain_text(LOST)

    await wang.context.set_offline(True)
    await composer.fill(OFFLINE)
    await composer.press("Control+Enter")
    await expect(page.get_by_role("article", name="尚未发出的回复")).to_contain_text(OFFLINE)
    await page.get_by_role("navigation").get_by_role("link", name="论坛").first.click()
    await expect(page.get_by_role("region", name="尚未发出的回复")).to_contain_text(OFFLINE)
    await wang.look("unsent elsewhere")
    await wang.context.set_offline(False)
    await expect(page.get_by_text(f"您在《{THREAD}》的回复已发出。")).to_be_visible()
    await wang.look("sent elsewhere")
    await page.get_by_role("link", name="查看", exact=True).last.click()
    await expect(_post(wang, 4)).to_contain_text(OFFLINE)
    await expect(page.get_by_role("article", name="尚未发出的回复")).to_have_count(0)
    await li.page.get_by_role("button", name="2 条新回复").click()
    for text in (LOST, OFFLINE):
        await expect(li.page.get_by_role("article").filter(has_text=text)).to_have_count(1)


async def _loses_the_answer(route: Route) -> None:
    if route.request.method == "POST":
        await route.fetch()
        await route.abort("connectionreset")
    else:
        await route.continue_()


async def _a_blocked_text_is_mended(wang: Visitor, li: Visitor) -> None:
    await wang.page.get_by_role("textbox", name="写回复").fill(BLOCKED)
    await wang.page.get_by_role("button", name="发表", exact=True).click()
    form = wang.page.get_by_role("form", name="编辑第 5 条")
    await expect(form).to_contain_text("内容已保留，请修改后再发表。")
    await expect(form.locator("mark")).to_have_text("包过考试")
    await expect(form.get_by_role("textbox")).to_have_value(BLOCKED)
    await wang.look("blocked")
    await form.get_by_role("textbox").fill(MENDED)
    await form.get_by_role("button", name="保存").click()
    await expect(_post(wang, 5)).to_contain_text(MENDED)
    await li.page.get_by_role("button", name="1 条新回复").click()
    await expect(_post(li, 5)).to_contain_text(MENDED)
    await expect(_post(li, 5)).not_to_contain_text(BLOCKED)
    await fits(li, "thread")


async def _a_picture_arrives(wang: Visitor, li: Visitor) -> None:
    """No picture without words for those who do not see it."""
    await wang.page.get_by_role("button", name="插入图片").click()
    dialog = wang.page.get_by_role("dialog", name="插入图片")
    file = FilePayload(name="清单.jpg", mimeType="image/jpeg", buffer=photo())
    await dialog.get_by_label("图片文件").set_input_files(file)
    await dialog.get_by_role("button", name="插入", exact=True).click()
    await expect(dialog).to_contain_text("请写明图片内容")
    await wang.look("picture")
    await dialog.get_by_role("textbox", name="图片说明").fill(PICTURE)
    await dialog.get_by_role("button", name="插入", exact=True).click()
    await expect(wang.page.get_by_role("form", name="写回复").get_by_role("img", name=PICTURE)).to_be_visible()
    await wang.page.get_by_role("textbox", name="写回复").fill("附上我们的清单。")
    await wang.page.get_by_role("button", name="发表", exact=True).click()
    await li.page.get_by_role("button", name="1 条新回复").click()
    shown = _post(li, 6).get_by_role("img", name=PICTURE)
    await shown.scroll_into_view_if_needed()
    await expect(shown).to_have_js_property("naturalWidth", 200)


async def _is_found_by_its_words(li: Visitor) -> None:
    finder = await li.page.context.new_page()
    await finder.goto(f"{li.url}/forum")
    await finder.get_by_role("searchbox", name="搜索论坛").fill("材料 清单")
    await finder.get_by_role("button", name="搜索", exact=True).click()
    await expect(finder.get_by_role("heading", level=1)).to_have_text("搜索“材料 清单”")
    await expect(finder.get_by_role("listitem").filter(has_text=CHANGED)).to_contain_text("#2")
    await finder.get_by_role("link", name=THREAD).click()
    await expect(finder.locator("#post-2")).to_contain_text(CHANGED)
    await finder.close()


async def _is_taken_back_when_asked_for_twice(wang: Visitor, li: Visitor) -> None:
    dialog = wang.page.get_by_role("dialog", name="撤回这一条发言？")
    await _post(wang, 6).get_by_role("button", name="撤回").click()
    await wang.look("taking back")
    await dialog.get_by_role("button", name="取消").click()
    await expect(dialog).to_be_hidden()
    await expect(_post(li, 6)).to_be_visible()
    await _post(wang, 6).get_by_role("button", name="撤回").click()
    await dialog.get_by_role("button", name="撤回").click()
    await expect(_post(li, 6)).to_have_count(0)


async def _a_removal_arrives(wang: Visitor, li: Visitor, desk: Visitor) -> None:
    await _post(li, 2).get_by_role("button", name="举报").click()
    dialog = li.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="理由").fill("与主题无关")
    await li.look("report")
    await dialog.get_by_role("button", name="提交举报").click()
    await desk.goto("/desk?state=reported")
    await desk.page.get_by_role("link", name=CHANGED).click()
    await expect(desk.page.get_by_role("article", name="当前发言")).to_contain_text(THREAD)
    await expect(desk.page.get_by_text("领取中")).to_be_visible()
    await desk.page.keyboard.press("r")
    refuse = desk.page.get_by_role("dialog")
    await refuse.get_by_label("违规类型").select_option("刷屏")
    await refuse.get_by_role("textbox", name="理由").fill("重复发言")
    await refuse.get_by_role("button", name=re.compile("^(不通过|移除)$")).click()
    await expect(_post(li, 2)).to_contain_text("此发言已移除")
    await expect(_post(li, 2)).not_to_contain_text(CHANGED)
    await expect(_post(wang, 2)).to_contain_text("重复发言")
    await wang.look("removed")
    await li.look("removed")


def _post(visitor: Visitor, number: int) -> Locator:
    return visitor.page.locator(f"#post-{number}")


async def _without_its_first_post_a_thread_leaves_every_screen(wang: Visitor, li: Visitor) -> None:
    board = await li.page.context.new_page()
    await board.goto(f"{li.url}/forum")
    await board.get_by_role("link", name=BOARD).click()
    await expect(board.get_by_role("link", name=THREAD)).to_be_visible()
    await _post(wang, 1).get_by_role("button", name="撤回").click()
    await wang.page.get_by_role("dialog").get_by_role("button", name="撤回").click()
    await expect(board.get_by_role("link", name=THREAD)).to_have_count(0)
    await expect(li.page.get_by_text(TEXT)).to_have_count(0)
    await expect(li.page.get_by_role("heading", level=1)).not_to_have_text(THREAD)
    await expect(li.page.get_by_text("没有这个主题，或尚未公开。")).to_be_in_viewport()
    await li.look("gone")
