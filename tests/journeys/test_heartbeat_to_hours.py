"""The main journey: from the lecturer's camera to the learner's hours, and why they are what they are."""

import asyncio
import json
import sys
import time
from decimal import ROUND_FLOOR, Decimal
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import expect

from tests.journeys.academy import Academy, policy_with, until
from tests.journeys.browser import Visitor, Windows
from tests.journeys.school import School
from tests.journeys.steps import (
    chip,
    counts,
    end_class,
    enter_room,
    enter_studio,
    go_on_air,
    go_to_hours,
    heard,
    say,
    sees_picture,
    sign_in,
)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

HIDDEN_S = 13
LESSON_S = 36
NO_SCROLLING = "document.scrollingElement.scrollHeight <= innerHeight"
MINUTE_MS = 60_000
TWO_ASSESSMENTS_AND_THREE_ROWS = 5
MIN_SHARE, FULL_SHARE, SHORTENED = Decimal("0.2"), Decimal("0.65"), Decimal("0.6")
TEXT = "请问村规民约怎样写得管用？"


@pytest.fixture
def policy() -> str:
    """The lesson is shorter than a minute by far, and counts as the minute that was planned."""
    return policy_with(live_min_ratio=MIN_SHARE, live_full_ratio=FULL_SHARE, live_shortened=SHORTENED)


async def test_heartbeat_to_hours(school: School, opened: Windows) -> None:
    lecturer, wang, desk = [await opened.open(who) for who in ("lecturer", "wang", "moderator")]
    async with opened.with_tabs("li") as li:
        for visitor, person in ((lecturer, school.lecturer), (wang, school.wang), (li, school.li)):
            await sign_in(visitor, person)
        await sign_in(desk, school.moderator)
        await _all_enter(school, lecturer, wang, li)

        begun = time.monotonic()
        await go_on_air(lecturer)
        for learner in (wang, li):
            await sees_picture(learner)
            await counts(learner)
        hiding = asyncio.create_task(_hides(li))
        await _held_message_is_approved(wang, lecturer, desk)
        await hiding
        await expect(heard(li, TEXT)).to_be_visible()
        await wang.look("room")
        assert await wang.page.evaluate(NO_SCROLLING)
        await asyncio.sleep(max(0.0, begun + LESSON_S - time.monotonic()))
        await end_class(lecturer)

        await _honest_learner_has_all(wang, school.lesson)
        await _hidden_time_is_missing(li, school.lesson)
        await _missing_time_is_repaired(li, school.lesson)
    report = await _audit(school.academy)
    assert (report["differences"], report["found"]) == (0, [])
    assert report["checked"] >= TWO_ASSESSMENTS_AND_THREE_ROWS


async def _all_enter(school: School, lecturer: Visitor, wang: Visitor, li: Visitor) -> None:
    await wang.look("home")
    for learner in (wang, li):
        await enter_room(learner)
    await expect(wang.page.get_by_text("即将开播").first).to_be_visible()
    await wang.look("waiting")
    await enter_studio(lecturer, school.lesson)
    await lecturer.look("studio")


async def _hides(learner: Visitor) -> None:
    """Another tab comes to the front: the page of the class is hidden, and says so afterwards."""
    other = await learner.context.new_page()
    await until(lambda: _is(learner, "hidden"), 10, "the page is hidden")
    await expect(chip(learner)).to_contain_text("未计时：页面在后台")
    await asyncio.sleep(HIDDEN_S)
    await other.close()
    await until(lambda: _is(learner, "visible"), 10, "the page is looked at again")
    await counts(learner)


async def _is(visitor: Visitor, visibility: str) -> bool:
    return bool(await visitor.page.evaluate("document.visibilityState") == visibility)


async def _held_message_is_approved(wang: Visitor, lecturer: Visitor, desk: Visitor) -> None:
    await desk.goto("/desk")
    entry = await say(wang, TEXT)
    await expect(entry).to_contain_text("待审核（仅自己可见）")
    await expect(heard(lecturer, TEXT)).to_have_count(0)
    await wang.look("held")
    await desk.page.get_by_role("link", name=TEXT).click()
    await expect(desk.page.get_by_text("领取中")).to_be_visible()
    await desk.look("claimed")
    await desk.page.get_by_role("button", name="通过 A").click()
    await expect(heard(lecturer, TEXT)).to_be_visible()
    await expect(entry).not_to_contain_text("待审核")
    await lecturer.look("on-air")


async def _honest_learner_has_all(wang: Visitor, lesson: UUID) -> None:
    await expect(wang.page.get_by_text("已计入", exact=False).first).to_be_visible(timeout=60_000)
    await wang.look("end")
    why = await wang.read(f"/classes/{lesson}/why")
    assert [each["hours"] for each in why["entries"]] == [why["hours"]]
    assert why["hours"] == _hours(why)
    assert Decimal(why["share"]) >= FULL_SHARE
    await go_to_hours(wang)
    await expect(wang.page.get_by_role("cell", name=f"+{why['hours']}", exact=True).first).to_be_visible()
    await wang.look("hours")


async def _hidden_time_is_missing(li: Visitor, lesson: UUID) -> None:
    await expect(li.page.get_by_text("补看", exact=False).first).to_be_visible(timeout=60_000)
    await li.look("end")
    await li.page.get_by_role("link", name="为什么").click()
    why = await li.read(f"/classes/{lesson}/why")
    hidden = sum(each["until_ms"] - each["from_ms"] for each in why["stretches"] if each["reason"] == "beat.hidden")
    assert HIDDEN_S * 1000 <= hidden <= HIDDEN_S * 1500
    assert MIN_SHARE <= Decimal(why["share"]) < FULL_SHARE
    assert why["hours"] == _hours(why)
    await expect(li.page.get_by_role("heading", name=f"为什么是 {why['hours']} 学时")).to_be_visible()
    await expect(li.page.get_by_text("页面在后台").first).to_be_visible()
    await li.look("why")


async def _missing_time_is_repaired(li: Visitor, lesson: UUID) -> None:
    before = await li.read(f"/classes/{lesson}/why")
    await li.page.get_by_role("link", name="补看缺段").click()
    await sees_picture(li)
    await li.look("replay")
    await expect(li.page.get_by_text("没有缺段")).to_be_visible(timeout=120_000)
    await li.look("replay-done")
    await li.page.get_by_role("link", name="离开").click()

    async def further_row() -> Any:
        why = await li.read(f"/classes/{lesson}/why")
        return why if len(why["entries"]) > len(before["entries"]) else None

    why = await until(further_row, 60, "a further row in the ledger")
    assert why["hours"] == _hours(why)
    assert Decimal(why["entries"][-1]["hours"]) == Decimal(why["hours"]) - Decimal(before["hours"])
    assert Decimal(why["share"]) >= FULL_SHARE
    await go_to_hours(li)
    await expect(li.page.get_by_role("cell", name=f"+{why['entries'][-1]['hours']}", exact=True).first).to_be_visible()
    await li.look("hours")


def _hours(why: dict[str, Any]) -> str:
    """The hours by hand (rules §3.6): a minute planned, half a minute an hour, tenths floored."""
    air = sum(each["until_ms"] - each["from_ms"] for each in why["air"])
    kinds = {"counted", "repaired"}
    counted = sum(each["until_ms"] - each["from_ms"] for each in why["stretches"] if each["kind"] in kinds)
    nominal = MINUTE_MS if abs(air - MINUTE_MS) <= MINUTE_MS * SHORTENED else air
    credited = 0 if counted < air * MIN_SHARE else nominal if counted >= air * FULL_SHARE else min(counted, nominal)
    return str((Decimal(credited) / (MINUTE_MS // 2)).quantize(Decimal("0.1"), ROUND_FLOOR))


async def _audit(academy: Academy) -> dict[str, Any]:
    """What `audit` says of the data folder, everything computed again from raw beats."""
    command = [sys.executable, "-m", "server", "audit", "--json", "--data", str(academy.data)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    found: dict[str, Any] = json.loads(out)
    return found
