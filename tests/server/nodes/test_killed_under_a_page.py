"""A page whose process is killed goes on at the other one: it hears the class, its beats count, hours come once."""

import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.base.office import Office
from server.hours.store.ledger import ledger
from tests.conftest import need
from tests.faults.front import a_front
from tests.faults.page import Page, beating, finish
from tests.faults.settled import settled
from tests.journeys.academy import until
from tests.redis_server import RedisServer
from tests.server.nodes.two import Page as Desk
from tests.server.nodes.two import two_processes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

BEHIND_MS = 100_000
"""The page plays what was broadcast before it came."""
BEAT_S = 0.5


async def test_a_learner_goes_on_at_the_other_process_when_theirs_is_killed(
    tmp_path: Path, node_url: str, redis_server: RedisServer
) -> None:
    need("nginx")
    async with (
        two_processes(tmp_path, node_url, redis_server.url) as (one, other),
        a_front(tmp_path / "front", [one.port, other.port]) as front,
    ):
        learner, neighbour = one.learners[:2]
        page = Page(front.port, learner.cookie.removeprefix("session="), str(one.class_id), random.Random(1))
        page.behind_ms = BEHIND_MS
        await page.come()  # the first connection goes to the first process
        there = await (await Desk(other).connect(neighbour)).enter("办公电脑")
        async with beating([page], BEAT_S):
            await until(lambda: _acked(page, 4), 30, "beats are acknowledged")
            await there.say("甲处听得到")
            await until(lambda: _heard(page, "甲处听得到"), 30, "what is said at the other process is heard")
            await one.kill()
            await other.end_lease()
            await until(lambda: _moved(page), 30, "the page has come back")
            before = page.acked
            await there.say("乙处也听得到")
            await until(lambda: _heard(page, "乙处也听得到"), 30, "it is heard at the other process, too")
            await until(lambda: _acked(page, before + 4), 30, "beats are acknowledged by the other process")
        await finish([page])
        page.go()
        there.close()
        await other.end_class()
        await settled(other)
        assert await other.differences() == []
        assert await other.within(_credits) == 1


async def _acked(page: Page, seq: int) -> bool:
    return page.acked >= seq


async def _moved(page: Page) -> bool:
    return bool(page.moves) and page.here


async def _heard(page: Page, text: str) -> bool:
    return any(each["type"] == "post.published" and each["data"]["text"] == text for each in page.news)


async def _credits(office: Office) -> int:
    async with office.read() as tx:
        return int(await tx.scalar(sa.select(sa.func.count()).select_from(ledger).where(ledger.c.hours > 0)) or 0)
