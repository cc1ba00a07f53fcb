"""Speaking in a board or a thread: paused for all, paused for one, held outside of its hours."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from server.base.clock import rfc3339
from server.forum.release import release
from server.rules.powers import Role
from tests.server.forum.conftest import Forum, reply, start, texts

PAUSE = {"reason": "请先冷静，晚些再谈"}


async def test_nobody_writes_in_a_paused_thread_until_it_is_over(forum: Forum, clock: Any) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    thread = (await start(author, forum.board)).body["thread"]
    other = (await start(author, forum.board)).body["thread"]
    said = (await reply(reader, thread)).body
    until = (clock.now() + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")
    assert (await reader.ask("PUT", f"/forum/threads/{thread}/pause", PAUSE)).status == 403
    assert (await desk.ask("PUT", f"/forum/threads/{thread}/pause", PAUSE | {"until": until})).status == 204
    refused = await reply(reader, thread)
    assert (refused.status, refused.code, refused.body["data"]["until"]) == (409, "speaking.paused", until)
    changed = await reader.patch(f"/forum/posts/{said['post']}", {"text": "改一改", "version": 1})
    assert changed.code == "speaking.paused"
    assert (await reader.get(f"/forum/threads/{thread}")).body["paused"]["until"] == until
    assert (await reply(reader, other)).status == 201
    assert (await reader.post(f"/posts/{said['post']}/withdraw")).status == 204
    clock.pass_(601)
    assert (await reply(reader, thread)).status == 201


async def test_a_paused_board_pauses_its_threads_until_a_person_ends_it(forum: Forum) -> None:
    author, desk = await forum.learner(), await forum.moderator()
    thread = (await start(author, forum.board)).body["thread"]
    local = await forum.house.browser_of(await forum.town.a(Role.MODERATOR, over=forum.town.own))
    assert (await local.ask("PUT", f"/forum/boards/{forum.board}/pause", PAUSE)).status in {403, 404}
    assert (await desk.ask("PUT", f"/forum/boards/{forum.board}/pause", PAUSE)).status == 204
    assert (await reply(author, thread)).code == "speaking.paused"
    assert (await start(author, forum.board)).code == "speaking.paused"
    [board] = (await author.get("/forum/boards")).body["items"]
    assert board["paused"]["reason"] == PAUSE["reason"]
    assert (await author.get(f"/forum/threads/{thread}")).body["paused"] is not None
    assert (await desk.delete(f"/forum/boards/{forum.board}/pause")).status == 204
    assert (await reply(author, thread)).status == 201


async def test_a_pause_of_one_person_in_a_board_holds_in_its_threads_only(forum: Forum, clock: Any) -> None:
    person = await forum.town.a_learner()
    author, desk = await forum.house.browser_of(person), await forum.moderator()
    thread = (await start(author, forum.board)).body["thread"]
    elsewhere = await forum.new_board()
    until = (clock.now() + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    place = {"kind": "board", "id": forum.board, "name": "学习体会"}
    ground = {"basis": "art-12", "reason": "多次跑题", "draft": str(uuid4())}
    sanction = {"kind": "pause", "place": place, "until": until, **ground}
    assert (await desk.post(f"/people/{person.id}/sanctions", sanction)).status == 201
    refused = await reply(author, thread)
    assert (refused.status, refused.code, refused.body["data"]["until"]) == (403, "mute.active", until)
    assert (await start(author, elsewhere)).status == 201


async def test_what_is_written_outside_of_the_hours_is_held_until_they_begin(forum: Forum, clock: Any) -> None:
    author, reader = await forum.learner(), await forum.learner()
    board = await forum.new_board(speak_from="09:10", speak_until="22:00")
    early = (await start(author, board, text="清晨有感")).body
    assert (early["state"], early["release_at"]) == ("held", "2026-09-15T01:10:00Z")
    assert (await reader.get(f"/forum/threads/{early['thread']}")).status == 404
    clock.pass_(601)
    await forum.office.do(forum.office.system, release)
    assert await texts(reader, early["thread"]) == ["清晨有感"]
    assert (await reply(reader, early["thread"])).body["state"] == "published"


async def test_a_post_that_waited_is_not_released_where_its_author_may_not_speak_by_now(forum: Forum) -> None:
    silent, other = await forum.town.a_learner(), await forum.learner()
    author, desk = await forum.house.browser_of(silent), await forum.moderator()
    board = await forum.new_board("trust")
    held, clean = (await start(author, board)).body, (await start(other, board)).body
    assert (held["state"], clean["state"]) == ("held", "held")
    until = rfc3339(forum.clock.now() + timedelta(days=1))
    place = {"kind": "board", "id": board, "name": "学习体会"}
    ground = {"basis": "art-12", "reason": "多次跑题", "draft": str(uuid4())}
    sanction = {"kind": "pause", "place": place, "until": until, **ground}
    assert (await desk.post(f"/people/{silent.id}/sanctions", sanction)).status == 201
    forum.clock.pass_(3600)
    assert await forum.office.do(forum.office.system, release) == 1
    reader = await forum.learner()
    assert await texts(reader, clean["thread"]) == ["读后有感。"]
    assert (await reader.get(f"/forum/threads/{held['thread']}")).status == 404
    [item] = (await (await forum.moderator()).get("/desk/items?state=held")).body["items"]
    assert item["id"] == held["post"]


async def test_a_post_that_waited_is_not_released_into_a_pause_but_after_it(forum: Forum) -> None:
    author, desk = await forum.learner(), await forum.moderator()
    board = await forum.new_board("trust")
    thread = (await start(author, board)).body["thread"]
    until = rfc3339(forum.clock.now() + timedelta(hours=2))
    assert (await desk.ask("PUT", f"/forum/boards/{board}/pause", PAUSE | {"until": until})).status == 204
    forum.clock.pass_(3600)
    assert await forum.office.do(forum.office.system, release) == 0
    forum.clock.pass_(3601)
    assert await forum.office.do(forum.office.system, release) == 1
    assert await texts(await forum.learner(), thread) == ["读后有感。"]
