"""What is taken as JSON and what is not, however it is written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.base.json_in import MAX_DEPTH, MAX_NUMBER, BadJson, loads

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_NUMBER, MAX_NUMBER)
    | st.floats(-MAX_NUMBER, MAX_NUMBER)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES, st.booleans(), st.booleans())
def test_a_value_is_read_as_it_was_written(value: Any, escaped: bool, spread: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped, indent=1 if spread else None)
    assert loads(text) == value
    assert loads(text.encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        "[NaN]",
        "[Infinity]",
        "[1e400]",
        "[-1e300]",
        f"[{MAX_NUMBER + 1}]",
        "[99999999999999999999]",
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        '{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH,
        "[" * 100_000,
        r'"\u0000"',
        r'{"\u0007":1}',
        r'"\b"',
        '"\x01"',
        '"\ud800"',
        r'"\ud800"',
        r'["好\udc00"]',
        '{"a":}',
        "",
        "\ufeff1",
    ],
)
def test_what_is_unclear_or_hostile_is_refused(text: str) -> None:
    with pytest.raises(BadJson):
        loads(text)


@pytest.mark.parametrize("raw", [b'"\xff"', b'"\xed\xa0\x80"', b"\xef\xbb\xbf1", '"好"'.encode("utf-16")])
def test_bytes_that_are_not_utf_8_are_refused(raw: bytes) -> None:
    with pytest.raises(BadJson):
        loads(raw)


@pytest.mark.parametrize(
    "text", ["[" * 31 + "]" * 31, '"\\n\\r\\t"', '{"text": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}']
)
def test_what_only_looks_odd_is_taken(text: str) -> None:
    assert loads(text) == json.loads(text)
