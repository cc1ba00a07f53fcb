"""A thread of hundreds of posts: opened in its middle, read both ways by keyboard, steady while others write."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Locator, expect

from server.base.work import SYSTEM, Actor, Work
from server.forum import boards, write
from server.people import store as people
from server.rules.conduct import Mode
from tests.journeys.academy import until
from tests.journeys.browser import PHONE, Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import fits, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

TITLE = "基层治理案例接龙"
POSTS = 300
APART = timedelta(seconds=20)
REPLY = "回应这一条：我们县也这样做。"
STEADY_PX = 2


async def test_long_thread(school: School, opened: Windows) -> None:
    thread = await _written(school)
    wang, li = await opened.open("wang"), await opened.open("li", PHONE)
    await sign_in(wang, school.wang)
    await sign_in(li, school.li)
    await _opens_in_the_middle(wang, thread)
    await _pages_both_ways(wang)
    await li.goto(f"/forum/threads/{thread}#post-{POSTS}")
    await expect(_post(li, POSTS)).to_be_in_viewport()
    await _answers_by_keyboard(wang)
    await _is_steady(li)
    await _is_marked_as_read(li, thread)


async def _written(school: School) -> UUID:
    """A thread of `POSTS` posts that 李娜 began."""
    async with school.academy.office() as office:
        board = await office.do(SYSTEM, boards.open_board, "学习体会", "", Mode.AFTER, 0)
        async with office.read() as tx:
            author = Actor(school.li.id, await people.holdings_of(tx, school.li))

        async def fill(work: Work) -> UUID:
            work.now -= POSTS * APART  # nobody may write hundreds of posts in a moment
            thread, _ = await write.start(work, board.id, TITLE, "一人一例，接着写下去。", uuid4())
            for number in range(2, POSTS + 1):
                work.now += APART
                await write.reply(work, thread.id, f"第 {number} 例：先听群众怎么说，再定办法。", uuid4(), None)
            return thread.id

        return await office.do(author, fill)


def _post(visitor: Visitor, number: int) -> Locator:
    return visitor.page.locator(f"#post-{number}")


async def _top(post: Locator) -> float:
    found: float = await post.evaluate("(element) => element.getBoundingClientRect().top")
    return found


async def _opens_in_the_middle(wang: Visitor, thread: UUID) -> None:
    await wang.goto(f"/forum/threads/{thread}#post-250")
    await expect(_post(wang, 250)).to_be_focused()
    await expect(_post(wang, 250)).to_be_in_viewport(ratio=1)
    await expect(_post(wang, 1)).to_have_count(0)
    await wang.shot("middle")


async def _pages_both_ways(wang: Visitor) -> None:
    """What comes in above moves nothing that is read; below, the thread goes on."""
    earlier = wang.page.get_by_role("button", name="加载更早的发言")
    await earlier.scroll_into_view_if_needed()
    await wang.look("earlier")
    before = await _top(_post(wang, 240))
    await earlier.click()
    await expect(_post(wang, 190)).to_be_attached()
    assert abs(await _top(_post(wang, 240)) - before) <= STEADY_PX
    await wang.page.get_by_role("button", name="加载后面的发言").click()
    await expect(_post(wang, POSTS)).to_be_attached()
    await expect(wang.page.get_by_role("button", name="加载后面的发言")).to_have_count(0)


async def _answers_by_keyboard(wang: Visitor) -> None:
    """By number to where the page does not reach, J and K from there, R quotes, Ctrl and Enter sends."""
    page, press = wang.page, wang.page.keyboard.press
    await page.get_by_role("textbox", name="到第几条").fill("12")
    await press("Enter")
    await expect(_post(wang, 12)).to_be_focused()
    for key, number in (("j", 13), ("k", 12), ("k", 11)):
        await press(key)
        await expect(_post(wang, number)).to_be_focused()
    await press("r")
    await expect(page.get_by_role("textbox", name="写回复")).to_be_focused()
    await expect(page.get_by_role("form", name="写回复")).to_contain_text("回复 #11")
    await page.keyboard.type(REPLY)
    await press("Control+Enter")
    await expect(_post(wang, POSTS + 1)).to_contain_text(REPLY)
    await expect(_post(wang, POSTS + 1)).to_be_in_viewport()
    await wang.look("answered")


async def _is_steady(li: Visitor) -> None:
    """A reply is announced and moves nothing; then it is read."""
    arrived = li.page.get_by_role("button", name="1 条新回复")
    await expect(arrived).to_be_visible()
    await fits(li, "arrived")
    before = await _top(_post(li, POSTS))
    await arrived.click()
    await expect(_post(li, POSTS + 1)).to_contain_text(REPLY)
    assert abs(await _top(_post(li, POSTS)) - before) <= STEADY_PX


async def _is_marked_as_read(li: Visitor, thread: UUID) -> None:
    await _post(li, POSTS + 1).scroll_into_view_if_needed()

    async def read() -> bool:
        return bool((await li.read(f"/forum/threads/{thread}"))["read"] == POSTS + 1)

    await until(read, 20, "the thread is read to its end")
