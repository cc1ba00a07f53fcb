"""The studio by its endpoints: who may press what, leave to publish, taking over, encoder keys, staff."""

import asyncio
import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest

from media.events import KEY_AUDIENCE, KEY_PATH, PATH, Event, authorization, pack
from media.grants import verify
from media.signing import sign_body
from server.live import line, publish_store
from server.live.streams import stream_of
from server.rules.live import State
from server.rules.powers import Role
from tests.server.live.media import FakeMedia, news
from tests.server.live.school import School
from tests.visits import Answer, Browser

BUTTONS = ("open", "rehearse", "start", "resume", "end")
CUT = {"basis": "art-12", "reason": "不当内容"}


async def says(school: School, lesson_id: Any, name: Any, run: str = "run-1", **data: Any) -> None:
    await line.take(school.office, news(await school.now(lesson_id), name, school.office.clock.now(), run, **data))


def publishing(browser: Browser, lesson: Any, **body: Any) -> Any:
    return browser.post(f"/classes/{lesson.id}/publishing", {"source": "browser", **body})


async def test_an_assistant_runs_the_whole_studio(school: School, media: FakeMedia) -> None:
    lesson = await school.a_class(State.SCHEDULED)
    assert (await school.assists.post(f"/classes/{lesson.id}/open")).body["state"] == "waiting"
    assert (await publishing(school.assists, lesson)).status == 200
    await says(school, lesson.id, "publisher_connected", source="browser")
    started = await school.assists.post(f"/classes/{lesson.id}/start")
    assert started.body["state"] == "on_air"
    assert {"pause", "end", "publish", "speaking"} <= set(started.body["may"])
    assert "cut" not in started.body["may"]
    paused = await school.assists.post(f"/classes/{lesson.id}/pause", {"minutes": 10})
    assert (paused.body["state"], paused.body["resumes_at"] is not None) == ("paused", True)
    assert (await school.assists.post(f"/classes/{lesson.id}/resume")).body["state"] == "on_air"
    assert (await school.assists.post(f"/classes/{lesson.id}/end")).body["state"] == "ended"
    await school.office.outbox.drain()
    assert (set(media.names), media.names[-1]) == ({"air_open", "air_pause", "air_end"}, "air_end")


async def test_a_page_that_knows_of_its_line_before_the_server_waits_for_it(school: School) -> None:
    lesson = await school.a_class()
    starting = asyncio.create_task(school.teaches.post(f"/classes/{lesson.id}/start"))
    await asyncio.sleep(0.3)
    assert not starting.done()
    await says(school, lesson.id, "publisher_connected", source="browser")
    assert (await starting).body["state"] == "on_air"


@pytest.mark.parametrize("button", [*BUTTONS, "pause", "publishing", "encoder-key", "prepared/play"])
async def test_only_the_staff_has_the_buttons(school: School, button: str) -> None:
    lesson = await school.a_class()
    body = {"pause": {"minutes": None}, "publishing": {}}.get(button)
    stranger = await school.house.browser_of(await school.town.a(Role.LECTURER, at=school.town.own))
    for browser in (school.studies, stranger, school.admin, school.on_duty):
        answer = await browser.post(f"/classes/{lesson.id}/{button}", body)
        assert (answer.status, answer.code) == (403, "power.missing")
    assert await school.now(lesson.id) == lesson


async def test_a_duty_holder_cuts_whoever_lectures(school: School, media: FakeMedia) -> None:
    lesson = await school.a_class(State.ON_AIR)
    assert "cut" in (await school.on_duty.get(f"/classes/{lesson.id}")).body["may"]
    for browser in (school.studies, school.teaches):
        assert (await browser.post(f"/classes/{lesson.id}/cut", CUT)).code == "power.missing"
    for wrong in ({"basis": "art-21"}, {"basis": "because"}, {"reason": ""}, {"reason": "因" * 501}):
        assert (await school.on_duty.post(f"/classes/{lesson.id}/cut", CUT | wrong)).status == 422
    answer = await asyncio.wait_for(school.on_duty.post(f"/classes/{lesson.id}/cut", CUT), 2)
    assert (answer.body["state"], answer.body["recording"]) == ("ended", "withheld")
    assert set(media.names) == {"air_cut"}
    assert (await school.studies.post(f"/classes/{lesson.id}/viewing", {})).code == "class.withheld"


async def test_two_people_who_press_end_both_get_the_ended_class(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    one, other = await asyncio.gather(
        school.teaches.post(f"/classes/{lesson.id}/end"), school.assists.post(f"/classes/{lesson.id}/end")
    )
    assert (one.status, other.status) == (200, 200)
    assert one.body["ended_at"] == other.body["ended_at"]
    assert (await school.now(lesson.id)).version == lesson.version + 1


# --- leave to publish ---------------------------------------------------------------------------------


async def test_leave_to_publish_is_for_one_stream_one_sign_in_and_one_minute(school: School) -> None:
    lesson = await school.a_class(min_kbps=800)
    answer = await publishing(school.teaches, lesson)
    now = school.office.clock.now().timestamp()
    secret = school.office.services.media_secret
    grant = verify(secret, answer.body["grant"], "publish", str(lesson.id), now)
    assert answer.body["url"] == f"/media/whip/{lesson.id}"
    assert (grant.expires_at, answer.body["expires_at"]) == (int(now) + 60, int(now) + 60)
    assert (grant.start_kbps, grant.min_kbps, grant.max_kbps) == (2000, 800, 3000)
    own = (await school.teaches.get("/me/devices")).body["items"]
    assert grant.session == own[0]["id"]
    again = verify(secret, (await publishing(school.teaches, lesson)).body["grant"], "publish", str(lesson.id), now)
    assert again.id != grant.id


async def test_another_studio_takes_over_only_by_choice(school: School) -> None:
    lesson = await school.a_class()
    page, other = str(uuid4()), str(uuid4())
    assert (await publishing(school.teaches, lesson, studio=page, device="办公电脑")).status == 200
    await says(school, lesson.id, "publisher_connected", source="browser")
    refused = await publishing(school.assists, lesson, studio=other)
    assert (refused.status, refused.code) == (409, "class.publisher_elsewhere")
    assert refused.body["data"] == {"device": "办公电脑", "since": "2026-09-15T01:00:00Z"}
    assert (await publishing(school.teaches, lesson)).code == "class.publisher_elsewhere"
    assert (await publishing(school.teaches, lesson, studio=page)).status == 200
    assert (await publishing(school.assists, lesson, studio=other, take_over=True)).status == 200
    await says(school, lesson.id, "publisher_connected", "run-2", source="browser")
    assert (await publishing(school.teaches, lesson, studio=page)).code == "class.publisher_elsewhere"
    await says(school, lesson.id, "publisher_lost", "run-2", reason="closed")
    assert (await publishing(school.teaches, lesson, studio=page)).status == 200


async def test_nobody_publishes_a_class_that_is_not_open_or_is_over(school: School) -> None:
    for state in (State.SCHEDULED, State.ENDED, State.CANCELLED):
        lesson = await school.a_class(state)
        assert (await publishing(school.teaches, lesson)).code == "class.wrong_state"
    begun = await school.a_class(State.ON_AIR)
    assert (await publishing(school.teaches, begun, rehearsal=True)).code == "class.wrong_state"
    assert (await publishing(school.teaches, begun, source="encoder")).body["field"] == "source"


async def test_media_hangs_up_on_who_is_no_longer_of_the_staff(school: School, media: FakeMedia) -> None:
    lesson = await school.a_class()
    await publishing(school.assists, lesson)
    await says(school, lesson.id, "publisher_connected", source="browser")
    named = {"lecturers": [str(school.lecturer.id)], "assistants": []}
    answer = await school.admin.ask("PUT", f"/classes/{lesson.id}/staff", named)
    assert (answer.status, answer.body["staff"]) == (200, [])
    await school.office.outbox.drain()
    assert set(media.names) == {"drop_publisher"}
    assert (await publishing(school.assists, lesson)).code == "power.missing"


@pytest.mark.parametrize(
    ("field", "people", "code"),
    [
        ("lecturers", [], "class.no_lecturer"),
        ("lecturers", [str(uuid4())], "class.not_a_lecturer"),
        ("assistants", [str(uuid4())], "person.unknown"),
        ("assistants", ["nobody"], "field.invalid"),
    ],
)
async def test_wrong_staff_is_refused(school: School, field: str, people: list[str], code: str) -> None:
    lesson = await school.a_class()
    body = {"lecturers": [str(school.lecturer.id)], "assistants": [str(school.assistant.id)]}
    answer = await school.admin.ask("PUT", f"/classes/{lesson.id}/staff", body | {field: people})
    assert (answer.status, answer.code) == (422, code)
    assert (await school.now(lesson.id)).staff == lesson.staff


async def test_a_sign_in_that_is_over_publishes_and_watches_no_more(school: School, media: FakeMedia) -> None:
    own = (await school.teaches.get("/me/devices")).body["items"][0]["id"]
    await school.teaches.delete("/session")
    await school.office.outbox.drain()
    assert {(order.name, getattr(order, "session", "")) for order in media.taken} == {("revoke_session", own)}


# --- encoder keys and the door for media -----------------------------------------------------------------


async def asks(school: School, stream: str, key: str, *, secret: bytes | None = None) -> Answer:
    """Media asks whether a key holds."""
    body = json.dumps({"stream": stream, "key_sha256": hashlib.sha256(key.encode()).hexdigest()}).encode()
    at = school.office.clock.now().timestamp()
    token = sign_body(secret or school.office.services.media_secret, KEY_AUDIENCE, body, uuid4().hex, at)
    return await post_raw(school, KEY_PATH, body, f"Bearer {token}")


async def post_raw(school: School, path: str, body: bytes, bearer: str) -> Answer:
    """A request as media makes it; `Answer` reads what came back."""
    headers = {"Authorization": bearer, "Content-Type": "application/json"}
    async with school.house.browser().client.post(path, data=body, headers=headers) as answer:
        raw = await answer.read()
        said = json.loads(raw) if raw else None
        return Answer(answer.status, said, raw, dict(answer.headers))


async def test_an_encoder_publishes_by_its_key_until_it_is_revoked(school: School, media: FakeMedia) -> None:
    lesson, other = await school.a_class(), await school.a_class()
    made = await school.assists.post(f"/classes/{lesson.id}/encoder-key")
    key = made.body["key"]
    assert (made.status, key[:7], len(key)) == (201, "jt_enc_", 50)
    assert made.body["url"].endswith(f"/media/whip/{lesson.id}")
    stream = stream_of(lesson.id)
    good = await asks(school, stream, key)
    assert good.body["valid"] is True
    assert (await asks(school, stream_of(lesson.id, rehearsal=True), key)).body["valid"] is True
    for name, wrong in ((stream, key + "x"), (stream_of(other.id), key), ("nothing", key)):
        assert (await asks(school, name, wrong)).body == {"valid": False, "key": None}
    assert (await school.teaches.delete(f"/classes/{lesson.id}/encoder-key")).status == 204
    assert (await asks(school, stream, key)).body["valid"] is False
    await school.office.outbox.drain()
    assert {(order.name, getattr(order, "session", "")) for order in media.taken} == {
        ("revoke_session", good.body["key"])
    }


async def test_a_new_key_takes_the_place_of_the_one_before(school: School, media: FakeMedia) -> None:
    lesson = await school.a_class()
    keys = [(await school.teaches.post(f"/classes/{lesson.id}/encoder-key")).body["key"] for _ in range(2)]
    assert [(await asks(school, stream_of(lesson.id), key)).body["valid"] for key in keys] == [False, True]
    async with school.office.read() as tx:
        kept = await publish_store.key_of(tx, lesson.id)
    assert kept is not None
    assert kept.key_sha256 == hashlib.sha256(keys[1].encode()).digest()


async def test_a_key_is_of_no_use_once_the_class_is_over(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    key = (await school.teaches.post(f"/classes/{lesson.id}/encoder-key")).body["key"]
    await school.teaches.post(f"/classes/{lesson.id}/end")
    assert (await asks(school, stream_of(lesson.id), key)).body["valid"] is False
    assert (await school.teaches.post(f"/classes/{lesson.id}/encoder-key")).code == "class.wrong_state"


async def test_the_doors_for_media_open_only_to_its_signature(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    event = news(lesson, "disk_full", school.office.clock.now())
    body, at = pack(event), school.office.clock.now().timestamp()
    good = authorization(school.office.services.media_secret, event, body, at)
    for bearer in ("", "Bearer x", authorization(b"x" * 32, event, body, at)):
        answer = await post_raw(school, PATH, body, bearer)
        assert (answer.status, answer.code.split(".")[0]) == (401, "signature")
    assert (await post_raw(school, PATH, body + b" ", good)).status == 401
    assert (await asks(school, stream_of(lesson.id), "k", secret=b"x" * 32)).status == 401
    assert (await post_raw(school, PATH, body, good)).status == 204
    old = authorization(school.office.services.media_secret, event, body, at - 60)
    assert (await post_raw(school, PATH, body, old)).code == "signature.expired"


async def test_news_that_is_none_is_refused_for_good(school: School) -> None:
    secret, at = school.office.services.media_secret, school.office.clock.now().timestamp()

    async def posts(body: bytes, event: Event) -> Answer:
        return await post_raw(school, PATH, body, authorization(secret, event, body, at))

    nobody = Event(uuid4().hex, str(uuid4()), "r", "on_air", 1)
    assert (await posts(b"{}", nobody)).status == 400
    assert (await posts(pack(nobody), nobody)).status == 404
    assert (await posts(b" " * 70_000, nobody)).status == 413
