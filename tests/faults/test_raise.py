"""A step that fails in the middle leaves nothing, and is done whole the next time: forum, desk, attendance."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from server.attendance import check, take
from server.attendance import store as attendance
from server.attendance.store import Stay
from server.base.db import metadata
from server.base.faults import FailpointError, Failpoints
from server.base.office import Office
from server.base.pictures import Picture
from server.base.work import SYSTEM, Work
from server.forum import boards
from server.forum import write as forum
from server.hours import exempt
from server.moderation import decide, pause, pictures, review, sanction
from server.moderation.store import Post
from server.notices import tell
from server.notices.tell import About
from server.rules.conduct import Mode, PostAction, SanctionKind
from server.rules.powers import Role
from server.rules.year import Ground
from tests.people import a_province
from tests.server.live.classes import ms, on_air

GROUNDS = ("abuse", "art-12", "请就事论事")

Act = Callable[[], Awaitable[object]]


async def everything(office: Office) -> dict[str, list[Any]]:
    """All rows of all tables."""
    async with office.read() as tx:
        return {
            table.name: sorted(map(tuple, await tx.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }


async def whole_or_not_at_all(office: Office, failpoints: Failpoints, point: str, act: Act) -> None:
    before = await everything(office)
    failpoints.plan(f"{point}=raise@1")
    with pytest.raises(FailpointError, match=point):
        await act()
    failpoints.plan("")
    assert await everything(office) == before, point
    await act()
    assert await everything(office) != before, point


async def test_a_step_of_the_forum_or_the_desk_is_whole_or_not_at_all(office: Office, failpoints: Failpoints) -> None:
    town = await a_province(office)
    person = await town.a_learner()
    author = await town.acting(person)
    desk = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    second = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    board = await office.do(SYSTEM, boards.open_board, "学习体会", "", Mode.AFTER, 0)
    kept = await office.do(author, pictures.announce, Picture(b"", 9, 9), "公示栏")
    await office.do(author, pictures.whole, kept.id, 1)
    until, draft, said = office.clock.now() + timedelta(days=1), uuid4(), uuid4()
    found: dict[str, Any] = {}

    async def start() -> None:
        found["thread"], found["post"] = await office.do(author, forum.start, board.id, "题目", "内容", draft)

    async def reply() -> None:
        await office.do(author, forum.reply, found["thread"].id, "附图", said, None, (kept.id,))

    async def remove() -> None:
        post: Post = found["post"]
        found["decision"] = await office.do(desk, decide.decide, post.id, 1, PostAction.REMOVE, *GROUNDS)

    async def ask_review() -> UUID:
        return (await office.do(author, review.ask, found["post"].id, "请再看")).id

    def settle() -> Awaitable[object]:
        return office.do(second, review.settle, found["review"], overturn=True, reason="并无不妥")

    def silence() -> Awaitable[object]:
        return office.do(
            desk, sanction.impose, person.id, SanctionKind.PAUSE, None, until, "art-12", "多次跑题", uuid4()
        )

    await whole_or_not_at_all(office, failpoints, "thread.after_post", start)
    await whole_or_not_at_all(office, failpoints, "picture.after_attach", reply)
    await whole_or_not_at_all(office, failpoints, "decision.after_row", remove)
    found["review"] = await ask_review()
    await whole_or_not_at_all(office, failpoints, "review.after_row", settle)
    await whole_or_not_at_all(office, failpoints, "sanction.after_row", silence)
    await whole_or_not_at_all(
        office,
        failpoints,
        "pause.after_row",
        lambda: office.do(desk, pause.begin, "board", board.id, None, *GROUNDS[1:]),
    )
    about = About("post.removed", "post", found["post"].id)
    await whole_or_not_at_all(
        office, failpoints, "notice.after_rows", lambda: office.do(SYSTEM, tell.tell, [person.id], about)
    )


async def test_a_step_of_attendance_or_exemption_is_whole_or_not_at_all(office: Office, failpoints: Failpoints) -> None:
    town = await a_province(office)
    person = await town.a_learner()
    learner = await town.acting(person)
    admin = await town.acting(await town.a(Role.ACADEMY_ADMIN, at=town.root))
    lesson = await office.do(SYSTEM, on_air, "run-1")
    at_ms = ms(office.clock.now())
    policy = office.services.policies.in_force(office.clock.now())
    stay = Stay(uuid4(), person.id, "class", lesson.id, "办公电脑", "s", at_ms, None, False)
    asked: list[UUID] = []

    async def add_stay(work: Work) -> None:
        await attendance.add_stay(work.tx, stay)

    async def ask() -> None:
        made = await office.do(SYSTEM, check.ask, stay, policy, at_ms)
        assert made is not None
        asked.append(made.id)

    await office.do(SYSTEM, add_stay)
    await office.do(learner, take.take, stay.id, at_ms)
    await whole_or_not_at_all(office, failpoints, "check.after_insert", ask)
    await office.do(learner, check.shown, asked[0], at_ms)
    await whole_or_not_at_all(
        office, failpoints, "check.before_commit", lambda: office.do(learner, check.answered, asked[0], at_ms + 1000)
    )
    await whole_or_not_at_all(
        office, failpoints, "rest.before_commit", lambda: office.do(learner, take.rest, stay.id, True, at_ms + 2000)
    )
    year = office.clock.now().year
    await whole_or_not_at_all(
        office, failpoints, "exemption.after_row",
        lambda: office.do(admin, exempt.give, person.id, year, Ground.ILLNESS, "合组〔2026〕1号"),
    )  # fmt: skip
