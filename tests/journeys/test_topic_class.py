"""A topic class from plan to hours: filled, attended on air, completed, and why it gives what it gives."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from playwright.async_api import expect

from server.base.work import SYSTEM
from tests.journeys.academy import until
from tests.journeys.browser import PHONE, Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import ZONE, counts, end_class, enter_studio, go_on_air, go_to_hours, sees_picture, sign_in
from tests.server.live.classes import planned

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

TITLE, LESSON = "乡村治理专题班", "村规民约怎样写得管用"
THREAD, POST = "我们村的做法", "先听村民的，再写条文。"
TOLD = "请提前准备一份本村的村规民约。"
ON_AIR_S = 9


async def test_topic_class(school: School, opened: Windows) -> None:
    lesson = await _a_lesson(school)
    teacher, wang, li = await opened.open("teacher"), await opened.open("wang"), await opened.open("li", PHONE)
    for visitor, person in ((teacher, school.teacher), (wang, school.wang), (li, school.li)):
        await sign_in(visitor, person)
    await _is_planned(teacher)
    await _is_opened_for_one(teacher)
    await _learners_enrol(wang, li)
    await _a_further_place_goes_to_who_waits(teacher, li)
    await _an_announcement_arrives(teacher, wang)
    await _is_discussed(teacher, wang, li)
    await _is_attended(teacher, wang, lesson)
    await _is_completed(wang)
    await _its_hours_say_why(wang)
    await _the_teacher_sees_how_far_they_are(teacher)


async def _a_lesson(school: School) -> UUID:
    async with school.academy.office() as office:
        made = await office.do(
            SYSTEM, planned, title=LESSON, starts_at=office.clock.now(), planned_minutes=1,
            unit_path=school.teacher.unit_path, lecturers=(school.teacher.id,),
        )  # fmt: skip
    return made.id


async def _is_planned(teacher: Visitor) -> None:
    page = teacher.page
    await page.get_by_role("link", name="班主任").click()
    await page.get_by_role("link", name="新建专题班").click()
    begin = datetime.now(ZONE)
    for name, at in (("开始", begin), ("结束", begin + timedelta(minutes=30))):
        await page.get_by_label(f"{name}日期").fill(f"{at:%Y-%m-%d}")
        await page.get_by_label(f"{name}时间").fill(f"{at:%H:%M}")
    await page.get_by_label("名称").fill(TITLE)
    await page.get_by_label("计学时方式").select_option("结业后一次计学时")
    await page.get_by_label("结业学时").fill("6")
    await page.reload()
    await expect(page.get_by_label("名称")).to_have_value(TITLE)
    await teacher.look("new")
    await page.get_by_role("button", name="建立草稿").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    (found,) = await page.get_by_label("添加直播课").locator("option", has_text=LESSON).all_inner_texts()
    await page.get_by_label("添加直播课").select_option(found)
    await page.get_by_role("button", name="添加", exact=True).click()
    await expect(page.get_by_role("cell", name=LESSON).first).to_be_visible()
    for name in ("把讨论列为模块", "讨论必须完成"):
        await page.get_by_role("checkbox", name=name).click()
        await expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    await page.get_by_role("button", name="发布", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    await expect(page.get_by_text("进行中", exact=True)).to_be_visible()
    await teacher.look("plan")


async def _is_opened_for_one(teacher: Visitor) -> None:
    page = teacher.page
    await page.get_by_role("link", name="名册", exact=True).click()
    await page.get_by_role("checkbox", name="开放自主报名").check()
    await _offers(teacher, 1)
    await teacher.look("roster")


async def _offers(teacher: Visitor, places: int) -> None:
    form = teacher.page.get_by_role("form", name="报名与名额")
    await form.get_by_label("名额").last.fill(str(places))
    async with teacher.page.expect_response(lambda answer: answer.url.endswith("/plan")) as saved:
        await form.get_by_role("button", name="保存").click()
    assert (await saved.value).ok


async def _learners_enrol(wang: Visitor, li: Visitor) -> None:
    await wang.page.get_by_role("link", name="专题班").first.click()
    await wang.page.get_by_role("link", name=TITLE).click()
    await wang.page.get_by_role("button", name="报名", exact=True).click()
    await expect(wang.page.get_by_text("已入班", exact=True)).to_be_visible()
    await wang.look("enrolled")
    await li.goto("/topic-classes")
    await li.look("classes")
    await li.page.get_by_role("link", name=TITLE).click()
    await li.page.get_by_role("button", name="排队候补").click()
    await expect(li.page.get_by_text("候补中", exact=True)).to_be_visible()
    await li.look("waiting")


async def _a_further_place_goes_to_who_waits(teacher: Visitor, li: Visitor) -> None:
    await _offers(teacher, 2)
    await expect(li.page.get_by_text("已入班", exact=True)).to_be_visible()
    await li.page.get_by_role("link", name="同学").click()
    await expect(li.page.get_by_role("cell", name="王芳")).to_be_visible()


async def _an_announcement_arrives(teacher: Visitor, wang: Visitor) -> None:
    await teacher.page.get_by_role("link", name="公告与讨论").click()
    await teacher.page.get_by_role("textbox", name="公告内容").fill(TOLD)
    await teacher.page.get_by_role("button", name="发布公告").click()
    await expect(wang.page.get_by_text(TOLD)).to_be_visible()


async def _is_discussed(teacher: Visitor, wang: Visitor, li: Visitor) -> None:
    """In a group of their own: a first post waits for the class teacher, and is a condition once it is published."""
    await wang.page.get_by_role("link", name="去讨论").click()
    await wang.page.get_by_role("link", name="进入讨论组").click()
    await wang.page.get_by_role("button", name="发表新主题").click()
    dialog = wang.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="标题").fill(THREAD)
    await dialog.get_by_role("textbox", name="正文").fill(POST)
    await dialog.get_by_role("button", name="发表", exact=True).click()
    await expect(wang.page.get_by_role("heading", level=1)).to_have_text(THREAD)
    await teacher.goto("/desk")
    await teacher.page.get_by_role("link", name=POST).click()
    await expect(teacher.page.get_by_text("领取中")).to_be_visible()
    await teacher.page.keyboard.press("a")
    await expect(teacher.page.get_by_role("link", name=POST)).to_have_count(0)
    await li.page.get_by_role("link", name="讨论", exact=True).click()
    await expect(li.page.get_by_role("link", name=THREAD)).to_be_visible()
    await li.look("discussion")
    await wang.page.go_back()
    await wang.page.get_by_role("navigation", name="当前位置").get_by_role("link", name="专题班").click()
    await wang.page.get_by_role("link", name="模块", exact=True).click()


async def _is_attended(teacher: Visitor, wang: Visitor, lesson: UUID) -> None:
    """From the page of the topic class, where the class on air is the one thing to do."""
    await enter_studio(teacher, lesson)
    await go_on_air(teacher)
    await expect(wang.page.get_by_text("直播中")).to_be_visible()
    await wang.shot("on-air")
    await wang.page.get_by_role("link", name="进入课堂").click()
    await sees_picture(wang)
    await counts(wang, ON_AIR_S)
    await end_class(teacher)
    await expect(wang.page.get_by_text("课堂已结束", exact=False).first).to_be_visible()


async def _is_completed(wang: Visitor) -> None:
    id = (await wang.read("/topic-classes"))["items"][0]["id"]
    await wang.goto(f"/topic-classes/{id}/completion")
    await expect(wang.page.get_by_text("您已达到全部结业条件。")).to_be_visible(timeout=60_000)
    await expect(wang.page.get_by_text("已结业", exact=True)).to_be_visible()
    await wang.look("completed")


async def _its_hours_say_why(wang: Visitor) -> None:
    async def credited() -> bool:
        why = await wang.read(f"/topic-classes/{id}/why")
        return [each["hours"] for each in why["entries"]] == ["6.0"]

    id = (await wang.read("/topic-classes"))["items"][0]["id"]
    await until(credited, 30, "the hours of the topic class, once")
    await go_to_hours(wang)
    row = wang.page.get_by_role("row").filter(has_text=TITLE)
    await expect(row).to_contain_text("+6.0")
    await row.get_by_role("link", name="为什么").click()
    await expect(wang.page.get_by_role("heading", level=1)).to_have_text("为什么是 6.0 学时")
    await expect(wang.page.get_by_text("所定 6.0 学时 − 各模块已计 0.0 学时 = 6.0 学时")).to_be_visible()
    await expect(wang.page.get_by_role("cell", name=LESSON)).to_be_visible()
    await wang.look("why")


async def _the_teacher_sees_how_far_they_are(teacher: Visitor) -> None:
    id = (await teacher.read("/topic-classes"))["items"][0]["id"]
    await teacher.goto(f"/classes/{id}/progress")
    await expect(teacher.page.get_by_role("row").filter(has_text="王芳")).to_contain_text("已结业")
    await expect(teacher.page.get_by_role("row").filter(has_text="李娜")).to_contain_text("学习中")
    await teacher.look("progress")
