"""`python -m server account`: from an empty academy to one that somebody can run."""

import argparse
from typing import Any

import pytest

from server.base.office import Office
from server.people import accounts, sign_in
from server.people.limit import Limiter
from server.people.sign_in import Knock
from server.rules.refusal import Refusal
from tests.people import an_identity_number


def _given(action: str, **more: Any) -> argparse.Namespace:
    nothing = dict.fromkeys(("name", "identity_number", "unit", "role", "reason"))
    return argparse.Namespace(action=action, staff_number="A1", **(nothing | more))


async def _first(office: Office) -> dict[str, Any]:
    given = _given("create", name="吴建国", identity_number=an_identity_number(1), unit="安徽省", role="academy_admin")
    return await accounts.command(office, given)


async def test_the_first_account_of_an_empty_academy_makes_its_unit(office: Office) -> None:
    made = await _first(office)
    knock = Knock("a1", made["password"], "127.0.0.1")
    _, found = await sign_in.sign_in(office, Limiter(office.clock), knock)
    assert str(found.account) == made["id"]


async def test_a_second_top_is_not_made_by_a_slip_of_the_pen(office: Office) -> None:
    await _first(office)
    slip = _given("create", name="王芳", identity_number=an_identity_number(2), unit="安微省")
    with pytest.raises(Refusal, match=r"unit\.unknown"):
        await accounts.command(office, slip)


async def test_reset_role_and_stop_work_by_staff_number(office: Office) -> None:
    await _first(office)
    assert (await accounts.command(office, _given("role", role="auditor")))["role"] == "auditor"
    again = await accounts.command(office, _given("reset"))
    knock = Knock("A1", again["password"], "127.0.0.1")
    await sign_in.sign_in(office, Limiter(office.clock), knock)
    assert (await accounts.command(office, _given("stop", reason="retired")))["state"] == "stopped"
    with pytest.raises(Refusal, match=r"sign_in\.left"):
        await sign_in.sign_in(office, Limiter(office.clock), knock)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (_given("create", name="王芳"), "identity_number"),
        (_given("stop", reason="bored"), "reason"),
        (_given("role", role="king"), "role"),
    ],
)
async def test_what_is_missing_or_wrong_is_named(office: Office, given: argparse.Namespace, field: str) -> None:
    await _first(office)
    with pytest.raises(Refusal) as refused:
        await accounts.command(office, given)
    assert refused.value.field == field
