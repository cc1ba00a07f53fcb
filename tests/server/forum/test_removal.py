"""What is removed or withdrawn leaves every page, search and open screen at once, and comes back only by a person."""

from aiohttp import ClientWebSocketResponse

from tests.server.forum.conftest import Forum, reply, start, texts
from tests.server.forum.test_search import found
from tests.visits import Browser


async def listens(browser: Browser, topic: str) -> ClientWebSocketResponse:
    socket = await browser.socket()
    await socket.send_json({"v": 1, "type": "topic.join", "id": "1", "data": {"topic": topic}})
    await hears(socket, "ack")
    return socket


async def hears(socket: ClientWebSocketResponse, type: str) -> dict[str, str]:
    while True:
        message = await socket.receive_json(timeout=5)
        if message["type"] == type:
            return dict(message["data"])


async def test_a_removed_opening_takes_its_thread_from_everywhere_until_it_is_restored(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board, "加装电梯", "先算账。")).body
    thread = made["thread"]
    await reply(author, thread, "电梯谈成了。")
    await reader.ask("PUT", f"/forum/threads/{thread}/follow")
    page, board = await listens(reader, f"thread:{thread}"), await listens(reader, f"board:{forum.board}")
    assert (await forum.decide(desk, made["post"], 1, "remove")).status == 200
    assert (await hears(page, "post.removed"))["post"] == made["post"]
    assert (await hears(board, "thread.changed"))["thread"] == thread
    assert await found(reader, "电梯") == []
    for place in (f"/forum/boards/{forum.board}/threads", "/forum/following"):
        assert (await reader.get(place)).body["items"] == []
    assert (await reader.get(f"/forum/threads/{thread}/posts")).code == "thread.unknown"
    assert (await forum.decide(desk, made["post"], 2, "restore")).status == 200
    assert await found(reader, "电梯") == [("加装电梯", 2), ("加装电梯", 1)]
    assert await texts(reader, thread) == ["先算账。", "电梯谈成了。"]


async def test_a_withdrawn_reply_leaves_search_and_open_screens(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    thread = (await start(author, forum.board)).body["thread"]
    said = (await reply(author, thread, "电梯谈成了。")).body
    page = await listens(reader, f"thread:{thread}")
    assert (await author.post(f"/posts/{said['post']}/withdraw")).status == 204
    assert (await hears(page, "post.removed"))["post"] == said["post"]
    for browser in (author, reader):
        assert await found(browser, "电梯") == []
        assert await texts(browser, thread) == ["读后有感。"]
