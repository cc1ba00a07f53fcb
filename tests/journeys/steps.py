"""What visitors do on pages, in the words that stand there."""

import re
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, expect

from server.people.store import Person
from tests.journeys.academy import until
from tests.journeys.browser import Visitor
from tests.journeys.camera import READ
from tests.people import PASSWORD

ZONE = ZoneInfo("Asia/Shanghai")
PLAYS_MS = 60_000
"""How long a picture may take on a busy machine."""

LOST = {"beat.gap", "beat.late", "beat.order"}
"""Why time does not count that a line lost."""

MOST_TABS = 80
NOTHING_SIDEWAYS = "document.scrollingElement.scrollWidth <= innerWidth"
SMALLEST_PX = 24
TOO_SMALL = """(px) => [...document.querySelectorAll("button, select, input:not([type=checkbox], [type=range])")]
  .map((each) => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.width > 1 && box.height > 1 && (box.width < px || box.height < px))
  .map(([box, each]) => `${each.outerHTML.slice(0, 120)} ${box.width}x${box.height}`)"""
FOCUS_IS_SEEN = """(element) => {
  const shown = [element, element.closest(".el-input__wrapper, .el-textarea, label")].filter(Boolean);
  return element.matches(":focus-visible") && shown.some((each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  });
}"""


async def sign_in(visitor: Visitor, person: Person) -> None:
    """Sign in as the page of it does, and come to one's home; who shows that page itself fills in its form."""
    await visitor.context.clear_cookies()
    account = {"account": person.staff_number, "password": PASSWORD}
    answer = await visitor.page.request.post(f"{visitor.url}/api/v1/session", data=account)
    assert answer.status == 201, await answer.text()
    await visitor.goto("/home")
    await expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()


async def fill_sign_in(visitor: Visitor, person: Person) -> None:
    """Sign in by the form that is there."""
    page = visitor.page
    await page.get_by_role("textbox", name="账号").fill(person.staff_number)
    await page.get_by_role("textbox", name="密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录", exact=True).click()


async def enter_studio(visitor: Visitor, lesson: UUID) -> None:
    await visitor.goto(f"/teach/live/{lesson}/studio")
    await expect(visitor.page.get_by_role("button", name="开播", exact=True)).to_be_visible()


async def go_on_air(visitor: Visitor) -> None:
    """开播: pictures are connected, then learners get them."""
    await visitor.page.get_by_role("button", name="开播", exact=True).click()
    await expect(visitor.page.get_by_text("已开播", exact=True)).to_be_visible(timeout=PLAYS_MS)


async def end_class(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="结束", exact=True).click()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="结束", exact=True).click()


async def picture(visitor: Visitor) -> int | None:
    """The number of the picture on the page's screen."""
    found: int | None = await visitor.page.locator(".screen video").evaluate(READ)
    return found


async def sees_picture(visitor: Visitor) -> None:
    """Wait until the lesson is to be seen."""

    async def seen() -> bool:
        return await picture(visitor) is not None

    await until(seen, PLAYS_MS / 1000, f"{visitor.name} sees the lesson")


async def say(visitor: Visitor, text: str) -> Locator:
    """Send a message; its entry in the log."""
    await visitor.page.get_by_label("发言内容").fill(text)
    await visitor.page.get_by_label("发言内容").press("Enter")
    entry = heard(visitor, text)
    await expect(entry).to_be_visible()
    return entry


def heard(visitor: Visitor, text: str) -> Locator:
    """The entry of a message in the log of the class."""
    return visitor.page.get_by_role("log").get_by_role("listitem").filter(has_text=text)


def chip(visitor: Visitor) -> Locator:
    """Whether time counts, in the room's header."""
    return visitor.page.locator("[aria-controls=attendance-panel]")


async def enter_room(visitor: Visitor) -> None:
    """From the first page to the class that is next."""
    await visitor.page.get_by_role("link", name="进入").first.click()
    await expect(visitor.page.locator(".room")).to_be_visible()


async def counts(visitor: Visitor, seconds: int = 0) -> None:
    """Wait until the chip says that time counts, and so many seconds of it already."""

    async def told() -> bool:
        found = re.search(r"计时中 (\d+):(\d\d)", await chip(visitor).inner_text())
        return found is not None and int(found[1]) * 60 + int(found[2]) >= seconds

    await until(told, PLAYS_MS / 1000 + 3 * seconds, f"{visitor.name} studies what counts, {seconds} s of it")


async def go_to_hours(visitor: Visitor) -> None:
    """My hours: the page opens on the year of today; in December what study counts for stands in the newest one."""
    page = visitor.page
    await visitor.goto("/hours")
    year = page.get_by_label("选择学年")
    await expect(year).to_have_value(f"{datetime.now(ZONE):%Y}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("我的学时")
    newest = str((await visitor.read("/hours"))["years"][0])
    await year.select_option(newest)
    await expect(page).to_have_url(re.compile(rf"/hours(\?year={newest})?$"))


async def leave_to_watch(visitor: Visitor, lesson: UUID, *, replay: bool = False) -> tuple[str, str]:
    """The address of the class's playlist and a grant to read it, as the page asks for them."""
    answer = await visitor.page.request.post(
        f"{visitor.url}/api/v1/classes/{lesson}/viewing",
        data={"replay": replay, "rehearsal": False},
        headers={"X-CSRF-Token": (await visitor.read("/session"))["csrf"]},
    )
    leave = await answer.json()
    return visitor.url + leave["url"], leave["grant"]


async def tab_to(visitor: Visitor, target: Locator) -> None:
    """Press Tab until `target` has the focus, which is to be seen there."""
    await expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        if await target.evaluate("(element) => element === document.activeElement"):
            assert await target.evaluate(FOCUS_IS_SEEN), f"no focus to be seen on {target}"
            return
        await visitor.page.keyboard.press("Tab")
    raise AssertionError(f"not reached by {MOST_TABS} times Tab: {target}")


async def fits(phone: Visitor, what: str) -> None:
    """Nothing sticks out at the side of a phone, what is touched is large enough, axe finds nothing."""
    assert await phone.page.evaluate(NOTHING_SIDEWAYS), f"{what} is wider than the phone"
    small = await phone.page.evaluate(TOO_SMALL, SMALLEST_PX)
    assert small == []
    await phone.look(what)
