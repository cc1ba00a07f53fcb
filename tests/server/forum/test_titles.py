"""The title of a thread is read nowhere by others while it waits, and no more once it is removed or withdrawn."""

from tests.server.forum.conftest import Forum, reply, start
from tests.server.forum.test_removal import hears, listens
from tests.server.notices.test_threads import told
from tests.visits import Browser

WAITS = "一份机密文件"


async def place(browser: Browser) -> str:
    """Where somebody's last post was said, as the author reads it."""
    return str((await browser.get("/me/posts")).body["items"][0]["place"]["title"])


async def test_a_title_that_waits_is_not_told_to_who_answers(forum: Forum) -> None:
    author, writer, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board, "原题", "原文")).body
    change = {"text": "原文", "title": WAITS, "version": 1}
    assert (await author.patch(f"/forum/posts/{made['post']}", change)).body["state"] == "held"
    await reply(writer, made["thread"])
    assert await place(writer) == "学习体会 / 原题"
    again = {"text": "只改正文", "version": 2}
    await author.patch(f"/forum/posts/{made['post']}", again)
    [mine] = (await author.get(f"/forum/boards/{forum.board}/threads")).body["items"]
    assert mine["title"] == WAITS
    assert (await forum.decide(desk, made["post"], 3, "approve")).status == 200
    assert await place(writer) == f"学习体会 / {WAITS}"


async def test_a_removed_title_leaves_the_posts_and_notices_of_those_who_answered(forum: Forum) -> None:
    author, writer, other, desk = [await forum.learner() for _ in range(3)] + [await forum.moderator()]
    made = (await start(author, forum.board, "不妥的题")).body
    await reply(writer, made["thread"])
    await reply(other, made["thread"], quotes=2)
    answered = ("thread.answered", {"title": "不妥的题", "thread": made["thread"], "number": 3})
    assert await told(forum, writer) == [answered]
    await forum.decide(desk, made["post"], 1, "remove")
    assert await told(forum, writer) == []
    assert await place(writer) == "学习体会"
    await forum.decide(desk, made["post"], 2, "restore")
    assert await told(forum, writer) == [answered]
    assert await place(writer) == "学习体会 / 不妥的题"


async def test_a_board_hears_at_once_that_a_thread_was_withdrawn_or_has_another_title(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    made = (await start(author, forum.board, "原题")).body
    board = await listens(reader, f"board:{forum.board}")
    await author.patch(f"/forum/posts/{made['post']}", {"text": "原文", "title": "新题", "version": 1})
    await forum.office.outbox.drain()
    assert await hears(board, "thread.changed") == {"thread": made["thread"], "number": 1}
    assert (await author.post(f"/posts/{made['post']}/withdraw")).status == 204
    await forum.office.outbox.drain()
    assert await hears(board, "thread.changed") == {"thread": made["thread"], "number": 1}
