"""A moderator's day: twenty items from class and forum by keyboard alone, one of them in a colleague's hands."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Locator, expect

from server.base.work import SYSTEM, Actor, Work
from server.forum import boards
from server.forum import write as forum
from server.moderation import store, write
from server.moderation.write import Place, Speaker
from server.people import store as people
from server.rules.conduct import Mode
from tests.journeys.browser import PHONE, Visitor, Windows
from tests.journeys.school import TITLE, School
from tests.journeys.steps import fits, sign_in, tab_to

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

ITEMS, LIVE = 20, 4
UNDONE, HANDED_ON, REJECTED, RETURNED, TAKEN, SANCTIONED = 2, 6, 7, 9, 12, 15
REASON = "与主题无关的推销"
MOST_OPTIONS = 20
UNUSED = timedelta(minutes=29)


async def test_moderator_day_by_keyboard(school: School, opened: Windows) -> None:
    await _written(school)
    desk, second = await opened.open("desk"), await opened.open("second", PHONE)
    await sign_in(desk, school.moderator)
    await sign_in(second, school.second_moderator)
    await _a_colleague_takes_one(second)
    await _keys_are_told(desk)
    await _decides(desk)
    await _the_last_ones(desk, second)
    await _a_second_person_confirms(second)
    await _is_written_down(school)
    await _is_warned_before_an_unused_sign_in_ends(desk, second)


def _text(number: int) -> str:
    return f"第 {number} 条：盼着材料再少一些。"


async def _written(school: School) -> None:
    """`LIVE` items said in class and the rest in a thread, all held."""
    async with school.academy.office() as office:
        board = await office.do(SYSTEM, boards.open_board, "意见建议", "", Mode.BEFORE, 0)

        async def fill(work: Work) -> None:
            wang = Speaker(school.wang.id, "learner", school.wang.unit_path, school.wang.authority_path)
            lesson = Place("class", school.lesson, TITLE, Mode.BEFORE, f"class:{school.lesson}")
            for number in range(1, LIVE + 1):
                await write.submit(work, lesson, wang, _text(number), uuid4())
            for number in range(LIVE + 1, ITEMS + 1):
                await forum.start(work, board.id, f"建议 {number}", _text(number), uuid4())

        async with office.read() as tx:
            author = Actor(school.wang.id, await people.holdings_of(tx, school.wang))
        await office.do(author, fill)


def _item(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("article", name="当前发言")


async def _is_open(visitor: Visitor, number: int) -> None:
    """Shown and claimed: a key pressed now is about this one."""
    await expect(_item(visitor).locator("p.text")).to_contain_text(_text(number))
    await expect(visitor.page.get_by_text("领取中")).to_be_visible()


async def _a_colleague_takes_one(second: Visitor) -> None:
    """On a phone: first the list, then the item with its actions at the lower edge."""
    await second.goto("/desk?kind=thread")
    await expect(second.page.get_by_role("listitem").filter(has_text="意见建议")).to_have_count(ITEMS - LIVE)
    await fits(second, "list")
    await second.page.get_by_role("link", name=_text(TAKEN)).tap()
    await _is_open(second, TAKEN)
    await expect(second.page.get_by_role("button", name="通过", exact=True)).to_be_in_viewport(ratio=1)
    await fits(second, "item")


async def _keys_are_told(desk: Visitor) -> None:
    await desk.goto("/desk")
    await expect(desk.page.get_by_role("link", name=_text(1))).to_be_visible()
    await desk.page.keyboard.press("?")
    await expect(desk.page.get_by_role("dialog", name="快捷键")).to_contain_text("退回修改")
    await desk.look("keys")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_be_hidden()


async def _decides(desk: Visitor) -> None:
    """Live items come first; each decision opens the next one."""
    press = desk.page.keyboard.press
    await press("j")
    for number in range(1, ITEMS + 1):
        if number == TAKEN:
            await _is_in_others_hands(desk)
            continue
        await _is_open(desk, number)
        if number == UNDONE:
            await _undoes(desk, number)
        if number == SANCTIONED:
            await _proposes_a_long_pause(desk)
        if number == HANDED_ON:
            await press("x")
        elif number == REJECTED:
            await _gives_grounds(desk, "r", "不通过")
        elif number == RETURNED:
            await _gives_grounds(desk, "e", "退回修改")
        else:
            await press("a")


async def _undoes(desk: Visitor, number: int) -> None:
    await desk.page.keyboard.press("a")
    await _is_open(desk, number + 1)
    await desk.page.keyboard.press("u")
    await _is_open(desk, number)


async def _is_in_others_hands(desk: Visitor) -> None:
    await expect(_item(desk)).to_contain_text(_text(TAKEN))
    await expect(desk.page.get_by_text("由 赵磊 处理中").last).to_be_visible()
    await expect(desk.page.get_by_role("button", name="通过 A")).to_be_disabled()
    await desk.look("taken")
    await desk.page.keyboard.press("a")
    await desk.page.keyboard.press("j")


async def _gives_grounds(desk: Visitor, key: str, action: str) -> None:
    """Kind, article and reason; what the author will read stands there before it is sent."""
    page, press = desk.page, desk.page.keyboard.press
    await press(key)
    dialog = page.get_by_role("dialog", name=action)
    await _picks(desk, dialog.get_by_label("违规类型"), "广告、营销")
    await tab_to(desk, dialog.get_by_role("textbox", name="理由"))
    await page.keyboard.type(REASON)
    await expect(dialog.get_by_label("依据条款")).to_have_value("art-12")
    await expect(dialog.get_by_label("作者将看到")).to_contain_text(f"广告、营销，{REASON}")
    await desk.look(f"grounds-{key}")
    await tab_to(desk, dialog.get_by_role("button", name=action, exact=True))
    await press("Enter")
    await expect(dialog).to_be_hidden()


async def _picks(desk: Visitor, field: Locator, option: str) -> None:
    """Arrow down until the option is chosen."""
    await tab_to(desk, field)
    for _ in range(MOST_OPTIONS):
        if await field.evaluate("(select) => select.selectedOptions[0].textContent.trim()") == option:
            return
        await desk.page.keyboard.press("ArrowDown")
    raise AssertionError(f"not among {MOST_OPTIONS} options: {option}")


async def _proposes_a_long_pause(desk: Visitor) -> None:
    press = desk.page.keyboard.press
    await tab_to(desk, desk.page.get_by_role("button", name="警告或暂停发言…"))
    await press("Enter")
    dialog = desk.page.get_by_role("dialog")
    await _picks(desk, dialog.get_by_label("处理", exact=True), "暂停发言")
    await _picks(desk, dialog.get_by_label("时长"), "15 天")
    await expect(dialog).to_contain_text("超过 7 天，需第二人复核后生效。")
    await tab_to(desk, dialog.get_by_role("textbox", name="理由"))
    await desk.page.keyboard.type(REASON)
    await desk.look("long-pause")
    await tab_to(desk, dialog.get_by_role("button", name="提交复核"))
    await press("Enter")
    await expect(dialog).to_be_hidden()
    await desk.page.evaluate("document.activeElement.blur()")


async def _the_last_ones(desk: Visitor, second: Visitor) -> None:
    """What was handed on is still there, and the colleague decides what they have."""
    await expect(_item(desk)).to_contain_text(_text(TAKEN))
    await desk.page.keyboard.press("k")
    await _is_open(desk, HANDED_ON)
    await desk.page.keyboard.press("a")
    await expect(_item(desk)).to_contain_text(_text(TAKEN))
    await second.page.get_by_role("button", name="通过", exact=True).tap()
    await expect(second.page.get_by_text("没有符合条件的发言")).to_be_visible()
    await desk.goto("/desk")
    await expect(desk.page.get_by_text("没有待处理的发言")).to_be_visible()
    await desk.look("done")


async def _a_second_person_confirms(second: Visitor) -> None:
    await second.goto("/desk/sanctions")
    await second.page.get_by_role("button", name="同意", exact=True).tap()
    await expect(second.page.get_by_text("生效中")).to_be_visible()
    await fits(second, "sanctions")


async def _is_written_down(school: School) -> None:
    """Every item has its decision, those against its author with their grounds; what was taken back is there, too."""
    async with school.academy.office() as office, office.read() as tx:
        posts = await store.of_author(tx, school.wang.id, before=None, limit=ITEMS + 1)
        decided = await store.decisions_of(tx, [post.id for post in posts])
    rows = [decided[post.id] for post in reversed(posts)]
    assert [each[-1].action for each in rows].count("approve") == ITEMS - 2
    assert [each.action for each in rows[UNDONE - 1]] == ["approve", "undo", "approve"]
    for number, action in ((REJECTED, "reject"), (RETURNED, "return")):
        [taken] = rows[number - 1]
        assert (taken.action, taken.kind, taken.basis, taken.reason) == (action, "advertising", "art-12", REASON)
    assert rows[TAKEN - 1][0].actor == school.second_moderator.id


async def _is_warned_before_an_unused_sign_in_ends(desk: Visitor, second: Visitor) -> None:
    for visitor in (desk, second):
        await visitor.page.clock.set_fixed_time(datetime.now(UTC) + UNUSED)
        dialog = visitor.page.get_by_role("dialog")
        await expect(dialog.get_by_role("button", name="继续使用")).to_be_visible()
        await visitor.look("idle")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_be_hidden()
