"""Strict reading of JSON (RFC 8259 §4, §9): what is unclear or hostile is refused, never repaired."""

import json
from typing import Any

MAX_DEPTH = 32
MAX_NUMBER = 2**53


class BadJson(ValueError):
    """Why a text is not taken as JSON."""


def loads(text: str | bytes) -> Any:
    """The value of `text`; refuses duplicate names, NaN, huge numbers, deep nesting, lone surrogates, C0 controls."""
    try:
        text = text if isinstance(text, str) else text.decode()
        value = _DECODER.decode(text)
    except BadJson:
        raise
    except (ValueError, RecursionError) as error:
        raise BadJson("not JSON") from error
    if not _harmless(text):
        _walk(value, MAX_DEPTH)
    return value


def _harmless(text: str) -> bool:
    """Whether its value need not be walked through: too few brackets to be deep, nothing escaped, all printable."""
    return text.count("{") + text.count("[") < MAX_DEPTH and "\\" not in text and text.isprintable()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise BadJson("a name stands twice")
    return value


def _constant(name: str) -> Any:
    raise BadJson(f"{name} is not a number")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(value := int(digits)) > MAX_NUMBER:
        raise BadJson("a number is too large")
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if not abs(value) <= MAX_NUMBER:
        raise BadJson("a number is too large")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer, parse_float=_number)


def _walk(value: Any, left: int) -> None:
    if left == 0:
        raise BadJson("too deep")
    if isinstance(value, str):
        _text(value)
    elif isinstance(value, dict):
        for name, item in value.items():
            _text(name)
            _walk(item, left - 1)
    elif isinstance(value, list):
        for item in value:
            _walk(item, left - 1)


def _text(text: str) -> None:
    if text.isprintable():
        return
    for char in text:
        code = ord(char)
        if code < 0x20 and char not in "\n\r\t":
            raise BadJson("a control character")
        if 0xD800 <= code <= 0xDFFF:
            raise BadJson("half a character")
