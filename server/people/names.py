"""Names and short words of the roster: rare characters and `·` are welcome, invisible and turning ones are not."""

import unicodedata

from server.rules.refusal import Refusal

LONGEST_NAME = 30
"""Graphemes of a name: characters that are not combining marks."""

MARKS = 3
"""Combining marks that a name may carry."""

_REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters by category that show nothing."""


def name(text: str, field: str = "name") -> str:
    """A person's name, tidied; refuses `name.malformed` with `why` (length, invisible, marks)."""
    tidy = _visible(text, field)
    marks = sum(unicodedata.category(char).startswith("M") for char in tidy)
    if marks > MARKS:
        raise _malformed(field, "marks")
    if not tidy or len(tidy) - marks > LONGEST_NAME or len(tidy.encode()) > 4 * LONGEST_NAME:
        raise _malformed(field, "length")
    return tidy


def words(text: str, field: str, longest: int = 60) -> str:
    """A post, rank or other short text, tidied; may be empty; refuses `name.malformed` as a name does."""
    tidy = _visible(text, field)
    if len(tidy) > longest:
        raise _malformed(field, "length")
    return tidy


def _visible(text: str, field: str) -> str:
    tidy = unicodedata.normalize("NFC", text).strip()
    if any(_hides(char) for char in tidy):
        raise _malformed(field, "invisible")
    return tidy


def _hides(char: str) -> bool:
    # Python's Unicode tables are older than the newest ideographs of planes 2 and 3.
    if 0x20000 <= ord(char) <= 0x3FFFD:
        return False
    return char in _BLANK or unicodedata.category(char) in _REFUSED


def _malformed(field: str, why: str) -> Refusal:
    return Refusal("name.malformed", status=422, field=field, why=why)
