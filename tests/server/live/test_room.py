"""The room by endpoints and socket: its snapshot, speaking, the pause for all with its cover, who may listen."""

from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientWebSocketResponse

from server.live.store import LiveClass
from server.rules.conduct import Mode
from server.rules.live import State
from tests.clock import TestClock
from tests.server.live.school import School
from tests.visits import Browser


class Line:
    """A socket of a browser; what it is told while it waits for an answer is kept in `told`."""

    def __init__(self, ws: ClientWebSocketResponse) -> None:
        self._ws, self._number = ws, 0
        self.told: list[dict[str, Any]] = []

    async def send(self, type: str, **data: Any) -> dict[str, Any]:
        """The answer's data; of a refusal the code stands in it."""
        self._number += 1
        await self._ws.send_json({"v": 1, "type": type, "id": str(self._number), "data": data})
        while True:
            frame = await self._ws.receive_json(timeout=10)
            if frame.get("id") == str(self._number):
                answer: dict[str, Any] = frame["data"]
                return answer
            self.told += frame["data"] if frame["type"] == "batch" else [frame]

    async def hears(self, type: str) -> dict[str, Any]:
        """The data of the next event of that type."""
        while True:
            for index, event in enumerate(self.told):
                if event["type"] == type:
                    found: dict[str, Any] = self.told.pop(index)["data"]
                    return found
            frame = await self._ws.receive_json(timeout=10)
            self.told += frame["data"] if frame["type"] == "batch" else [frame]


async def line(browser: Browser) -> Line:
    ws = await browser.socket()
    await ws.receive_json(timeout=10)
    return Line(ws)


async def say(at: Line, lesson: LiveClass, text: str = "谢谢老师", draft: str = "") -> dict[str, Any]:
    return await at.send(
        "post.write", place={"kind": "class", "id": str(lesson.id)}, text=text, draft=draft or str(uuid4())
    )


def speaking(browser: Browser, lesson: LiveClass, **body: Any) -> Any:
    return browser.patch(f"/classes/{lesson.id}/speaking", body)


async def test_what_is_said_reaches_everybody_in_the_room(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR, mode=Mode.AFTER)
    learner, teacher = await line(school.studies), await line(school.teaches)
    await teacher.send("topic.join", topic=f"class:{lesson.id}")
    written = await say(learner, lesson)
    assert (written["state"], written["marks"]) == ("published", [])
    heard = await teacher.hears("post.published")
    assert (heard["id"], heard["text"], heard["author"]["name"]) == (written["post"], "谢谢老师", "王芳")
    assert heard["author"]["role"] == "learner"
    room = (await school.assists.get(f"/classes/{lesson.id}/room")).body
    assert [post["text"] for post in room["posts"]] == ["谢谢老师"]
    assert room["posts"][0]["at_ms"] == 1_789_434_000_000
    assert (room["class"]["id"], room["me"], room["source"]) == (str(lesson.id), {"muted_until": None}, None)
    assert room["audience"] == {"here": 0, "earning": 0, "waiting_check": 0}


async def test_a_message_sent_again_after_a_break_is_the_same_message(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR, mode=Mode.AFTER, slow_s=30)
    learner, draft = await line(school.studies), str(uuid4())
    first, again = await say(learner, lesson, draft=draft), await say(learner, lesson, draft=draft)
    assert first == again
    assert (await say(learner, lesson))["code"] == "speaking.slow"


async def test_slow_mode_counts_from_the_last_message(school: School, clock: TestClock) -> None:
    lesson = await school.a_class(State.ON_AIR, mode=Mode.AFTER)
    assert (await speaking(school.assists, lesson, slow_s=10)).body["slow_s"] == 10
    learner = await line(school.studies)
    await say(learner, lesson)
    clock.pass_(7)
    refused = await say(learner, lesson)
    assert (refused["code"], refused["data"]["retry_after_s"]) == ("speaking.slow", 3)
    clock.pass_(3)
    assert (await say(learner, lesson))["state"] == "published"


async def test_a_pause_for_all_covers_what_learners_just_said_until_it_is_over(
    school: School, clock: TestClock
) -> None:
    lesson = await school.a_class(State.ON_AIR, mode=Mode.AFTER)
    learner, teacher = await line(school.studies), await line(school.teaches)
    await say(learner, lesson, "早先的话")
    clock.pass_(180)
    await say(learner, lesson, "刚才的话")
    clock.pass_(1)
    await say(teacher, lesson, "请大家安静")
    clock.pass_(1)
    await teacher.send("topic.join", topic=f"class:{lesson.id}")
    frozen = await speaking(school.teaches, lesson, frozen=True, cover_minutes=2)
    assert frozen.body["frozen"] is True
    assert (await teacher.hears("post.covered"))["since"] == "2026-09-15T01:01:02Z"
    assert (await say(learner, lesson))["code"] == "speaking.frozen"
    assert (await say(teacher, lesson, "稍后继续"))["state"] == "published"
    seen = (await school.assists.get(f"/classes/{lesson.id}/posts")).body["items"]
    assert [post["text"] for post in seen] == ["早先的话", "请大家安静", "稍后继续"]
    await speaking(school.teaches, lesson, frozen=False)
    assert (await teacher.hears("speaking.changed"))["frozen"] is True
    assert (await teacher.hears("speaking.changed"))["frozen"] is False
    back = {(await teacher.hears("post.published"))["text"] for _ in range(2)}
    assert back == {"稍后继续", "刚才的话"}
    assert len((await school.assists.get(f"/classes/{lesson.id}/posts")).body["items"]) == 4


@pytest.mark.parametrize(
    ("state", "speaks", "code"),
    [(State.SCHEDULED, True, "closed"), (State.ENDED, True, "closed"), (State.ON_AIR, False, "off")],
)
async def test_where_nobody_speaks_a_message_is_refused(school: School, state: State, speaks: bool, code: str) -> None:
    lesson = await school.a_class(state, speaking=speaks)
    assert (await say(await line(school.studies), lesson))["code"] == f"speaking.{code}"
    assert "speak" not in (await school.studies.get(f"/classes/{lesson.id}")).body["may"]


async def test_a_bad_message_is_refused_and_the_socket_stays(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    learner = await line(school.studies)
    place = {"kind": "class", "id": str(lesson.id)}
    for wrong, field in (
        ({"place": place, "text": "话" * 301, "draft": str(uuid4())}, "text"),
        ({"place": place, "text": "", "draft": str(uuid4())}, "text"),
        ({"place": place, "text": "话"}, "draft"),
        ({"place": {"kind": "forum", "id": str(lesson.id)}, "text": "话", "draft": str(uuid4())}, "place.kind"),
        ({"place": place, "text": "话", "draft": str(uuid4()), "state": "published"}, "state"),
    ):
        answer = await learner.send("post.write", **wrong)
        assert (answer["status"], answer["field"]) == (422, field)
    assert (await learner.send("post.withdraw", post=str(uuid4())))["code"] == "post.unknown"
    assert "state" in await say(learner, lesson)


async def test_nobody_speaks_or_listens_in_a_class_for_others(school: School) -> None:
    path = school.town.sibling.path
    lesson = await school.a_class(State.ON_AIR, unit_path=path, audience_path=path)
    learner = await line(school.studies)
    assert (await say(learner, lesson))["code"] == "class.unknown"
    assert (await learner.send("topic.join", topic=f"class:{lesson.id}"))["code"] == "class.unknown"


async def test_the_topic_of_the_staff_is_for_the_staff(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    topic = f"class:{lesson.id}:staff"
    assert (await (await line(school.studies)).send("topic.join", topic=topic))["code"] == "power.missing"
    for browser in (school.teaches, school.assists, school.admin):
        assert "event" in await (await line(browser)).send("topic.join", topic=topic)


async def test_the_replay_reads_what_was_said_in_a_stretch_of_the_media_clock(school: School, clock: TestClock) -> None:
    lesson = await school.a_class(State.ON_AIR, mode=Mode.AFTER)
    learner, zero = await line(school.studies), 1_789_434_000_000
    for text in ("一", "二", "三"):
        await say(learner, lesson, text)
        clock.pass_(60)

    async def between(begin_s: int, end_s: int) -> list[str]:
        params = {"from_ms": str(zero + begin_s * 1000), "until_ms": str(zero + end_s * 1000)}
        answer = await school.assists.get(f"/classes/{lesson.id}/posts", params=params)
        return [post["text"] for post in answer.body["items"]]

    assert await between(0, 60) == ["一"]
    assert await between(60, 180) == ["二", "三"]
    half = await school.assists.get(f"/classes/{lesson.id}/posts", params={"from_ms": "1"})
    assert (half.status, half.body["field"]) == (422, "until_ms")


async def test_only_who_regulates_speaking_may_change_it(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    assert (await speaking(school.studies, lesson, frozen=True)).code == "power.missing"
    assert (await speaking(school.on_duty, lesson, mode="before")).body["mode"] == "before"
    assert (await speaking(school.teaches, lesson, slow_s=301)).body["field"] == "slow_s"
    over = await school.a_class(State.ENDED)
    assert (await speaking(school.teaches, over, frozen=True)).code == "class.wrong_state"
