"""Which decision about a post stands: what is taken back, or is about another text of it, takes nothing of it away."""

import pytest

from tests.server.forum.conftest import Forum, reply, start, texts
from tests.server.forum.test_changes import DOUBTFUL
from tests.visits import Browser

ABUSE = {"kind": "abuse", "reason": "请看"}
SECRETS = {"kind": "secrets", "reason": "涉密"}


async def a_refused_change(forum: Forum, decision: str) -> tuple[Browser, str]:
    """Its author, and a post whose change was refused while others read the text before."""
    author, desk = await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board, "题", "原文")).body
    await author.patch(f"/forum/posts/{made['post']}", {"text": DOUBTFUL, "version": 1})
    assert (await forum.decide(desk, made["post"], 2, decision)).status == 200
    return author, str(made["post"])


async def looked_at_again(forum: Forum, post: str) -> None:
    """Somebody reports the text that others still read, and the desk leaves it."""
    reader, desk = await forum.learner(), await forum.moderator()
    assert (await reader.post(f"/posts/{post}/report", ABUSE)).status == 204
    assert (await forum.decide(desk, post, 3, "restore")).status == 200


@pytest.mark.parametrize("report", [ABUSE, SECRETS], ids=["left", "held"])
async def test_a_report_of_the_text_before_takes_no_review_from_the_author_of_a_refused_change(
    forum: Forum, report: dict[str, str]
) -> None:
    author, post = await a_refused_change(forum, "reject")
    if report is ABUSE:
        await looked_at_again(forum, post)
    else:
        await (await forum.learner()).post(f"/posts/{post}/report", report)
    assert (await author.post(f"/posts/{post}/review", {"text": "并无不当"})).status == 204


async def test_a_returned_text_waits_for_a_person_although_the_text_before_was_left(forum: Forum) -> None:
    author, post = await a_refused_change(forum, "return")
    await looked_at_again(forum, post)
    [mine] = (await author.get("/me/posts")).body["items"]
    assert (mine["kind"], mine["reason"]) == ("abuse", "不文明")
    changed = await author.patch(f"/forum/posts/{post}", {"text": "改好了", "version": 4})
    assert changed.body["state"] == "held"


async def test_a_return_that_is_taken_back_leaves_what_a_report_has_held_to_a_person(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board)).body
    await reader.post(f"/posts/{made['post']}/report", SECRETS)
    taken = (await forum.decide(desk, made["post"], 2, "return")).body["decision"]
    forum.clock.pass_(1)
    assert (await desk.post(f"/desk/decisions/{taken['id']}/undo")).status == 200
    changed = await author.patch(f"/forum/posts/{made['post']}", {"text": "无关的话", "version": 4})
    assert changed.body["state"] == "held"


async def test_the_desk_reads_why_a_suspected_secret_was_held(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board)).body
    await reader.post(f"/posts/{made['post']}/report", SECRETS)
    [item] = (await desk.get("/desk/items?state=held")).body["items"]
    assert [(each["kind"], each["reason"]) for each in item["reports"]] == [("secrets", "涉密")]


async def test_a_decision_that_is_taken_back_lets_the_report_wait_again(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    made = (await start(author, forum.board)).body
    await reader.post(f"/posts/{made['post']}/report", ABUSE)
    taken = (await forum.decide(desk, made["post"], 1, "restore")).body["decision"]
    assert (await desk.get("/desk/items")).body["items"] == []
    forum.clock.pass_(1)
    assert (await desk.post(f"/desk/decisions/{taken['id']}/undo")).status == 200
    [item] = (await desk.get("/desk/items")).body["items"]
    assert [each["reason"] for each in item["reports"]] == ["请看"]


async def test_an_overturned_decision_brings_nothing_back_that_was_removed_for_another_reason(forum: Forum) -> None:
    author, desk, other = await forum.learner(), await forum.moderator(), await forum.moderator()
    made = (await start(author, forum.board)).body
    said = (await reply(author, made["thread"], "不妥的话")).body["post"]
    await forum.decide(desk, said, 1, "remove")
    assert (await author.post(f"/posts/{said}/review", {"text": "并无不当"})).status == 204
    await forum.decide(desk, said, 2, "restore")
    await forum.decide(desk, said, 3, "remove")
    [asked] = (await other.get("/desk/reviews")).body["items"]
    overturned = {"decision": "overturn", "reason": "属于正常交流"}
    assert (await other.post(f"/desk/reviews/{asked['id']}/decision", overturned)).status == 204
    assert await texts(await forum.learner(), made["thread"]) == ["读后有感。", ""]


async def test_a_review_of_what_was_restored_meanwhile_is_settled_all_the_same(forum: Forum) -> None:
    author, desk, other = await forum.learner(), await forum.moderator(), await forum.moderator()
    made = (await start(author, forum.board)).body
    await forum.decide(desk, made["post"], 1, "remove")
    await author.post(f"/posts/{made['post']}/review", {"text": "并无不当"})
    await forum.decide(desk, made["post"], 2, "restore")
    [asked] = (await other.get("/desk/reviews")).body["items"]
    overturned = {"decision": "overturn", "reason": "属于正常交流"}
    assert (await other.post(f"/desk/reviews/{asked['id']}/decision", overturned)).status == 204
    assert (await other.get("/desk/reviews")).body["items"] == []


async def test_the_desk_counts_no_review_of_an_own_decision(forum: Forum) -> None:
    author, desk, other = await forum.learner(), await forum.moderator(), await forum.moderator()
    made = (await start(author, forum.board)).body
    await forum.decide(desk, made["post"], 1, "remove")
    await author.post(f"/posts/{made['post']}/review", {"text": "并无不当"})
    for browser, number in ((desk, 0), (other, 1)):
        assert (await browser.get("/desk/items")).body["counts"]["reviews"] == number
        assert len((await browser.get("/desk/reviews")).body["items"]) == number
