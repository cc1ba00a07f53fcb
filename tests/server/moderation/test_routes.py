"""Endpoints of moderation: what a browser may send."""

from typing import Any
from uuid import uuid4

import pytest

from server.base.office import Office
from server.moderation.routes import NOUNS as MODERATION
from server.people.routes import NOUNS
from server.rules.powers import Role
from tests.people import a_province
from tests.visits import a_house


@pytest.mark.parametrize(("until", "status"), [("2026-09-20T09:00:00", 422), ("2026-09-20T09:00:00+08:00", 201)])
async def test_the_end_of_a_pause_is_an_instant_with_its_zone(office: Office, until: str, status: int) -> None:
    town = await a_province(office)
    person = await town.a_learner()
    body: dict[str, Any] = {"kind": "pause", "until": until, "basis": "art-12", "reason": "多次刷屏"}
    body["draft"] = str(uuid4())
    async with a_house(office, (*NOUNS, *MODERATION)) as house:
        academy = await house.browser_of(await town.a(Role.ACADEMY_ADMIN, at=town.root))
        answer = await academy.post(f"/people/{person.id}/sanctions", body)
    assert (answer.status, answer.body.get("field")) == (status, "until" if status == 422 else None)
