"""A forum with a board in which everything that passes screening is published at once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from server.base.office import Office
from server.forum.pause_routes import routes as pauses
from server.forum.picture_routes import routes as pictures
from server.forum.routes import routes
from server.moderation.routes import NOUNS as MODERATION
from server.notices.routes import routes as notices
from server.people.routes import NOUNS as PEOPLE
from server.reactions import REACTIONS
from server.rules.powers import Role
from tests.clock import TestClock
from tests.people import Province, a_province
from tests.visits import Answer, Browser, House, a_house

REMOVE = {"decision": "remove", "kind": "abuse", "basis": "art-12", "reason": "不文明"}


@dataclass(slots=True)
class Forum:
    """The running forum, its province, and the board `after`."""

    house: House
    town: Province
    office: Office
    clock: TestClock
    plan: Browser
    board: str

    async def learner(self) -> Browser:
        return await self.house.browser_of(await self.town.a_learner())

    async def moderator(self) -> Browser:
        return await self.house.browser_of(await self.town.a(Role.MODERATOR, over=self.town.root))

    async def decide(self, desk: Browser, post: str, version: int, decision: str) -> Answer:
        """Decide a second later, and let happen what follows from it."""
        self.clock.pass_(1)
        grounds = REMOVE if decision in {"remove", "reject", "return"} else {}
        answer = await desk.post(f"/desk/items/{post}/decision", grounds | {"version": version, "decision": decision})
        await self.office.outbox.drain()
        return answer

    async def new_board(self, mode: str = "after", **more: str) -> str:
        answer = await self.plan.post("/forum/boards", {"title": "学习体会", "mode": mode} | more)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])


async def start(browser: Browser, board: str, title: str = "读书心得", text: str = "读后有感。", **more: Any) -> Answer:
    return await browser.post(
        f"/forum/boards/{board}/threads", {"title": title, "text": text, "draft": str(uuid4())} | more
    )


async def reply(browser: Browser, thread: str, text: str = "同感。", **more: Any) -> Answer:
    return await browser.post(f"/forum/threads/{thread}/posts", {"text": text, "draft": str(uuid4())} | more)


async def texts(browser: Browser, thread: str) -> list[str]:
    """The texts of a thread's first page as somebody reads them."""
    return [each["text"] for each in (await browser.get(f"/forum/threads/{thread}/posts")).body["items"]]


@pytest.fixture
def office(office: Office, clock: TestClock) -> Office:
    """The office with all reactions."""
    return Office(
        office.db, office.services, clock=clock, chance=office.chance, failpoints=office.failpoints, reactions=REACTIONS
    )


@pytest.fixture
async def forum(office: Office, clock: TestClock) -> AsyncIterator[Forum]:
    town = await a_province(office)
    async with a_house(office, (*PEOPLE, *MODERATION, routes, pauses, pictures, notices)) as house:
        plan = await house.browser_of(await town.a(Role.ACADEMY_ADMIN, at=town.root))
        made = Forum(house, town, office, clock, plan, "")
        made.board = await made.new_board()
        yield made
