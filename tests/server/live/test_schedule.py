"""Planning: whoever may, for whom, when; a refusal names the field at fault."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from server.base.faults import FailpointError
from server.base.work import SYSTEM
from server.live import schedule
from server.live.schedule import plan_of
from server.rules.live import State
from server.rules.powers import Role
from tests.clock import TestClock
from tests.server.live.school import School


async def test_a_planned_class_is_seen_by_its_learners(school: School) -> None:
    answer = await school.admin.post("/classes", school.plan(topic=" 基层治理 "))
    assert answer.status == 201, answer.body
    lesson = answer.body
    assert (lesson["state"], lesson["nominal_hours"], lesson["recording"]) == ("scheduled", "2.0", "none")
    assert (lesson["min_share"], lesson["full_share"]) == ("0.8", "0.98")
    assert lesson["lecturer"] == {"id": str(school.lecturer.id), "name": "李明", "title": school.lecturer.post}
    assert (lesson["topic"], lesson["version"], lesson["air_ms"]) == ("基层治理", 1, 0)
    assert {"edit", "cancel", "staff"} <= set(lesson["may"])
    listed = await school.studies.get("/classes")
    [seen] = listed.body["items"]
    assert seen["id"] == lesson["id"]
    assert seen["may"] == []


NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "", "field.invalid"),
        ("title", "  ", "class.no_title"),
        ("title", "乡村\u202e治理", "name.malformed"),
        ("lecturer", NOBODY, "class.not_a_lecturer"),
        ("family", "cooking", "field.invalid"),
        ("topic", "基" * 61, "field.invalid"),
        ("starts_at", "2026-09-16T01:00:00", "field.invalid"),
        ("starts_at", "2026-09-14T01:00:00Z", "class.in_past"),
        ("starts_at", "2026-12-10T01:00:00Z", "class.outside_year"),
        ("starts_at", "2026-11-24T01:00:00Z", "class.no_time_to_repair"),
        ("planned_minutes", 9, "field.invalid"),
        ("planned_minutes", 481, "field.invalid"),
        ("planned_minutes", "90", None),
        ("audience_unit", NOBODY, "unit.unknown"),
        ("mode", "never", "field.invalid"),
        ("min_kbps", 9000, "field.invalid"),
        ("state", "on_air", "field.unknown"),
    ],
)
async def test_a_wrong_field_is_named(school: School, field: str, value: Any, code: str | None) -> None:
    answer = await school.admin.post("/classes", school.plan(**{field: value}))
    if code is None:
        assert answer.status == 201
        return
    assert (answer.status in {409, 422}, answer.code, answer.body["field"]) == (True, code, field)


@pytest.mark.parametrize(
    ("starts_at", "fits"),
    [("2026-11-23T14:29:00Z", True), ("2026-11-23T14:31:00Z", False), ("2027-01-01T00:00:00Z", True)],
)
async def test_a_class_ends_a_week_before_the_make_up_period_does(school: School, starts_at: str, fits: bool) -> None:
    answer = await school.admin.post("/classes", school.plan(starts_at=starts_at))
    assert (answer.status == 201) is fits, answer.body
    if not fits:
        assert (answer.body["basis"], answer.body["data"]) == ("policy-live_repair_days", {"until": "2026-11-23"})


async def test_a_sub_centre_plans_for_its_own_subtree_only(school: School) -> None:
    town = school.town
    centre = await school.house.browser_of(await town.a(Role.SUB_CENTRE_ADMIN, over=town.own))
    own = await centre.post("/classes", school.plan(audience_unit=str(town.below.id)))
    assert own.status == 201
    assert own.body["audience_unit"] == {"id": str(town.below.id), "name": "肥东县"}
    other = await centre.post("/classes", school.plan(audience_unit=str(town.sibling.id)))
    nowhere = await centre.post("/classes", school.plan(audience_unit=str(uuid4())))
    assert other.raw == nowhere.raw
    assert (other.status, other.code) == (422, "unit.unknown")
    everybody = await centre.post("/classes", school.plan())
    assert (everybody.status, everybody.code) == (403, "power.missing")
    assert (await school.studies.post("/classes", school.plan())).code == "power.missing"


async def test_a_class_for_others_does_not_exist_for_who_is_not_meant(school: School) -> None:
    lesson = await school.a_class(unit_path=school.town.sibling.path, audience_path=school.town.sibling.path)
    gone = await school.studies.get(f"/classes/{uuid4()}")
    for path in ("", "/room", "/posts"):
        answer = await school.studies.get(f"/classes/{lesson.id}{path}")
        assert (answer.status, answer.raw) == (404, gone.raw)
    assert (await school.studies.get("/classes")).body["items"] == []
    there = await school.house.browser_of(await school.town.a_learner(at=school.town.other))
    assert (await there.get(f"/classes/{lesson.id}")).status == 200


async def test_a_lecturer_whose_role_ends_before_the_class_cannot_be_named(school: School, clock: TestClock) -> None:
    for hours, fits in ((25, False), (26, True)):
        invited = await school.town.a(Role.LECTURER, until=clock.now() + timedelta(hours=hours), at=school.town.own)
        answer = await school.admin.post("/classes", school.plan(lecturer=str(invited.id)))
        assert (answer.status == 201) is fits, answer.body


async def test_two_who_edit_the_same_version_do_not_overwrite_each_other(school: School) -> None:
    made = (await school.admin.post("/classes", school.plan())).body
    first = await school.admin.patch(f"/classes/{made['id']}", {"version": 1, "title": "数字政府", "topic": None})
    assert (first.status, first.body["title"], first.body["version"]) == (200, "数字政府", 2)
    second = await school.admin.patch(f"/classes/{made['id']}", {"version": 1, "title": "别的"})
    assert (second.status, second.code) == (412, "class.changed")
    empty = await school.admin.patch(f"/classes/{made['id']}", {"version": 2, "starts_at": None})
    assert (empty.status, empty.body["field"]) == (422, "starts_at")


async def test_another_audience_moves_the_class_to_the_unit_that_holds_it(school: School) -> None:
    made = (await school.admin.post("/classes", school.plan())).body
    sibling = school.town.sibling
    moved = await school.admin.patch(f"/classes/{made['id']}", {"version": 1, "audience_unit": str(sibling.id)})
    assert moved.body["audience_unit"]["name"] == "芜湖市"
    found = await school.now(made["id"])
    assert (found.unit_path, found.audience_path) == (sibling.path, sibling.path)
    assert (await school.studies.get(f"/classes/{made['id']}")).status == 404


async def test_another_lecturer_takes_the_place_of_the_one_before(school: School) -> None:
    made = (await school.admin.post("/classes", school.plan())).body
    other = await school.town.a(Role.LECTURER, at=school.town.own, name="赵磊")
    changed = await school.admin.patch(f"/classes/{made['id']}", {"version": 1, "lecturer": str(other.id)})
    assert changed.body["lecturer"]["name"] == "赵磊"
    assert (await school.now(made["id"])).lecturers == (other.id,)


async def test_a_class_that_has_begun_is_neither_edited_nor_cancelled(school: School) -> None:
    lesson = await school.a_class(State.ON_AIR)
    edited = await school.admin.patch(f"/classes/{lesson.id}", {"version": 1, "title": "别的"})
    cancelled = await school.admin.post(f"/classes/{lesson.id}/cancel")
    assert [each.code for each in (edited, cancelled)] == ["class.wrong_state"] * 2
    assert await school.now(lesson.id) == lesson


async def test_a_class_is_cancelled_once(school: School) -> None:
    lesson = await school.a_class(State.SCHEDULED)
    answers = [await school.admin.post(f"/classes/{lesson.id}/cancel") for _ in range(2)]
    assert [(each.status, each.body["state"], each.body["version"]) for each in answers] == [(200, "cancelled", 2)] * 2


async def test_the_list_is_bounded_in_time(school: School) -> None:
    made = (await school.admin.post("/classes", school.plan())).body
    begin = datetime.fromisoformat(made["starts_at"])

    async def between(start: datetime, end: datetime, **other: str) -> Any:
        params = {"from": start.isoformat(), "until": end.isoformat(), **other}
        return await school.admin.get("/classes", params=params)

    assert len((await between(begin, begin + timedelta(seconds=1))).body["items"]) == 1
    assert (await between(begin - timedelta(days=1), begin)).body["items"] == []
    assert (await between(begin, begin + timedelta(days=101))).body["field"] == "until"
    assert (await between(begin, begin)).status == 422
    assert (await between(begin, begin + timedelta(days=1), mine="true")).body["items"] == []


async def test_a_plan_that_fails_half_way_leaves_nothing(school: School) -> None:
    lesson = await school.a_class(State.SCHEDULED)
    wanted = plan_of(lesson)
    school.office.failpoints.plan("plan.after_class=raise@1")
    with pytest.raises(FailpointError):
        await school.office.do(SYSTEM, schedule.plan, wanted)
    school.office.failpoints.plan("")
    begin = lesson.starts_at.astimezone(UTC)
    params = {"from": (begin - timedelta(days=1)).isoformat(), "until": (begin + timedelta(days=1)).isoformat()}
    assert [each["id"] for each in (await school.admin.get("/classes", params=params)).body["items"]] == [
        str(lesson.id)
    ]
