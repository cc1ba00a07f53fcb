"""Who follows a thread hears of it once, who is answered hears of the answer; never of what nobody may read."""

from typing import Any

from tests.server.forum.conftest import Forum, reply, start
from tests.visits import Browser


async def told(forum: Forum, browser: Browser) -> list[tuple[str, dict[str, Any]]]:
    """Codes and data of what somebody has been told about threads, newest first."""
    await forum.office.outbox.drain()
    page = (await browser.get("/me/notices")).body
    assert page["unread"] == sum(not each["read"] for each in page["items"])
    return [(each["code"], each["data"]) for each in page["items"] if each["code"].startswith("thread.")]


async def test_followers_have_one_notice_a_thread_until_they_have_read_it(forum: Forum) -> None:
    author, writer = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board, "读书")).body["thread"]
    for _ in range(3):
        await reply(writer, thread)
    assert await told(forum, author) == [("thread.replied", {"title": "读书", "number": 2, "posts": 3})]
    assert await told(forum, writer) == []
    assert (await author.ask("PUT", f"/forum/threads/{thread}/read", {"number": 4})).status == 204
    assert await told(forum, author) == []
    await reply(author, thread)
    assert await told(forum, author) == []
    await reply(writer, thread)
    assert await told(forum, author) == [("thread.replied", {"title": "读书", "number": 6, "posts": 1})]


async def test_a_notice_that_was_read_is_new_again_when_somebody_writes(forum: Forum, clock: Any) -> None:
    author, writer = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    await reply(writer, thread)
    [notice] = (await author.get("/me/notices")).body["items"]
    assert (await author.post("/me/notices/read", {"until": notice["at"]})).status == 204
    assert (await author.get("/me/notices")).body["unread"] == 0
    clock.pass_(60)
    await reply(writer, thread)
    page = (await author.get("/me/notices")).body
    assert (page["unread"], [each["data"]["posts"] for each in page["items"]]) == (1, [2])


async def test_nobody_hears_of_what_is_held_or_removed(forum: Forum) -> None:
    author, writer, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    thread = (await start(author, forum.board, "读书")).body["thread"]
    held = (await reply(writer, thread, "这里有一份机密文件", quotes=1)).body
    assert await told(forum, author) == []
    await forum.decide(desk, held["post"], 1, "approve")
    followed = ("thread.replied", {"title": "读书", "number": 2, "posts": 1})
    answered = ("thread.answered", {"title": "读书", "thread": thread, "number": 2})
    assert sorted(await told(forum, author)) == [answered, followed]
    await forum.decide(desk, held["post"], 2, "remove")
    assert await told(forum, author) == []


async def test_who_is_answered_hears_of_it_without_following_until_the_answer_is_withdrawn(forum: Forum) -> None:
    author, writer = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board, "读书")).body["thread"]
    await reply(writer, thread)
    answer = (await reply(author, thread, quotes=2)).body
    await reply(writer, thread, quotes=2)
    assert await told(forum, writer) == [("thread.answered", {"title": "读书", "thread": thread, "number": 3})]
    assert (await author.post(f"/posts/{answer['post']}/withdraw")).status == 204
    assert await told(forum, writer) == []


async def test_a_change_of_an_answer_is_no_news(forum: Forum) -> None:
    author, writer = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board, "读书")).body["thread"]
    await reply(writer, thread)
    answer = (await reply(author, thread, quotes=2)).body
    [known] = await told(forum, writer)
    [notice] = (await writer.get("/me/notices")).body["items"]
    await writer.post("/me/notices/read", {"until": notice["at"]})
    forum.clock.pass_(60)
    await author.patch(f"/forum/posts/{answer['post']}", {"text": "改一改", "version": 1})
    assert await told(forum, writer) == [known]
    assert (await writer.get("/me/notices")).body["unread"] == 0


async def test_open_pages_of_followers_are_told_to_ask_again(forum: Forum) -> None:
    author, writer = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    socket = await author.socket()
    await reply(writer, thread)
    await forum.office.outbox.drain()
    heard = ""
    while heard != "notice.changed":
        heard = (await socket.receive_json(timeout=5))["type"]
    assert len(await told(forum, author)) == 1
