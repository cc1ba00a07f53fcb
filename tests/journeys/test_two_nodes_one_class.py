"""Two server processes behind the shipped edge are one class: one is killed under a page, and nothing is lost."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.async_api import expect

from tests.conftest import need
from tests.deploy.stack import NEEDED, SERVERS, Stack, stack
from tests.deploy.walk import filled
from tests.journeys.academy import policy_with, until
from tests.journeys.browser import Visitor, Windows
from tests.journeys.conftest import built_pages
from tests.journeys.steps import (
    LOST,
    PLAYS_MS,
    chip,
    counts,
    end_class,
    enter_studio,
    go_on_air,
    heard,
    say,
    sees_picture,
    sign_in,
)
from tests.postgres import Postgres
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

POLICY = policy_with(live_min_ratio="0.2", live_full_ratio="0.5", late_beat_s=6)
HELLO, AGAIN = "两处是一个课堂。", "一处停了，课还在上。"


@pytest.fixture
def running(tmp_path: Path, postgres: Postgres | None, redis_server: RedisServer) -> Iterator[Stack]:
    """The deployment as it is shipped, with the pages as they are built."""
    need("chromium", *NEEDED)
    assert postgres is not None
    with stack(tmp_path, postgres.url(f"j{uuid4().hex}"), redis_server.url, pages=built_pages(), policy=POLICY) as made:
        yield made


@pytest.fixture
def url(running: Stack) -> str:
    return running.url


async def test_two_nodes_one_class(running: Stack, opened: Windows) -> None:
    school = await filled(running, print)
    lecturer, wang, li = [await opened.open(who) for who in ("lecturer", "wang", "li")]
    await sign_in(lecturer, school.lecturer)
    await sign_in(wang, school.wang)
    killed = await _node(running, wang)
    await sign_in(li, school.li)
    while (survivor := await _node(running, li)) == killed:
        await sign_in(li, school.li)
    await enter_studio(lecturer, school.first)
    await go_on_air(lecturer)
    await asyncio.gather(*(_watches(each, school.first) for each in (wang, li)))
    await _is_heard(wang, li, HELLO)

    running.running[killed].kill()
    await _is_heard(li, wang, AGAIN)
    assert await _node(running, wang) == survivor
    before = await _counted_ms(wang, school.first)
    await until(partial(_has_more, wang, school.first, before), 30, "minutes go on counting")
    await expect(chip(wang)).to_contain_text("计时中")
    await wang.look("at-the-other-node")

    await end_class(lecturer)
    for learner in (wang, li):
        await expect(learner.page.get_by_text("已计入", exact=False).first).to_be_visible(timeout=PLAYS_MS)
        why = await until(partial(_credited, learner, school.first), 30, "hours are written")
        assert [each["hours"] for each in why["entries"]] == [why["hours"]]
        assert Decimal(why["hours"]) > 0
        assert [each for each in why["stretches"] if each["reason"] in LOST] == []
    await wang.look("hours")


async def _node(running: Stack, visitor: Visitor) -> str:
    """The service that nginx leads this sign-in to, by an address that nobody else asks for."""
    address = f"/api/v1/{uuid4()}"
    await visitor.page.request.get(visitor.url + address)

    async def written() -> str | None:
        lines = [line for line in running.access_log.read_text().splitlines() if address in line]
        return lines[0].split()[-2].rpartition(":")[2] if lines else None

    port = await until(written, 5, "nginx writes where it asked")
    return next(f"jiangtang-server@{each}" for each in SERVERS if str(running.shipped.ports[each]) == port)


async def _watches(learner: Visitor, lesson: UUID) -> None:
    await learner.goto(f"/live/{lesson}/room")
    await sees_picture(learner)
    await counts(learner, seconds=3)


async def _is_heard(speaker: Visitor, listener: Visitor, text: str) -> None:
    await say(speaker, text)
    await expect(heard(listener, text)).to_be_visible()


async def _counted_ms(learner: Visitor, lesson: UUID) -> int:
    stretches = (await learner.read(f"/classes/{lesson}/attendance"))["stretches"]
    return sum(each["until_ms"] - each["from_ms"] for each in stretches if each["kind"] == "counted")


async def _credited(learner: Visitor, lesson: UUID) -> Any:
    why = await learner.read(f"/classes/{lesson}/why")
    return why if why["entries"] else None


async def _has_more(learner: Visitor, lesson: UUID, before_ms: int) -> bool:
    return await _counted_ms(learner, lesson) > before_ms + 3000
