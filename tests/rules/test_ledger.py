"""Rows, their canonical leaf, the chain, and the commitments that let names be erased."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as some

from server.rules.ledger import GENESIS, Row, append, commitment, leaf, totals, verify
from tests.rules.given_ledger import facts


def chain(length: int = 4) -> list[Row]:
    rows: list[Row] = []
    for number in range(length):
        rows.append(append(facts("credit", f"{number + 1}.0"), rows[-1] if rows else None))
    return rows


def test_the_leaf_is_canonical_json_with_its_versions_and_without_names() -> None:
    text = leaf(facts("credit", "2.0"), 1, GENESIS)
    said = json.loads(text)
    assert rfc8785.dumps(said) == text
    assert said == {
        "v": 1,
        "rules_version": 1,
        "policy_version": "2019-11-09",
        "chain_seq": 1,
        "previous": "0" * 64,
        "kind": "credit",
        "learner": "00000000-0000-0000-0000-000000000007",
        "year": 2026,
        "hours": "2.00",
        "nature": "elective",
        "makeup": False,
        "activity": {"kind": "class", "id": "00000000-0000-0000-0000-000000000009"},
        "evidence": "assessment:00000000-0000-0000-0000-000000000001",
        "actor": None,
        "reason": "assessment",
        "at": "2026-09-16T10:34:00.000000Z",
    }


def test_the_same_hours_written_in_two_ways_are_the_same_leaf() -> None:
    assert leaf(facts("credit", "2"), 1, GENESIS) == leaf(facts("credit", "2.00"), 1, GENESIS)


def test_a_chain_left_alone_has_no_fault() -> None:
    assert verify(chain()) == ()


def test_a_chain_whose_tail_was_cut_still_verifies_so_that_a_head_kept_elsewhere_is_needed() -> None:
    assert verify(chain()[:-1]) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"hours": Decimal("2.1")},
        {"year": 2025},
        {"makeup": True},
        {"evidence": "assessment:other"},
        {"policy_version": "2027-01-01"},
        {"rules_version": 2},
        {"reason": "other"},
    ],
    ids=str,
)
def test_a_changed_row_is_found(change: dict[str, Any]) -> None:
    rows = chain()
    rows[1] = replace(rows[1], facts=replace(rows[1].facts, **change))
    assert [(each.chain_seq, each.fault) for each in verify(rows)] == [(2, "hash")]


def test_a_changed_row_with_a_new_hash_is_found_at_the_next_one() -> None:
    rows = chain()
    rows[1] = append(replace(rows[1].facts, hours=Decimal("9.0")), rows[0])
    assert [(each.chain_seq, each.fault) for each in verify(rows)] == [(3, "previous")]


def test_a_row_taken_out_is_found() -> None:
    rows = chain()
    del rows[1]
    assert [(each.chain_seq, each.fault) for each in verify(rows)] == [(3, "sequence"), (3, "previous")]


def test_rows_in_another_order_are_found() -> None:
    rows = chain()
    rows[1], rows[2] = rows[2], rows[1]
    assert verify(rows)


@given(some.permutations(range(5)), some.sets(some.integers(0, 4)))
def test_whatever_is_moved_or_taken_from_the_middle_is_found(order: list[int], gone: set[int]) -> None:
    rows = chain(5)
    left = [rows[each] for each in order if each not in gone]
    untouched = left == rows[: len(left)]
    assert (verify(left) == ()) is untouched


def test_a_total_is_the_sum_of_its_rows() -> None:
    held = totals([facts("credit", "2.0"), facts("credit", "0.1"), facts("revocation", "-2.0", decided=True)])
    assert (held.elective, held.required, held.total) == (Decimal("0.1"), Decimal(0), Decimal("0.1"))


def test_a_commitment_says_nothing_without_its_salt() -> None:
    assert commitment(b"a" * 16, "王芳") == commitment(b"a" * 16, "王芳")
    assert commitment(b"a" * 16, "王芳") != commitment(b"b" * 16, "王芳")
