"""Threads and posts: written once, numbered for good, seen by those who may."""

from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from server.base.office import Office
from server.forum import write
from server.people.tables import acts
from tests.server.forum.conftest import Forum, reply, start, texts


async def test_a_thread_is_read_by_others_with_name_and_unit(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    made = await start(author, forum.board, "读《之江新语》", "收获很大。\n- 一\n- 二")
    assert (made.status, made.body["state"], made.body["number"]) == (201, "published", 1)
    [line] = (await reader.get(f"/forum/boards/{forum.board}/threads")).body["items"]
    assert (line["title"], line["newest"], line["read"]) == ("读《之江新语》", 1, 0)
    [post] = (await reader.get(f"/forum/threads/{line['id']}/posts")).body["items"]
    assert post["text"] == "收获很大。\n- 一\n- 二"
    assert post["html"] == "<p>收获很大。</p><ul><li>一</li><li>二</li></ul>"
    assert post["author"]["name"]
    assert post["author"]["unit"]


async def test_the_same_draft_opens_one_thread_and_one_reply(forum: Forum) -> None:
    author, draft = await forum.learner(), str(uuid4())
    first = await start(author, forum.board, draft=draft)
    again = await start(author, forum.board, draft=draft)
    assert first.body == again.body
    thread, said = first.body["thread"], str(uuid4())
    one, two = await reply(author, thread, draft=said), await reply(author, thread, draft=said)
    assert one.body == two.body
    assert await texts(author, thread) == ["读后有感。", "同感。"]
    other = (await start(author, forum.board)).body["thread"]
    assert (await reply(author, other, draft=said)).code == "post.draft_used"
    assert (await start(author, forum.board, draft=said)).code == "post.draft_used"


async def test_a_held_opening_hides_its_thread_from_all_but_its_author(forum: Forum) -> None:
    board = await forum.new_board("before")
    author, reader = await forum.learner(), await forum.learner()
    thread = (await start(author, board)).body["thread"]
    nothing = await reader.get(f"/forum/threads/{uuid4()}")
    hidden = await reader.get(f"/forum/threads/{thread}")
    assert (hidden.status, hidden.body | {"instance": ""}) == (404, nothing.body | {"instance": ""})
    assert (await reply(reader, thread)).code == "thread.unknown"
    assert (await reader.get(f"/forum/boards/{board}/threads")).body["items"] == []
    assert (await author.get(f"/forum/threads/{thread}")).body["state"] == "held"
    desk = await forum.moderator()
    [item] = (await desk.get("/desk/items?state=held")).body["items"]
    assert item["place"]["kind"] == "thread"
    approved = await desk.post(f"/desk/items/{item['id']}/decision", {"version": 1, "decision": "approve"})
    assert approved.status == 200, approved.body
    assert await texts(reader, thread) == ["读后有感。"]


async def test_a_removed_post_leaves_its_number_and_the_basis(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    thread = (await start(author, forum.board)).body["thread"]
    bad = (await reply(author, thread, "这一条将被移除")).body
    await reply(reader, thread, "第三条")
    decision = {
        "version": bad["version"],
        "decision": "remove",
        "kind": "abuse",
        "basis": "art-12",
        "reason": "不文明",
    }
    answer = await desk.post(f"/desk/items/{bad['post']}/decision", decision)
    assert answer.status == 200, answer.body
    shown = (await reader.get(f"/forum/threads/{thread}/posts")).body["items"]
    assert [(each["number"], each["text"]) for each in shown] == [(1, "读后有感。"), (2, ""), (3, "第三条")]
    assert (shown[1]["state"], shown[1]["basis"], shown[1]["html"]) == ("removed", "art-12", "")


async def test_a_change_is_screened_and_the_earlier_text_is_kept(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    made = (await start(author, forum.board, "原题", "原文")).body
    changed = await author.patch(f"/forum/posts/{made['post']}", {"text": "新文", "title": "新题", "version": 1})
    assert (changed.status, changed.body["version"]) == (200, 2)
    assert (await reader.get(f"/forum/threads/{made['thread']}")).body["title"] == "新题"
    [post] = (await reader.get(f"/forum/threads/{made['thread']}/posts")).body["items"]
    assert (post["text"], post["edited_at"] is not None) == ("新文", True)
    late = await author.patch(f"/forum/posts/{made['post']}", {"text": "再改", "version": 1})
    assert (late.status, late.code) == (412, "post.changed")
    [version] = (await author.get(f"/forum/posts/{made['post']}/versions")).body["items"]
    assert version["text"] == "原题\n原文"
    assert (await reader.get(f"/forum/posts/{made['post']}/versions")).code == "post.unknown"
    assert (await reader.patch(f"/forum/posts/{made['post']}", {"text": "x", "version": 2})).code == "post.unknown"


async def test_pages_both_ways_by_number_do_not_move_while_others_write(forum: Forum) -> None:
    author = await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    for number in range(2, 60):
        await reply(author, thread, f"第 {number} 条")
    first = (await author.get(f"/forum/threads/{thread}/posts")).body
    assert (len(first["items"]), first["next"]) == (50, 50)
    await reply(author, thread, "后来的一条")
    second = (await author.get(f"/forum/threads/{thread}/posts?after={first['next']}")).body
    assert [each["number"] for each in second["items"]] == list(range(51, 61))
    assert (second["earlier"], second["next"]) == (51, None)
    ahead = (await author.get(f"/forum/threads/{thread}/posts?before=53")).body
    assert [each["number"] for each in ahead["items"]] == list(range(3, 53))
    assert (ahead["earlier"], ahead["next"]) == (3, 52)
    begin = (await author.get(f"/forum/threads/{thread}/posts?before=3")).body
    assert ([each["number"] for each in begin["items"]], begin["earlier"]) == ([1, 2], None)


async def test_a_blocked_reply_is_its_authors_alone_with_what_was_met(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    said = (await reply(author, thread, "谁能包过考试？")).body
    assert (said["state"], said["marks"]) == ("blocked", [[2, 6]])
    mine = (await author.get(f"/forum/threads/{thread}/posts")).body["items"][1]
    assert (mine["state"], mine["category"], mine["marks"]) == ("blocked", "cheating_offer", [[2, 6]])
    assert await texts(reader, thread) == ["读后有感。"]


async def test_threads_are_paged_by_when_they_were_last_written_in(forum: Forum, clock: Any) -> None:
    author = await forum.learner()
    made = []
    for number in range(52):
        clock.pass_(1)
        made.append((await start(author, forum.board, f"题 {number}")).body["thread"])
    first = (await author.get(f"/forum/boards/{forum.board}/threads")).body
    assert [each["id"] for each in first["items"]] == made[:1:-1]
    query = "&".join(f"{name}={value}" for name, value in first["next"].items())
    rest = (await author.get(f"/forum/boards/{forum.board}/threads?{query}")).body
    assert ([each["id"] for each in rest["items"]], rest["next"]) == (made[1::-1], None)


async def test_what_is_read_and_followed_is_remembered_for_each_person(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    assert (await reader.ask("PUT", f"/forum/threads/{thread}/read", {"number": 900})).status == 204
    assert (await reader.ask("PUT", f"/forum/threads/{thread}/follow")).status == 204
    await reply(author, thread)
    [mine] = (await reader.get("/forum/following")).body["items"]
    assert (mine["read"], mine["newest"], mine["followed"]) == (1, 2, True)
    assert (await reader.delete(f"/forum/threads/{thread}/follow")).status == 204
    assert (await reader.get("/forum/following")).body["items"] == []
    assert [each["id"] for each in (await author.get("/forum/following")).body["items"]] == [thread]


async def test_nobody_writes_in_a_closed_board(forum: Forum) -> None:
    author = await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    assert (await forum.plan.patch(f"/forum/boards/{forum.board}", {"open": False})).body["open"] is False
    assert (await reply(author, thread)).code == "board.closed"
    assert (await start(author, forum.board)).code == "board.closed"
    assert await texts(author, thread) == ["读后有感。"]


async def test_a_quotation_is_of_a_post_that_is_there(forum: Forum) -> None:
    author = await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    assert (await reply(author, thread, quotes=1)).status == 201
    wrong = await reply(author, thread, quotes=3)
    assert (wrong.status, wrong.body["field"]) == (422, "quotes")


async def test_a_learner_reports_and_the_desk_sees_it(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    post = (await start(author, forum.board)).body["post"]
    reported = await reader.post(f"/posts/{post}/report", {"kind": "abuse", "reason": "请看一下"})
    assert reported.status == 204, reported.body
    [item] = (await desk.get("/desk/items?state=reported")).body["items"]
    assert item["id"] == post


async def test_who_reads_hears_of_a_reply_and_of_its_removal(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    thread = (await start(author, forum.board)).body["thread"]
    socket = await reader.socket()
    await socket.send_json({"v": 1, "type": "topic.join", "id": "1", "data": {"topic": f"thread:{thread}"}})
    heard: list[str] = []
    said = (await reply(author, thread)).body
    decision = {"version": 1, "decision": "remove", "kind": "abuse", "basis": "art-12", "reason": "不文明"}
    await desk.post(f"/desk/items/{said['post']}/decision", decision)
    while "post.removed" not in heard:
        heard.append((await socket.receive_json(timeout=5))["type"])
    assert heard.index("post.published") < heard.index("post.removed")


async def test_a_flood_of_posts_or_of_changes_is_slowed_down(forum: Forum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "PACE", 2)
    author = await forum.learner()
    made = (await start(author, forum.board)).body
    assert (await reply(author, made["thread"])).status == 201
    refused = await reply(author, made["thread"])
    assert (refused.status, refused.code, refused.body["data"]["retry_after_s"]) == (429, "speaking.slow", 60)
    assert (await start(author, forum.board)).code == "speaking.slow"
    for version in (1, 2):
        change = {"text": f"第 {version} 稿", "version": version}
        assert (await author.patch(f"/forum/posts/{made['post']}", change)).status == 200
    assert (await author.patch(f"/forum/posts/{made['post']}", change | {"version": 3})).code == "speaking.slow"
    forum.clock.pass_(60)
    assert (await reply(author, made["thread"])).status == 201


async def test_who_opens_or_changes_a_board_is_written_down(forum: Forum, office: Office) -> None:
    assert (await forum.plan.patch(f"/forum/boards/{forum.board}", {"open": False})).status == 200
    async with office.read() as tx:
        rows = (await tx.execute(sa.select(acts).where(acts.c.result == forum.board).order_by(acts.c.id))).all()
    assert {row.verb for row in rows} == {"board.open", "board.change"}
    assert None not in {row.actor for row in rows}
