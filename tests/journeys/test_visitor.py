"""A visitor: the portal, the regulation, an address that leads nowhere, and a page that asks for a sign-in first."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser import PHONE, Visitor, Windows
from tests.journeys.school import TITLE, School
from tests.journeys.steps import fill_sign_in, fits

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]


@pytest.fixture(autouse=True)
def _open_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANGTANG_PORTAL_CLASSES", "true")


async def test_visitor(school: School, opened: Windows) -> None:
    visitor = await opened.open("visitor")
    await _reads_what_is_public(visitor)
    await _gets_lost(visitor)
    await _comes_back_after_signing_in(visitor, school)
    phone = await opened.open("phone", PHONE)
    for path, what in (("/", "portal"), ("/regulation", "regulation"), ("/hours", "sign-in")):
        await phone.goto(path)
        await expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
        await fits(phone, what)


async def _reads_what_is_public(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.goto("/")
    await expect(page.get_by_role("heading", level=1)).to_have_text("干部网络学院")
    await expect(page.get_by_role("region", name="今日公开课").get_by_role("link", name=TITLE)).to_be_visible()
    await visitor.look("portal")
    public = page.get_by_role("region", name="公开信息")
    for name in ("学时认定规则", "无障碍说明", "帮助", "管理办法"):
        await public.get_by_role("link", name=name).click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        if name != "管理办法":
            await page.go_back()
    await expect(page.get_by_text("第十二条").first).to_be_visible()
    await visitor.look("regulation")


async def _gets_lost(visitor: Visitor) -> None:
    await visitor.goto("/nowhere/at/all")
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("页面不存在或已下线")
    await visitor.look("not-found")
    await visitor.page.get_by_role("link", name="返回首页").click()
    await expect(visitor.page.get_by_role("region", name="今日公开课")).to_be_visible()


async def _comes_back_after_signing_in(visitor: Visitor, school: School) -> None:
    """Neither portal nor page of a class lets anybody in unseen; the way back is the page that was asked for."""
    page = visitor.page
    await page.get_by_role("region", name="今日公开课").get_by_role("link", name=TITLE).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert page.url.endswith(f"/sign-in?next=/live/{school.lesson}")
    await visitor.look("sign-in")
    await fill_sign_in(visitor, school.wang)
    await expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert page.url.endswith(f"/live/{school.lesson}")
