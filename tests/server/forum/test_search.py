"""Searching: Chinese words are found, and only in what one may read."""

import pytest

from server.base.fulltext import terms_of, words_of
from server.rules.refusal import Refusal
from tests.server.forum.conftest import Forum, reply, start
from tests.visits import Browser


async def found(browser: Browser, query: str) -> list[tuple[str, int]]:
    answer = await browser.get("/forum/search", params={"q": query})
    assert answer.status == 200, answer.body
    return [(each["title"], each["number"]) for each in answer.body["items"]]


async def test_words_are_found_in_titles_and_texts_newest_first(forum: Forum) -> None:
    author = await forum.learner()
    thread = (await start(author, forum.board, "老旧小区加装电梯", "先算清楚账。")).body["thread"]
    await reply(author, thread, "我们社区的电梯谈成了七部。")
    await start(author, forum.board, "数字政府", "材料清单越加越长。")
    assert await found(author, "电梯") == [("老旧小区加装电梯", 2), ("老旧小区加装电梯", 1)]
    assert await found(author, "电梯 社区") == [("老旧小区加装电梯", 2)]
    assert await found(author, "材料 清单") == [("数字政府", 1)]
    assert await found(author, "直播") == []


async def test_pages_go_on_below_the_cursor(forum: Forum) -> None:
    author = await forum.learner()
    thread = (await start(author, forum.board, "题目", "开头")).body["thread"]
    for number in range(2, 34):
        await reply(author, thread, f"电梯第{number}条")
    first = (await author.get("/forum/search", params={"q": "电梯"})).body
    assert [each["number"] for each in first["items"]] == list(range(33, 3, -1))
    rest = (await author.get("/forum/search", params={"q": "电梯", "before": first["next"]})).body
    assert ([each["number"] for each in rest["items"]], rest["next"]) == ([3, 2], None)


async def test_what_may_not_be_read_takes_no_place_on_a_page(forum: Forum) -> None:
    author = await forum.learner()
    await start(author, forum.board, "题目", "电梯谈成了。")
    hidden = await forum.new_board("before")
    for number in range(31):
        await start(author, hidden, f"待审的电梯 {number}")
    assert await found(await forum.learner(), "电梯") == [("题目", 1)]


async def test_a_changed_text_is_found_by_its_new_words_only(forum: Forum) -> None:
    author = await forum.learner()
    post = (await start(author, forum.board, "题目", "谈谈物业管理。")).body["post"]
    await author.patch(f"/forum/posts/{post}", {"text": "谈谈垃圾分类。", "version": 1})
    assert await found(author, "物业") == []
    assert await found(author, "垃圾") == [("题目", 1)]


async def test_what_is_held_or_removed_is_not_found(forum: Forum) -> None:
    author, desk = await forum.learner(), await forum.moderator()
    await start(author, await forum.new_board("before"), "待审", "乡村振兴。")
    post = (await start(author, forum.board, "已发", "乡村振兴。")).body["post"]
    assert await found(author, "乡村") == [("已发", 1)]
    decision = {"version": 1, "decision": "remove", "kind": "abuse", "basis": "art-12", "reason": "不文明"}
    await desk.post(f"/desk/items/{post}/decision", decision)
    assert await found(author, "乡村") == []


@pytest.mark.parametrize(
    "query", ['电梯" OR "x', "NEAR(电梯 x)", "电梯*", "words:电梯", "'; DROP TABLE posts;--", "电梯 & | !"]
)
async def test_signs_of_a_query_language_are_no_language(forum: Forum, query: str) -> None:
    author = await forum.learner()
    await start(author, forum.board, "题目", "电梯")
    answer = await author.get("/forum/search", params={"q": query})
    assert answer.status == 200, answer.body


@pytest.mark.parametrize(
    ("query", "code"),
    [("，。！", "search.empty"), ("长" * 65, "search.too_long"), ("a " * 11, "search.too_long")],
    ids=["signs", "long", "many"],
)
def test_too_little_or_too_much_is_refused(query: str, code: str) -> None:
    with pytest.raises(Refusal, match=code.replace(".", r"\.")):
        terms_of(query)


def test_longer_and_shorter_words_are_both_kept() -> None:
    assert {"现代", "现代化"} <= set(words_of("治理现代化。"))
