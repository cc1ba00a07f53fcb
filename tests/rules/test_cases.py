"""The cases of the law: each is a table in `cases/*.toml`, answered by the `given_<kind>` that it names."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from server.rules.policy import Policies, Policy
from server.rules.refusal import Refusal
from server.rules.regulation import regulation

CASES = Path(__file__).parent / "cases"

NOT_ENFORCED = {
    1: "purpose",
    2: "guiding thought",
    3: "principles",
    4: "the platform as such",
    7: "forms of teaching; nothing is computed from it yet",
    14: "tasks of the department",
    15: "tasks of the academy",
    19: "who interprets",
}
"""Articles of which no function of the rules can be right or wrong, with the reason."""


@dataclass(frozen=True)
class Case:
    """One case: what is given, and what the rules must answer."""

    file: str
    name: str
    kind: str
    article: int | None
    given: Mapping[str, Any]
    expect: Mapping[str, Any]


def cases() -> list[Case]:
    return [case for path in sorted(CASES.glob("*.toml")) for case in cases_of(path)]


def cases_of(path: Path) -> Iterator[Case]:
    for each in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["case"]:
        yield Case(path.stem, each["name"], each["kind"], each.get("article"), each["given"], each["expect"])


def answer(case: Case, policy: Policy) -> Mapping[str, Any]:
    """What the rules say to a case; a refusal is an answer too."""
    try:
        said: Mapping[str, Any] = import_module(f"tests.rules.given_{case.kind}").answer(case.given, policy)
    except Refusal as refusal:
        return {"refusal": refusal.code, "basis": str(refusal.basis), **refusal.data}
    return said


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file}: {case.name}")
def test_the_rules_answer_the_case_as_the_law_says(case: Case) -> None:
    said = answer(case, Policies.shipped().documents[0].policy)
    assert {key: said.get(key) for key in case.expect} == dict(case.expect)


def test_every_enforceable_article_has_a_case() -> None:
    written = {each.number for each in regulation().articles}
    covered = {case.article for case in cases() if case.article}
    assert written - set(NOT_ENFORCED) - covered == set()
    assert covered & set(NOT_ENFORCED) == set()


def test_every_kind_of_case_is_used() -> None:
    kinds = {path.stem.removeprefix("given_") for path in Path(__file__).parent.glob("given_*.py")}
    assert kinds == {case.kind for case in cases()}
