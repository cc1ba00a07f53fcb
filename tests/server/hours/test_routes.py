"""The ledger over HTTP: my hours, why, the check, questions, and what others may see."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from server.base.office import Office
from server.base.work import SYSTEM
from server.hours.credit import credit
from server.hours.home import routes as home
from server.hours.routes import routes
from server.live.store import LiveClass
from server.people.routes import NOUNS
from server.rules.powers import Role
from tests.clock import TestClock
from tests.rules.browser import Browser as Player
from tests.server.hours.academy import judged, lesson, on, studied
from tests.server.hours.conftest import Town
from tests.server.hours.test_audit import attended, away_for_20_minutes, delivering, settle
from tests.visits import House, a_house

__all__ = ["delivering"]


@pytest.fixture
async def house(delivering: Office) -> AsyncIterator[House]:
    async with a_house(delivering, (*NOUNS, routes, home)) as found:
        yield found


async def credited(office: Office, town: Town, hours: str, **changes: Any) -> LiveClass:
    of = await office.do(SYSTEM, lesson)
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, hours, **changes))
    return of


async def test_my_hours_show_sums_demand_and_rows(office: Office, town: Town, house: House) -> None:
    of = await credited(office, town, "1.9")
    mine = await house.browser_of(town.learner)
    shown = (await mine.get("/hours")).body
    assert shown | {"entries": [], "pending": [], "years": []} == {
        "person": {"id": str(town.learner.id), "name": "王芳"},
        "year": 2026,
        "years": [],
        "calendar": {"year_end": "10-31", "makeup_start": "11-01", "makeup_end": "11-30"},
        "state": "in_year",
        "complete": False,
        "outside": None,
        "exemption": None,
        "min_total": "50.0",
        "min_required": "25.0",
        "total": "1.9",
        "required": "0.0",
        "elective": "1.9",
        "days_left": 46,
        "consequence": None,
        "policy_version": "2019-11-09",
        "entries": [],
        "pending": [],
    }
    (entry,) = shown["entries"]
    assert entry["activity"] == {
        "kind": "class", "id": str(of.id), "title": "基层治理", "at": "2026-09-15T01:00:00Z",
    }  # fmt: skip
    assert (entry["seq"], entry["hours"], entry["kind"], entry["corrects"]) == (1, "1.9", "credit", None)
    assert entry["basis"] == "policy-live_min_ratio"
    (gap,) = shown["pending"]
    assert (gap["class"]["title"], gap["missing_minutes"], gap["hours_if_repaired"]) == ("基层治理", 4.5, "2.0")


async def test_in_december_the_plain_page_is_of_this_year_and_the_next_one_can_be_chosen(
    office: Office, town: Town, house: House, clock: TestClock
) -> None:
    """Where the policy lets study of December count for the next year, its rows stand there (rules §5)."""
    await credited(office, town, "2.0")
    clock.set(datetime(2026, 11, 30, 16, tzinfo=UTC))
    await credited(office, town, "1.0", year=2027)
    mine = await house.browser_of(town.learner)
    plain = (await mine.get("/hours")).body
    assert (plain["year"], plain["total"], plain["state"], plain["years"][:2]) == (2026, "2.0", "closing", [2027, 2026])
    following = (await mine.get("/hours?year=2027")).body
    assert (following["year"], following["total"], following["state"]) == (2027, "1.0", "in_year")


async def test_another_year_is_asked_by_its_number(office: Office, town: Town, house: House) -> None:
    mine = await house.browser_of(town.learner)
    assert (await mine.get("/hours?year=2021")).body["consequence"] == "not_competent"
    assert (await mine.get("/hours?year=17")).status == 422
    assert (await mine.get("/hours?yaer=2021")).status == 422


async def test_why_the_number_is_what_it_is(town: Town, house: House, clock: TestClock) -> None:
    of = await attended(house.office, town, away_for_20_minutes)
    mine = await house.browser_of(town.learner)
    assert (await mine.get(f"/classes/{of.id}/why")).body["state"] == "open"
    await settle(house.office, clock)
    shown = (await mine.get(f"/classes/{of.id}/why")).body
    assert shown["class"]["planned_minutes"] == 90
    figures = ("state", "air_minutes", "verified_minutes", "missing_minutes", "hours", "nominal_hours", "share")
    assert [shown[each] for each in figures] == ["assessed", 90, 70, 20, "0.0", "2.0", "0.7777"]
    assert (shown["min_share"], shown["full_share"], shown["minutes_per_hour"]) == ("0.8", "0.98", 45)
    assert shown["beats"]["replay"] == shown["beats"]["refused"] == 0
    assert [(each["kind"], each["reason"]) for each in shown["stretches"]] == [
        ("counted", None), ("cut", "beat.hidden"), ("counted", None),
    ]  # fmt: skip
    assert shown["missing"] == [{"from_ms": on("09:30:00"), "until_ms": on("09:50:00")}]
    assert shown["can_repair_until"] == "2026-11-30T16:00:00Z"


async def test_an_entry_opens_with_its_explanation(town: Town, house: House, clock: TestClock) -> None:
    begin = on("09:00:00")
    of = await attended(house.office, town, lambda: Player(begin, begin).watch(on("10:30:00")).end())
    await settle(house.office, clock)
    mine = await house.browser_of(town.learner)
    (entry,) = (await mine.get("/hours")).body["entries"]
    page = (await mine.get(f"/hours/entries/{entry['id']}")).body
    assert page["entry"] == entry
    assert page["why"]["entries"] == [entry]
    assert (page["why"]["class"]["id"], page["why"]["hours"]) == (str(of.id), "2.0")


async def test_anothers_entry_is_told_as_none_at_all(office: Office, town: Town, house: House) -> None:
    await credited(office, town, "2.0")
    mine, other = await house.browser_of(town.learner), await house.browser_of(town.officer)
    (entry,) = (await mine.get("/hours")).body["entries"]
    there = await other.get(f"/hours/entries/{entry['id']}")
    nowhere = await other.get(f"/hours/entries/{town.learner.id}")
    assert (there.status, there.raw) == (404, nowhere.raw)


async def test_the_managing_sub_centre_looks_and_the_learner_sees_who_looked(
    office: Office, town: Town, house: House, clock: TestClock
) -> None:
    of = await credited(office, town, "2.0")
    desk, mine = await house.browser_of(town.officer), await house.browser_of(town.learner)
    assert (await desk.get(f"/people/{town.learner.id}/hours")).body["total"] == "2.0"
    clock.pass_(1)
    assert (await desk.get(f"/people/{town.learner.id}/classes/{of.id}/why")).status == 200
    looked = (await mine.get("/me/looks")).body["items"]
    assert [(each["by"]["name"], each["what"]) for each in looked] == [("陈立", "why"), ("陈立", "hours")]


async def test_another_sub_centre_is_told_that_nobody_is_there(office: Office, town: Town, house: House) -> None:
    stranger = await town.province.a(Role.SUB_CENTRE_ADMIN, over=town.other_city)
    browser = await house.browser_of(stranger)
    there = await browser.get(f"/people/{town.learner.id}/hours")
    nowhere = await browser.get(f"/people/{stranger.pseudonym}/hours")
    assert (there.status, there.raw) == (404, nowhere.raw)


async def test_i_may_not_read_my_own_record_as_if_it_were_anothers(town: Town, house: House) -> None:
    mine = await house.browser_of(town.learner)
    assert (await mine.get(f"/people/{town.learner.id}/hours")).code == "power.missing"


async def test_the_check_of_my_record_agrees(town: Town, house: House, clock: TestClock) -> None:
    await attended(house.office, town, away_for_20_minutes)
    await settle(house.office, clock)
    mine = await house.browser_of(town.learner)
    assert (await mine.post("/hours/check")).body == {"agrees": True, "checked": 1, "differences": []}


async def test_a_question_travels_to_the_desk_and_back(office: Office, town: Town, house: House) -> None:
    of = await credited(office, town, "1.9")
    mine, desk = await house.browser_of(town.learner), await house.browser_of(town.officer)
    asked = (await mine.post("/hours/questions", {"class": str(of.id), "text": "为什么只有1.9学时？"})).body
    assert (asked["class"]["title"], asked["answer"], asked["by"]["name"]) == ("基层治理", None, "王芳")
    assert (await desk.get("/hours/questions?desk=true")).body["items"] == [asked]
    assert (await mine.get("/hours/questions?desk=true")).body["items"] == []
    path = f"/hours/questions/{asked['id']}/answer"
    assert (await mine.post(path, {"text": "x"})).code == "power.missing"
    answered = (await desk.post(path, {"text": "断线4分钟，可补看。"})).body
    assert (answered["answer"]["text"], answered["answer"]["by"]["name"]) == ("断线4分钟，可补看。", "陈立")
    assert (await desk.post(path, {"text": "再答"})).code == "question.answered"
    assert (await mine.get("/hours/questions")).body["items"] == [answered]


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "x" * 1001}, {"text": "x", "hours": "9.0"}, {"text": "x", "class": "1"}]
)
async def test_a_question_of_another_shape_is_refused(town: Town, house: House, body: dict[str, Any]) -> None:
    mine = await house.browser_of(town.learner)
    assert (await mine.post("/hours/questions", body)).status == 422


async def test_a_proposed_correction_is_decided_at_the_desk(office: Office, town: Town, house: House) -> None:
    of = await credited(office, town, "2.0")
    await office.do(SYSTEM, credit, await office.do(SYSTEM, judged, town.learner, of, "1.8"))
    mine, desk = await house.browser_of(town.learner), await house.browser_of(town.officer)
    assert (await mine.get("/hours/proposals")).code == "power.missing"
    (proposal,) = (await desk.get("/hours/proposals")).body["items"]
    assert (proposal["hours"], proposal["class"]["title"], proposal["person"]["name"]) == ("-0.2", "基层治理", "王芳")
    path = f"/hours/proposals/{proposal['id']}/decision"
    assert (await mine.post(path, {"accept": True, "reason": "x"})).code == "power.missing"
    decided = (await desk.post(path, {"accept": True, "reason": "播出时间更正"})).body
    assert (decided["state"], decided["reason"]) == ("accepted", "播出时间更正")
    correction = (await mine.get("/hours")).body["entries"][1]
    assert (correction["hours"], correction["reason"], correction["corrects"]) == ("-0.2", "播出时间更正", 1)


async def test_nobody_reads_hours_without_signing_in(house: House, town: Town) -> None:
    visitor = house.browser()
    for path in ("/hours", "/me/home", f"/people/{town.learner.id}/hours", "/hours/questions", "/hours/proposals"):
        assert (await visitor.get(path)).status == 401


async def test_a_page_that_was_never_opened_still_says_why(office: Office, town: Town, house: House) -> None:
    of = await office.do(SYSTEM, lesson)
    other = await town.province.a_learner()
    begin = on("09:00:00")
    await office.do(SYSTEM, studied, other, of, Player(begin, begin).watch(on("10:30:00")))
    mine = await house.browser_of(town.learner)
    shown = (await mine.get(f"/classes/{of.id}/why")).body
    assert (shown["hours"], shown["missing_minutes"]) == ("0.0", 90)
    assert [(each["kind"], each["reason"]) for each in shown["stretches"]] == [("open", "beat.absent")]
