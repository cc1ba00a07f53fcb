"""The discussion group of a topic class: for its members, and for everybody else like nothing at all."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

from aiohttp import ClientWebSocketResponse

from server.base.bus import Message
from server.base.outbox import Event
from server.base.work import SYSTEM, Work
from server.forum import store as forum
from server.forum.store import Board
from server.live.schedule import cancel
from server.notices import told
from server.rules.conduct import Mode
from server.rules.powers import Role
from server.topic_classes import completion, enrol, modules
from server.topic_classes.modules import WantedDiscussion, WantedModule
from server.topic_classes.store import TopicClass
from tests.server.forum.drawn import photo
from tests.server.forum.test_pictures import see, upload
from tests.server.topic_classes.school import School
from tests.visits import Browser, House

WORDS = "三项制度怎样落实"


async def group(school: School, topic: TopicClass) -> Board:
    """Its board, where nobody is held by the mode."""
    await school.office.do(SYSTEM, _after, topic)
    async with school.office.read() as tx:
        found = await forum.group_of(tx, topic.id)
    assert found is not None
    return found


async def _after(work: Work, topic: TopicClass) -> None:
    found = await forum.group_of(work.tx, topic.id)
    assert found is not None
    await forum.change_board(work.tx, found.id, mode=Mode.AFTER.value)


async def begun(mine: Browser, board: Board) -> dict[str, Any]:
    body = {"title": "第一讲讨论", "text": WORDS, "draft": str(uuid4())}
    answer = await mine.post(f"/forum/boards/{board.id}/threads", body)
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.body
    return found


async def test_members_and_teacher_talk_and_outsiders_find_nothing(house: House, school: School) -> None:
    topic, _ = await school.opened()
    who, stranger = await school.town.a_learner("王芳"), await school.town.a_learner("路人")
    await school.asks(who, topic)
    board = await group(school, topic)
    mine, theirs = await house.browser_of(who), await house.browser_of(stranger)
    desk = await house.browser_of(school.person)
    assert (await mine.get(f"/topic-classes/{topic.id}")).body["board"] == str(board.id)
    assert (await theirs.get(f"/topic-classes/{topic.id}")).body["board"] is None
    there = await begun(mine, board)
    reply = await desk.post(f"/forum/threads/{there['thread']}/posts", {"text": "请结合案例谈", "draft": str(uuid4())})
    assert reply.status == 201, reply.body
    nowhere = uuid4()
    for path, id in (
        ("/forum/boards/{}", board.id), ("/forum/boards/{}/threads", board.id),
        ("/forum/threads/{}", there["thread"]), ("/forum/threads/{}/posts", there["thread"]),
    ):  # fmt: skip
        hidden, nothing = await theirs.get(path.format(id)), await theirs.get(path.format(nowhere))
        assert (hidden.status, hidden.raw) == (404, nothing.raw), path
        assert (await mine.get(path.format(id))).status == 200
    picture = (await upload(mine, photo())).body["id"]
    shown = {"text": "板书", "draft": str(uuid4()), "pictures": [picture]}
    assert (await mine.post(f"/forum/threads/{there['thread']}/posts", shown)).status == 201
    hidden, nothing = [await theirs.get(f"/forum/pictures/{id}") for id in (picture, nowhere)]
    assert (hidden.status, hidden.raw) == (404, nothing.raw)
    assert [(await see(each, picture))[0] for each in (mine, desk)] == [200, 200]
    said = {"title": "我也说", "text": "一句", "draft": str(uuid4())}
    hidden, nothing = [await theirs.post(f"/forum/boards/{id}/threads", said) for id in (board.id, nowhere)]
    assert (hidden.status, hidden.raw) == (404, nothing.raw)
    pause = {"basis": "art-12", "reason": "x"}
    for path, id in (("boards", board.id), ("threads", there["thread"])):
        hidden, nothing = [await theirs.ask("PUT", f"/forum/{path}/{one}/pause", pause) for one in (id, nowhere)]
        assert (hidden.status, hidden.raw) == (nothing.status, nothing.raw)
    report = {"kind": "advertising", "reason": "x"}
    hidden, nothing = [await theirs.post(f"/posts/{id}/report", report) for id in (there["post"], nowhere)]
    assert (hidden.status, hidden.raw) == (404, nothing.raw)
    for path in ("/forum/search?q=三项制度", "/search?q=三项制度"):
        assert WORDS in (await mine.get(path)).raw.decode(), path
        assert WORDS not in (await theirs.get(path)).raw.decode(), path
    assert str(board.id) not in (await mine.get("/forum/boards")).raw.decode()


async def test_who_leaves_loses_it_at_once_with_what_still_arrives(house: House, school: School) -> None:
    topic, _ = await school.opened()
    who, other = [await school.town.a_learner(name) for name in ("王芳", "张伟")]
    for each in (who, other):
        await school.asks(each, topic)
    board = await group(school, topic)
    mine, theirs = await house.browser_of(who), await house.browser_of(other)
    thread = (await begun(theirs, board))["thread"]
    assert (await mine.ask("PUT", f"/forum/threads/{thread}/follow")).status == 204
    socket = await mine.socket()
    for name in (f"thread:{thread}", f"board:{board.id}"):
        await _say(socket, "topic.join", {"topic": name})
    await school.office.do(await school.town.acting(who), enrol.leave, topic.id, who.id)
    assert (await mine.get(f"/forum/threads/{thread}")).status == 404
    await theirs.post(f"/forum/threads/{thread}/posts", {"text": "还有谁在", "draft": str(uuid4())})
    assert not {"post.published", "thread.changed"} & await _heard(school, who.id, socket)
    assert (await mine.get("/forum/following")).body["items"] == []
    assert all(each["code"] != "thread.replied" for each in (await mine.get("/me/notices")).body["items"])
    await socket.close()


async def _say(socket: ClientWebSocketResponse, type: str, data: dict[str, Any]) -> None:
    await socket.send_json({"v": 1, "type": type, "id": type, "data": data})
    while (told := await _next(socket))["type"] != "ack":
        assert told["type"] != "refusal", told


async def _heard(school: School, who: UUID, socket: ClientWebSocketResponse) -> set[str]:
    """Everything that the page is told before something that is told to its person afterwards."""
    school.office.bus.publish(Message(f"person:{who}", "over", {}))
    heard: set[str] = set()
    while "over" not in heard:
        told = await _next(socket)
        heard |= {each["type"] for each in (told["data"] if told["type"] == "batch" else [told])}
    return heard


async def _next(socket: ClientWebSocketResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await asyncio.wait_for(socket.receive(), 10)).data)
    return found


async def test_its_class_teacher_moderates_the_group_and_nothing_else(house: House, school: School) -> None:
    topic, _ = await school.opened()
    who = await school.town.a_learner("王芳")
    await school.asks(who, topic)
    board = await group(school, topic)
    mine, desk = await house.browser_of(who), await house.browser_of(school.person)
    inside = (await begun(mine, board))["post"]
    elsewhere = (await begun(mine, await school.office.do(SYSTEM, _public_board)))["post"]
    for post, status in ((inside, 200), (elsewhere, 403)):
        decision = {
            "decision": "remove",
            "version": 1,
            "kind": "advertising",
            "basis": "art-12",
            "reason": "与课程无关",
        }
        answer = await desk.post(f"/desk/items/{post}/decision", decision)
        assert answer.status == status, answer.body


async def _public_board(work: Work) -> Board:
    made = Board(work.id(), "学习体会", "", Mode.AFTER, 0, open=True, made_at=work.now)
    await forum.add_board(work.tx, made)
    return made


async def test_a_needed_discussion_asks_for_a_published_post(house: House, school: School) -> None:
    topic, lessons = await school.opened()
    who = await school.town.a_learner("王芳")
    await school.asks(who, topic)
    named, talk = [WantedModule(each.id, True) for each in lessons], WantedDiscussion(1, True)
    await school.office.do(await school.teacher(), modules.set_modules, topic.id, topic.version, named, talk)
    board = await group(school, topic)
    mine = await house.browser_of(who)
    shown = (await mine.get(f"/topic-classes/{topic.id}/modules")).body
    assert shown["discussion"] == {"place": 1, "needed": True, "asked": 1}
    post = (await begun(mine, board))["post"]
    await school.office.do(SYSTEM, completion.post_changed, Event("post.written", post))
    (line,) = (await mine.get(f"/topic-classes/{topic.id}/completion")).body["items"]
    assert [(each["name"], each["reached"], each["met"]) for each in line["conditions"]] == [
        ("needed_modules", "0.00", False), ("live_share", "0.00", False), ("discussion_posts", "1.00", True),
    ]  # fmt: skip
    await mine.post(f"/posts/{post}/withdraw")
    (line,) = (await mine.get(f"/topic-classes/{topic.id}/completion")).body["items"]
    assert line["conditions"][2]["met"] is False


async def test_a_draft_is_for_outsiders_like_none(house: House, school: School) -> None:
    topic, _ = await school.drafted()
    theirs, nowhere = await house.browser_of(await school.town.a_learner()), uuid4()
    for path in ("", "/modules", "/completion", "/announcements", "/why"):
        hidden, nothing = [await theirs.get(f"/topic-classes/{id}{path}") for id in (topic.id, nowhere)]
        assert (hidden.status, hidden.raw) == (404, nothing.raw), path
    hidden, nothing = [await theirs.post(f"/topic-classes/{id}/enrolment") for id in (topic.id, nowhere)]
    assert (hidden.status, hidden.raw) == (404, nothing.raw)


async def test_members_hear_that_a_reserved_class_is_called_off_and_nobody_else(house: House, school: School) -> None:
    topic, lessons = await school.opened()
    who, stranger = await school.town.a_learner("王芳"), await school.town.a_learner("路人")
    await school.asks(who, topic)
    admin = await school.town.acting(await school.town.a(Role.ACADEMY_ADMIN, at=school.town.root))
    await school.office.do(admin, cancel, lessons[0].id)
    await school.office.do(SYSTEM, told.class_cancelled, Event("class.cancelled", "", {"class": str(lessons[0].id)}))
    heard = {}
    for each in (who, stranger, school.person):
        items = (await (await house.browser_of(each)).get("/me/notices")).body["items"]
        heard[each.name] = [one["code"] for one in items if one["code"] == "class.cancelled"]
    assert heard == {"王芳": ["class.cancelled"], "路人": [], "孙老师": ["class.cancelled"]}
