"""A change that waits: others go on reading what was published, its author and the desk see the new text."""

from uuid import UUID

import pytest

from server.base.work import SYSTEM
from server.forum import boards
from server.rules.conduct import Mode
from tests.server.forum.conftest import Forum, reply, start, texts
from tests.server.forum.test_search import found

DOUBTFUL = "这里有一份机密文件"
FORBIDDEN = "可以代学代考"


async def test_a_held_change_of_an_opening_leaves_the_thread_with_its_replies(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    made = (await start(author, forum.board, "原题", "原文")).body
    await reply(reader, made["thread"], "一条回复")
    changed = await author.patch(f"/forum/posts/{made['post']}", {"text": DOUBTFUL, "title": "新题", "version": 1})
    assert (changed.status, changed.body["state"]) == (200, "held")
    assert await texts(reader, made["thread"]) == ["原文", "一条回复"]
    [line] = (await reader.get(f"/forum/boards/{forum.board}/threads")).body["items"]
    assert (line["title"], line["state"]) == ("原题", "published")
    assert (await reply(reader, made["thread"], "还能回复")).status == 201
    assert (await reader.get("/forum/search", params={"q": "机密"})).body["items"] == []
    assert await found(reader, "原文") == [("原题", 1)]
    [mine] = (await author.get(f"/forum/boards/{forum.board}/threads")).body["items"]
    assert (mine["title"], mine["state"]) == ("新题", "held")
    assert (await texts(author, made["thread"]))[0] == DOUBTFUL


async def test_an_approved_change_is_read_and_found_by_all(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board, "原题", "原文")).body
    await author.patch(f"/forum/posts/{made['post']}", {"text": DOUBTFUL, "title": "新题", "version": 1})
    [item] = (await desk.get("/desk/items?state=held")).body["items"]
    assert (item["text"], item["earlier"]) == (f"新题\n{DOUBTFUL}", "原题\n原文")
    assert (await forum.decide(desk, made["post"], 2, "approve")).status == 200
    assert await texts(reader, made["thread"]) == [DOUBTFUL]
    assert await found(reader, "机密") == [("新题", 1)]
    assert await found(reader, "原文") == []


async def test_a_refused_change_leaves_what_was_published_and_may_be_withdrawn_with_it(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board, "原题", "原文")).body
    await author.patch(f"/forum/posts/{made['post']}", {"text": DOUBTFUL, "version": 1})
    assert (await forum.decide(desk, made["post"], 2, "reject")).status == 200
    assert await texts(reader, made["thread"]) == ["原文"]
    [mine] = (await author.get(f"/forum/threads/{made['thread']}/posts")).body["items"]
    assert (mine["text"], mine["state"], mine["reason"]) == (DOUBTFUL, "rejected", "不文明")
    assert (await author.post(f"/posts/{made['post']}/withdraw")).status == 204
    assert (await reader.get(f"/forum/threads/{made['thread']}")).code == "thread.unknown"


async def test_a_returned_text_is_its_authors_to_change_and_waits_for_a_person_again(forum: Forum) -> None:
    board = await forum.new_board("before")
    author, desk = await forum.learner(), await forum.moderator()
    made = (await start(author, board, "题", "有一处不妥")).body
    assert (await desk.post(f"/desk/items/{made['post']}/decision", {"version": 1, "decision": "return"})).status == 422
    assert (await forum.decide(desk, made["post"], 1, "return")).status == 200
    [mine] = (await author.get(f"/forum/threads/{made['thread']}/posts")).body["items"]
    assert (mine["state"], mine["kind"], mine["reason"]) == ("blocked", "abuse", "不文明")
    [told] = (await author.get("/me/posts")).body["items"]
    assert (told["place"]["kind"], told["reason"], told["decision"]) == ("thread", "不文明", None)
    await forum.office.do(SYSTEM, boards.change_board, UUID(board), {"mode": Mode.AFTER})
    changed = await author.patch(f"/forum/posts/{made['post']}", {"text": "改好了", "version": 2})
    assert (changed.status, changed.body["state"]) == (200, "held")
    again = await author.patch(f"/forum/posts/{made['post']}", {"text": FORBIDDEN, "version": 3})
    assert again.body["state"] == "blocked"
    [mine] = (await author.get(f"/forum/threads/{made['thread']}/posts")).body["items"]
    assert (mine["category"], mine["reason"]) == ("cheating_offer", None)
    assert (await author.post(f"/posts/{made['post']}/withdraw")).status == 204


@pytest.mark.parametrize("text", [DOUBTFUL, FORBIDDEN], ids=["held", "blocked"])
async def test_what_others_still_read_is_reported_and_removed_like_any_other(forum: Forum, text: str) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    thread = (await start(author, forum.board)).body["thread"]
    said = (await reply(author, thread, "不妥的话")).body
    changed = (await author.patch(f"/forum/posts/{said['post']}", {"text": text, "version": 1})).body
    assert (await reader.post(f"/posts/{said['post']}/report", {"kind": "abuse", "reason": "请看"})).status == 204
    [item] = (await desk.get("/desk/items?state=waiting")).body["items"]
    assert item["earlier"] == "不妥的话"
    assert (await forum.decide(desk, said["post"], changed["version"], "remove")).status == 200
    assert await texts(reader, thread) == ["读后有感。", ""]
    assert await found(reader, "不妥") == []


async def test_a_suspected_secret_leaves_at_its_report_although_a_change_waits(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    said = (await reply(author, thread, "会议的内部数字")).body
    await author.patch(f"/forum/posts/{said['post']}", {"text": DOUBTFUL, "version": 1})
    await reader.post(f"/posts/{said['post']}/report", {"kind": "secrets", "reason": "涉密"})
    assert await texts(reader, thread) == ["读后有感。"]
    assert await found(reader, "数字") == []


async def test_what_a_person_has_held_does_not_come_back_by_a_change(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    said = (await reply(author, thread, "会议的内部数字")).body
    await reader.post(f"/posts/{said['post']}/report", {"kind": "secrets", "reason": "涉密"})
    changed = await author.patch(f"/forum/posts/{said['post']}", {"text": "无关的话", "version": 2})
    assert changed.body["state"] == "held"
    assert await texts(reader, thread) == ["读后有感。"]


async def test_the_desk_reads_all_texts_and_the_author_sees_that_it_looked(forum: Forum) -> None:
    author, desk = await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board, "题", "一稿")).body
    for version, text in enumerate(("二稿", "三稿"), 1):
        await author.patch(f"/forum/posts/{made['post']}", {"text": text, "version": version})
    items = (await desk.get(f"/desk/items/{made['post']}/versions")).body["items"]
    assert [each["text"] for each in items] == ["题\n一稿", "题\n二稿", "题\n三稿"]
    assert [each["until"] for each in items] == [items[1]["at"], items[2]["at"], None]
    [look] = (await author.get("/me/looks")).body["items"]
    assert look["what"] == "versions"
    assert (await author.get(f"/desk/items/{made['post']}/versions")).status in {403, 404}
