"""The router: default deny, one place for powers, and errors that are problems."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from server.base.office import Office
from tests.server.base.toy import ADMIN, ELSEWHERE, LEARNER, NOWHERE, THERE, Doorkeeper, client

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Client = TestClient[Any, Any]
CSRF = {"X-CSRF-Token": "csrf"}


@pytest.fixture
def doorkeeper() -> Doorkeeper:
    return Doorkeeper()


@pytest.fixture
async def anyone(office: Office, doorkeeper: Doorkeeper) -> AsyncIterator[Client]:
    async with client(office, doorkeeper) as found:
        yield found


def _as(who: str) -> dict[str, str]:
    return {"Cookie": f"session={who}"}


async def test_a_body_of_the_right_shape_is_answered(anyone: Client) -> None:
    answer = await anyone.post("/api/v1/toys/sum", json={"a": 1, "b": 2})
    assert (answer.status, await answer.json()) == (200, {"total": 3})
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ('{"a": 1, "b": 2, "role": "admin"}', 422, "field.unknown", "role"),
        ('{"a": 1}', 422, "field.invalid", "b"),
        ('{"a": 1, "a": 2, "b": 3}', 400, "json.malformed", None),
        ('{"a": NaN, "b": 3}', 400, "json.malformed", None),
        ('{"a": 1' + "0" * 400 + ', "b": 3}', 400, "json.malformed", None),
        ("[" * 1000 + "]" * 1000, 400, "json.malformed", None),
        ('{"a": "\\ud800", "b": 3}', 400, "json.malformed", None),
        ('{"a": "\\u0000", "b": 3}', 400, "json.malformed", None),
        ("{", 400, "json.malformed", None),
        (b"\xff\xfe", 400, "json.malformed", None),
        ('{"a": 1, "b": 2' + " " * 300_000 + "}", 413, "body.too_large", None),
    ],
)
async def test_a_wrong_body_is_a_problem_that_names_the_field(
    anyone: Client, body: str | bytes, status: int, code: str, field: str | None
) -> None:
    answer = await anyone.post("/api/v1/toys/sum", data=body, headers={"Content-Type": "application/json"})
    problem = await answer.json()
    assert (answer.status, problem["code"], problem.get("field")) == (status, code, field)
    assert answer.content_type == "application/problem+json"


async def test_another_kind_of_content_is_not_taken(anyone: Client) -> None:
    answer = await anyone.post("/api/v1/toys/sum", data={"a": "1"})
    assert answer.status == 415


async def test_who_is_not_signed_in_is_asked_to(anyone: Client) -> None:
    assert (await anyone.get("/api/v1/toys?page=1")).status == 401


async def test_a_twice_given_or_unknown_parameter_is_refused(anyone: Client) -> None:
    assert (await anyone.get("/api/v1/toys?page=1&page=2", headers=_as("learner"))).status == 400
    assert (await anyone.get("/api/v1/toys?unit=1", headers=_as("learner"))).status == 422
    assert (await anyone.get("/api/v1/toys?page=7", headers=_as("learner"))).status == 200


async def test_what_exists_elsewhere_answers_byte_for_byte_as_what_does_not_exist(anyone: Client) -> None:
    elsewhere = await anyone.get(f"/api/v1/toys/{ELSEWHERE}", headers=_as("learner"))
    nowhere = await anyone.get(f"/api/v1/toys/{NOWHERE}", headers=_as("learner"))
    assert elsewhere.status == nowhere.status == 404
    assert await elsewhere.read() == await nowhere.read()
    varying = {"Date", "X-Request-ID"}
    assert {k: v for k, v in elsewhere.headers.items() if k not in varying} == {
        k: v for k, v in nowhere.headers.items() if k not in varying
    }


async def test_who_sees_a_thing_but_lacks_the_power_is_told_so(anyone: Client) -> None:
    answer = await anyone.post(f"/api/v1/toys/{THERE}/stop", headers=_as("learner") | CSRF)
    assert (answer.status, (await answer.json())["code"]) == (403, "power.missing")


async def test_a_refusal_carries_code_basis_field_and_data(anyone: Client) -> None:
    answer = await anyone.post(f"/api/v1/toys/{ELSEWHERE}/stop", headers=_as("admin") | CSRF)
    problem = await answer.json()
    assert answer.status == 409
    assert (problem["code"], problem["basis"], problem["field"]) == ("toy.stopped", "art-8", "toy_id")
    assert problem["data"] == {"until": 3}


async def test_a_look_at_anothers_record_is_logged_and_ones_own_is_not(anyone: Client, doorkeeper: Doorkeeper) -> None:
    await anyone.get(f"/api/v1/toys/{ELSEWHERE}", headers=_as("admin"))
    await anyone.get(f"/api/v1/toys/{THERE}", headers=_as("admin"))
    assert [(by, what) for by, _, what in doorkeeper.looks] == [(ADMIN, "toy"), (ADMIN, "toy")]
    assert doorkeeper.looks[1][1] == LEARNER


async def test_our_own_fault_tells_nothing_but_the_request_id(anyone: Client) -> None:
    answer = await anyone.get("/api/v1/broken")
    text = await answer.text()
    assert answer.status == 500
    assert "secret" not in text
    assert answer.headers["X-Request-Id"] in text


async def test_an_answer_out_of_shape_is_our_own_fault_not_the_callers(anyone: Client) -> None:
    assert (await anyone.get("/api/v1/misshapen")).status == 500


async def test_a_change_without_the_token_of_the_session_is_refused(anyone: Client) -> None:
    answer = await anyone.post("/api/v1/toys/sum", json={"a": 1, "b": 2}, headers=_as("learner"))
    assert (answer.status, (await answer.json())["code"]) == (403, "csrf.missing")


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_a_change_asked_by_a_foreign_page_is_refused(anyone: Client, headers: dict[str, str]) -> None:
    answer = await anyone.post("/api/v1/toys/sum", json={"a": 1, "b": 2}, headers=headers)
    assert (answer.status, (await answer.json())["code"]) == (403, "origin.foreign")


async def test_a_restricted_session_reaches_nothing_that_does_not_say_so(anyone: Client) -> None:
    answer = await anyone.get("/api/v1/toys?page=1", headers=_as("new"))
    assert (answer.status, (await answer.json())["code"]) == (403, "session.restricted")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/toys/../x", "/assets/x.js", "/.env"])
async def test_an_unknown_address_is_a_problem(anyone: Client, path: str) -> None:
    answer = await anyone.get(path)
    assert (answer.status, answer.content_type) == (404, "application/problem+json")


async def test_a_wrong_method_names_the_right_ones(anyone: Client) -> None:
    answer = await anyone.delete("/api/v1/toys/sum")
    assert answer.status in {404, 405}
    assert answer.content_type == "application/problem+json"


async def test_an_identifier_of_another_kind_is_malformed(anyone: Client) -> None:
    for text in ("7", "x" * 300, str(THERE).upper().replace("0", "O")):
        assert (await anyone.get(f"/api/v1/toys/{text}", headers=_as("admin"))).status == 400


async def test_the_document_names_every_endpoint_and_nothing_internal(anyone: Client) -> None:
    document = await (await anyone.get("/api/openapi.json")).json()
    assert set(document["paths"]) == {
        "/api/v1/toys/sum", "/api/v1/toys", "/api/v1/toys/{toy_id}", "/api/v1/toys/{toy_id}/stop", "/api/v1/broken",
        "/api/v1/misshapen",
    }  # fmt: skip
    assert (await anyone.get("/api/docs")).status == 200


async def test_it_says_when_it_is_alive_ready_and_how_it_fares(anyone: Client) -> None:
    assert (await anyone.get("/healthz")).status == 200
    assert (await anyone.get("/readyz")).status == 200
    assert "jiangtang_sockets" in await (await anyone.get("/metrics")).text()
