"""The policy documents: whole, typed, sourced, and in force from their day."""

from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from server.rules.policy import MonthDay, Policies, Policy, read
from server.rules.refusal import Article, Clause

SHIPPED = Policies.shipped()
TEXT = Path("server/rules/data/policy-2019-11-09.toml").read_text("utf-8")
LATER = '[policy]\nversion = "2027-01-01"\neffective = 2027-01-01\n[december]\nvalue = "next_year"\n'


def test_every_field_names_its_source() -> None:
    document = SHIPPED.documents[0]
    assert set(document.sources) == {each.name for each in fields(Policy)} - {"version", "effective"}
    assert document.sources["min_total_hours"].basis == Article(10)
    assert document.sources["live_min_ratio"].basis == Clause("live_min_ratio")
    assert all(each.set_by in {"regulation", "platform"} for each in document.sources.values())


def test_what_the_regulation_sets_cites_an_article() -> None:
    for each in SHIPPED.documents[0].sources.values():
        assert each.set_by == "platform" or each.article is not None


def test_fractions_are_decimals_and_read_exactly() -> None:
    policy = SHIPPED.documents[0].policy
    assert policy.hour_quantum == Decimal("0.1")
    assert all(isinstance(getattr(policy, name), Decimal) for name in ("live_min_ratio", "min_total_hours"))


def test_a_later_document_names_only_what_it_changes_and_holds_from_its_day_in_the_zone() -> None:
    policies = SHIPPED.changed_by([LATER])
    before = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    after = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert policies.in_force(before).december == "none"
    assert policies.in_force(after).december == "next_year"
    assert policies.in_force(after).min_total_hours == 50


def test_before_the_first_document_the_first_holds() -> None:
    assert SHIPPED.in_force(datetime(2000, 1, 1, tzinfo=UTC)).version == "2019-11-09"


def test_a_version_is_found_again() -> None:
    assert SHIPPED.version("2019-11-09").version == "2019-11-09"
    with pytest.raises(KeyError):
        SHIPPED.version("1999-01-01")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[review_days]", "[review_day]"),
        ('value = "01-01"', 'value = "02-29"'),
        ("value = 15\n", 'value = "15"\n'),
        ("value = true", "value = 1"),
        ("clause = 2\n", "clause = 2\narticle = 10\n"),
        ("value = 0.8\n", "value = true\n"),
    ],
    ids=[
        "a strange field",
        "no day of every year",
        "text for a number",
        "number for yes",
        "two sources",
        "yes for a share",
    ],
)
def test_a_document_that_is_not_whole_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"policy field|month|day"):
        read(TEXT.replace(old, new, 1))


def test_a_later_document_with_a_strange_field_is_refused() -> None:
    with pytest.raises(ValueError, match="strange"):
        SHIPPED.changed_by(['[policy]\nversion = "x"\neffective = 2027-01-01\n[weekly_hours]\nvalue = 1\n'])


@pytest.mark.parametrize(
    "change",
    [
        "[working_days]\nvalue = []", "[working_days]\nvalue = [8]", "[working_hours]\nvalue = ['18:00', '08:30']",
        "[working_hours]\nvalue = ['09:00', '09:00']", "[working_hours]\nvalue = ['9', '25:00']",
    ],
)  # fmt: skip
def test_working_time_that_never_comes_is_refused_before_anybody_waits_for_it(change: str) -> None:
    head = '[policy]\nversion = "2027-01-01"\neffective = 2027-01-01\n'
    with pytest.raises(ValueError, match=r"working|isoformat"):
        SHIPPED.changed_by([head + change])


def test_the_longest_silence_without_a_gap_is_thirty_seconds() -> None:
    assert SHIPPED.documents[0].policy.gap_s == 30


def test_days_of_every_year_are_read_and_written_alike() -> None:
    assert str(MonthDay.parse("11-30")) == "11-30"
    assert MonthDay.parse("11-30").of(2026).isoformat() == "2026-11-30"
