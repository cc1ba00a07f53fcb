"""Identity numbers and names, as GB 11643 and the regulation's real names need them."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as some

from server.people import identity, names
from server.rules.refusal import Refusal
from tests.people import an_identity_number

KEY = bytes(range(32))


def test_the_example_of_the_standard_is_valid() -> None:
    assert identity.valid("11010519491231002X")
    assert identity.valid("440524188001010014")


@given(some.integers(0, 10_000), some.integers(0, 17), some.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(number: int, place: int, digit: str) -> None:
    right = an_identity_number(number)
    assert identity.valid(right)
    wrong = right[:place] + digit + right[place + 1 :]
    assert identity.valid(wrong) == (wrong == right)


@pytest.mark.parametrize(
    "text", ["", "110105194912310021", "11010519491331002X", "１１０１０５19491231002X", "11010519491231002x", "a" * 18]
)
def test_other_texts_are_no_identity_numbers(text: str) -> None:
    assert not identity.valid(text)


def test_a_sealed_number_comes_back_only_with_the_key_and_never_looks_the_same() -> None:
    number = an_identity_number(1)
    one, two = identity.seal(number, KEY), identity.seal(number, KEY)
    assert identity.unseal(one.cipher, KEY) == number
    assert one.cipher != two.cipher
    assert number.encode() not in one.cipher
    with pytest.raises(InvalidTag):
        identity.unseal(one.cipher, bytes(32))


def test_matching_works_without_opening_and_only_with_the_key() -> None:
    number = an_identity_number(1)
    assert identity.seal(number, KEY).hash == identity.keyed_hash(f" {number.lower()} ", KEY)
    assert identity.keyed_hash(number, KEY) != identity.keyed_hash(number, bytes(32))


def test_a_masked_number_shows_the_first_three_and_the_last_two() -> None:
    assert identity.mask("11010519491231002X") == "110*************2X"


@pytest.mark.parametrize("text", ["王芳", "买买提·艾力", "𠮷田", "\U000323b0文", "欧阳 修", "Anna-Lena", "é"])
def test_real_names_are_welcome(text: str) -> None:
    assert names.name(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("王\u202e芳", "invisible"), ("王\u200b芳", "invisible"), ("王\u3164芳", "invisible"), ("\ue000", "invisible"),
        ("王\n芳", "invisible"), ("王" + "\u0301" * 10_000, "marks"), ("", "length"), ("  ", "length"),
        ("王" * 31, "length"),
    ],
)  # fmt: skip
def test_names_that_hide_or_overflow_are_refused(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        names.name(text)
    assert (refused.value.code, refused.value.data) == ("name.malformed", {"why": why})


def test_the_longest_name_fits_the_column() -> None:
    longest = names.name("𠮷" * names.LONGEST_NAME)
    assert len(longest.encode()) == 120
